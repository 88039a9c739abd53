"""Expressions that only need the values beneath them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.qti.expressions.comparing import (
    contains,
    delete,
    inside,
    match,
    member,
    negated,
    pattern_match,
    string_match,
    substring,
)
from quizzes.formats.qti.expressions.numbers import (
    constant,
    function,
    least_multiple,
    power,
    product,
    statistic,
    summed,
)
from quizzes.formats.qti.expressions.operands import of_numbers, of_one_number, of_two_numbers, one
from quizzes.formats.qti.values import (
    Value,
    held,
    items_of,
)
from quizzes.formats.safe_xml import Element

STRICT: Mapping[str, Callable[[Element, Sequence[Value]], Value]] = {
    "null": lambda _element, _values: None,
    "match": match,
    "not": negated,
    "member": member,
    "contains": contains,
    "delete": delete,
    "substring": substring,
    "stringMatch": string_match,
    "patternMatch": pattern_match,
    "inside": inside,
    "containerSize": lambda element, values: Fraction(len(items_of(one(element, values)))),
    "sum": of_numbers(lambda numbers: summed(numbers)),
    "product": of_numbers(product),
    "max": of_numbers(max),
    "min": of_numbers(min),
    "gcd": of_numbers(lambda numbers: Fraction(math.gcd(*map(int, numbers)))),
    "lcm": of_numbers(least_multiple),
    "subtract": of_two_numbers(lambda first, second: held(first - second)),
    "divide": of_two_numbers(lambda first, second: held(first / second) if second else None),
    "power": of_two_numbers(power),
    "integerDivide": of_two_numbers(lambda first, second: Fraction(first // second) if second else None),
    "integerModulus": of_two_numbers(lambda first, second: first % second if second else None),
    "lt": of_two_numbers(lambda first, second: first < second),
    "gt": of_two_numbers(lambda first, second: first > second),
    "lte": of_two_numbers(lambda first, second: first <= second),
    "gte": of_two_numbers(lambda first, second: first >= second),
    "durationLT": of_two_numbers(lambda first, second: first < second),
    "durationGTE": of_two_numbers(lambda first, second: first >= second),
    "truncate": of_one_number(lambda value: Fraction(math.trunc(value))),
    "round": of_one_number(lambda value: Fraction(math.floor(value + Fraction(1, 2)))),
    "integerToFloat": of_one_number(lambda value: value),
    "mathConstant": constant,
    "mathOperator": function,
    "statsOperator": statistic,
}
