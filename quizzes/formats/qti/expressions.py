"""Expressions of response and template processing (QTI 2.2, section 15), evaluated.

NULL goes through: what is reckoned with nothing is nothing. What is not interpreted raises CannotTell with its name.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.qti.declarations import Area, Variable, Variables, Worths, coords_of, text_of
from quizzes.formats.qti.values import (
    MOST_ITEMS,
    CannotTell,
    Point,
    Several,
    Single,
    Value,
    held,
    items_of,
    number_of,
    same,
    several,
    single,
)
from quizzes.formats.safe_xml import Element

MOST_STEPS = 400_000
"""Of all evaluations for one item together."""
DEEPEST = 40
_LONGEST_PATTERN, _LONGEST_MATCHED, _MOST_QUANTIFIERS = 200, 60, 3
_DOUBLE = re.compile(r"[*+}][*+{]|\)[*+{]")


class Evaluator:
    """Evaluates within what variables hold; chance comes in as a seed."""

    def __init__(self, variables: Variables, seed: int = 0) -> None:
        self.variables = dict(variables)
        self.values: dict[str, Value] = {}
        self.chance = random.Random(seed)
        self.steps = 0
        self._constants: dict[Element, Value] = {}
        """What the rules compare with is read once."""

    def value(self, element: Element, depth: int = 0) -> Value:
        self.steps += 1
        if self.steps > MOST_STEPS or depth > DEEPEST:
            raise CannotTell(f"{element.tag} without end")
        if element.tag == "baseValue":
            if element not in self._constants:
                self._constants[element] = single(element.get("baseType", "string"), text_of(element))
            return self._constants[element]
        if element.tag in _OF_VARIABLES:
            return _OF_VARIABLES[element.tag](self, element)
        if element.tag in _LAZY:
            return _LAZY[element.tag](self, element, depth)
        if element.tag not in _STRICT:
            raise CannotTell(str(element.tag))
        return _STRICT[element.tag](element, [self.value(each, depth + 1) for each in element])

    def truth(self, element: Element) -> bool:
        return self.value(element) is True

    def variable(self, element: Element) -> Variable:
        name = element.get("identifier", "")
        if name not in self.variables:
            raise CannotTell(f"{element.tag} {name}")
        return self.variables[name]

    def number(self, said: str) -> Fraction:
        """A number, or the variable that holds it.

        Raises CannotTell where it is neither.
        """
        found = number_of(said)
        if found is None:
            value = self.values.get(said.strip("{}"))
            found = value if isinstance(value, Fraction) else None
        if found is None:
            raise CannotTell(said)
        return found


# Those that ask for variables.


def _variable(ev: Evaluator, element: Element) -> Value:
    name = element.get("identifier", "")
    if name not in ev.variables and name not in ev.values:
        raise CannotTell(f"variable {name}")
    return ev.values.get(name)


def _map_response(ev: Evaluator, element: Element) -> Value:
    variable = ev.variable(element)
    if variable.mapping is None:
        raise CannotTell("mapResponse without mapping")
    return mapped(variable.mapping, ev.values.get(variable.name))


def mapped(worths: Worths, value: Value) -> Fraction:
    """What the values are worth together, each counted once (QTI 2.2, `mapResponse`)."""
    total = sum((_worth(worths, each) for each in dict.fromkeys(items_of(value))), Fraction(0))
    return worths.held(total)


def _worth(worths: Worths, value: Single) -> Fraction:
    for key, worth, case in worths.entries:
        alike = key == value
        if not alike and not case and isinstance(key, str) and isinstance(value, str):
            alike = key.casefold() == value.casefold()
        if alike:
            return worth
    return worths.usual


def _map_point(ev: Evaluator, element: Element) -> Value:
    variable = ev.variable(element)
    if variable.areas is None:
        raise CannotTell("mapResponsePoint without areaMapping")
    areas, worths = variable.areas
    total, used = Fraction(0), set[int]()
    for point in items_of(ev.values.get(variable.name)):
        place = next((n for n, area in enumerate(areas) if is_inside(area.shape, area.coords, point)), None)
        if place is None:
            total += worths.usual
        elif place not in used:
            used.add(place)
            total += areas[place].worth
    return worths.held(total)


def is_inside(shape: str, coords: Sequence[Fraction], point: object) -> bool:
    if not isinstance(point, tuple) or not all(isinstance(each, Fraction) for each in point):
        return False
    x: Fraction = point[0]
    y: Fraction = point[1]
    if shape == "default":
        return True
    if shape == "rect" and len(coords) == 4:
        return coords[0] <= x <= coords[2] and coords[1] <= y <= coords[3]
    if shape == "circle" and len(coords) == 3:
        return (x - coords[0]) ** 2 + (y - coords[1]) ** 2 <= coords[2] ** 2
    if shape == "ellipse" and len(coords) == 4 and coords[2] and coords[3]:
        return ((x - coords[0]) / coords[2]) ** 2 + ((y - coords[1]) / coords[3]) ** 2 <= 1
    if shape == "poly" and len(coords) >= 6:
        return _in_polygon(list(zip(coords[::2], coords[1::2], strict=False)), (x, y))
    return False


def _in_polygon(corners: Sequence[Point], point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _random_integer(ev: Evaluator, element: Element) -> Value:
    low, high = ev.number(element.get("min", "0")), ev.number(element.get("max", "0"))
    step = max(int(ev.number(element.get("step", "1"))), 1)
    count = max(int(high - low) // step, 0)
    return Fraction(int(low) + step * ev.chance.randint(0, count))


def _random_float(ev: Evaluator, element: Element) -> Value:
    low, high = ev.number(element.get("min", "0")), ev.number(element.get("max", "0"))
    return low + (high - low) * Fraction(ev.chance.random()).limit_denominator(10**6)


_OF_VARIABLES: Mapping[str, Callable[[Evaluator, Element], Value]] = {
    "variable": _variable,
    "correct": lambda ev, each: ev.variable(each).correct,
    "default": lambda ev, each: ev.variable(each).default,
    "mapResponse": _map_response,
    "mapResponsePoint": _map_point,
    "randomInteger": _random_integer,
    "randomFloat": _random_float,
}


# Those that may leave some of what is beneath them alone.


def _and(ev: Evaluator, element: Element, depth: int) -> Value:
    return _decided(ev, element, depth, by=False)


def _or(ev: Evaluator, element: Element, depth: int) -> Value:
    return _decided(ev, element, depth, by=True)


def _decided(ev: Evaluator, element: Element, depth: int, *, by: bool) -> Value:
    found = [ev.value(each, depth + 1) for each in element]
    if by in found:
        return by
    return None if None in found else not by


def _is_null(ev: Evaluator, element: Element, depth: int) -> Value:
    values = [ev.value(each, depth + 1) for each in element]
    return all(each is None or each == "" for each in values)


def _container(ev: Evaluator, element: Element, depth: int) -> Value:
    values = [each for child in element for each in items_of(ev.value(child, depth + 1))]
    return several(values, is_ordered=element.tag == "ordered")


def _random(ev: Evaluator, element: Element, depth: int) -> Value:
    values = [each for child in element for each in items_of(ev.value(child, depth + 1))]
    return ev.chance.choice(values) if values else None


def _repeat(ev: Evaluator, element: Element, depth: int) -> Value:
    values: list[Single] = []
    for _n in range(int(ev.number(element.get("numberRepeats", "1")))):
        if len(values) > MOST_ITEMS or ev.steps > MOST_STEPS:
            raise CannotTell("repeat without end")
        ev.steps += 1
        values += [each for child in element for each in items_of(ev.value(child, depth + 1))]
    return several(values, is_ordered=True)


def _any_n(ev: Evaluator, element: Element, depth: int) -> Value:
    values = [ev.value(each, depth + 1) for each in element]
    least, most = ev.number(element.get("min", "0")), ev.number(element.get("max", "0"))
    true, unknown = values.count(True), values.count(None)
    if least <= true and true + unknown <= most:
        return True
    return False if true > most or true + unknown < least else None


def _index(ev: Evaluator, element: Element, depth: int) -> Value:
    values = items_of(ev.value(element[0], depth + 1)) if len(element) else ()
    place = int(ev.number(element.get("n", "1")))
    return values[place - 1] if 1 <= place <= len(values) else None


def _equal(ev: Evaluator, element: Element, depth: int) -> Value:
    first, second = _two(element, [ev.value(each, depth + 1) for each in element])
    if first is None or second is None:
        return None
    wanted, typed = _a_number(first), _a_number(second)
    low, high = tolerated(ev, element, wanted)
    above = typed >= low if element.get("includeLowerBound", "true") != "false" else typed > low
    below = typed <= high if element.get("includeUpperBound", "true") != "false" else typed < high
    return above and below


def tolerated(ev: Evaluator, element: Element, wanted: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where a number is equal to this one."""
    mode = element.get("toleranceMode", "exact")
    if mode == "exact":
        return wanted, wanted
    parts = [ev.number(each) for each in element.get("tolerance", "0").split()] or [Fraction(0)]
    below, above = parts[0], parts[-1]
    if mode == "relative":
        below, above = wanted * below / 100, wanted * above / 100
    ends = sorted((wanted - below, wanted + above))
    return ends[0], ends[1]


def _equal_rounded(ev: Evaluator, element: Element, depth: int) -> Value:
    values = [ev.value(each, depth + 1) for each in element]
    if None in values:
        return None
    first, second = (_a_number(each) for each in _two(element, values))
    figures = int(ev.number(element.get("figures", "0")))
    by_places = element.get("roundingMode", "significantFigures") == "decimalPlaces"
    return _rounded(first, figures, by_places=by_places) == _rounded(second, figures, by_places=by_places)


def _round_to(ev: Evaluator, element: Element, depth: int) -> Value:
    value = ev.value(element[0], depth + 1) if len(element) else None
    if value is None:
        return None
    figures = int(ev.number(element.get("figures", "0")))
    by_places = element.get("roundingMode", "significantFigures") == "decimalPlaces"
    return _rounded(_a_number(value), figures, by_places=by_places)


def _rounded(value: Fraction, figures: int, *, by_places: bool) -> Fraction:
    if not 0 <= figures <= 50:
        raise CannotTell("figures")
    if not by_places and value:
        figures -= math.floor(math.log10(abs(float(value)))) + 1
    return Fraction(math.floor(value * Fraction(10) ** figures + Fraction(1, 2))) / Fraction(10) ** figures


_LAZY: Mapping[str, Callable[[Evaluator, Element, int], Value]] = {
    "and": _and,
    "or": _or,
    "isNull": _is_null,
    "multiple": _container,
    "ordered": _container,
    "random": _random,
    "repeat": _repeat,
    "anyN": _any_n,
    "index": _index,
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "roundTo": _round_to,
}


# Those that only need the values beneath them.


def _two(element: Element, values: Sequence[Value]) -> tuple[Value, Value]:
    if len(values) != 2:
        raise CannotTell(str(element.tag))
    return values[0], values[1]


def _one(element: Element, values: Sequence[Value]) -> Value:
    if len(values) != 1:
        raise CannotTell(str(element.tag))
    return values[0]


def _a_number(value: Value) -> Fraction:
    if isinstance(value, Several) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, bool) or not isinstance(value, Fraction):
        found = number_of(value) if isinstance(value, str) else None
        if found is None:
            raise CannotTell("a number that is none")
        return found
    return value


def _of_two_numbers(reckon: Callable[[Fraction, Fraction], Value]) -> Callable[[Element, Sequence[Value]], Value]:
    def told(element: Element, values: Sequence[Value]) -> Value:
        first, second = _two(element, values)
        if first is None or second is None:
            return None
        return reckon(_a_number(first), _a_number(second))

    return told


def _of_one_number(reckon: Callable[[Fraction], Value]) -> Callable[[Element, Sequence[Value]], Value]:
    def told(element: Element, values: Sequence[Value]) -> Value:
        value = _one(element, values)
        return None if value is None else reckon(_a_number(value))

    return told


def _of_numbers(reckon: Callable[[list[Fraction]], Value]) -> Callable[[Element, Sequence[Value]], Value]:
    def told(_element: Element, values: Sequence[Value]) -> Value:
        if None in values or not values:
            return None
        return reckon([_a_number(each) for value in values for each in items_of(value)])

    return told


def _product(numbers: list[Fraction]) -> Fraction:
    made = Fraction(1)
    for each in numbers:
        made = held(made * each)
    return made


def _power(base: Fraction, exponent: Fraction) -> Value:
    if exponent.denominator == 1 and abs(exponent) <= 64:
        return held(base ** int(exponent)) if base or exponent >= 0 else None
    return _from_float(lambda: float(base) ** float(exponent))


def _from_float(reckon: Callable[[], object]) -> Fraction | None:
    try:
        found = reckon()
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return Fraction(found) if isinstance(found, float) and math.isfinite(found) else None


def _constant(element: Element, _values: Sequence[Value]) -> Value:
    return {"pi": Fraction(math.pi), "e": Fraction(math.e)}.get(element.get("name", ""))


_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh")},
    **{name: getattr(math, name) for name in ("tanh", "exp", "floor", "ceil")},
    "sec": lambda x: 1 / math.cos(x),
    "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: 1 / math.tan(x),
    "log": math.log10,
    "ln": math.log,
    "abs": abs,
    "signum": lambda x: float((x > 0) - (x < 0)),
    "toDegrees": math.degrees,
    "toRadians": math.radians,
}


def _function(element: Element, values: Sequence[Value]) -> Value:
    name = element.get("name", "")
    if name not in _FUNCTIONS or len(values) != (2 if name == "atan2" else 1):
        raise CannotTell(f"mathOperator {name}")
    if None in values:
        return None
    numbers = [float(_a_number(each)) for each in values]
    return _from_float(lambda: float(_FUNCTIONS[name](*numbers)))


def _statistic(element: Element, values: Sequence[Value]) -> Value:
    numbers, name = [_a_number(each) for each in items_of(_one(element, values))], element.get("name", "")
    if not numbers:
        return None
    mean = sum(numbers, Fraction(0)) / len(numbers)
    if name == "mean":
        return mean
    spread = sum(((each - mean) ** 2 for each in numbers), Fraction(0))
    divisor = len(numbers) - (1 if name.startswith("sample") or name == "sdSample" else 0)
    if divisor == 0:
        return None
    if name in ("sampleVariance", "popVariance"):
        return held(spread / divisor)
    if name in ("sampleSD", "popSD"):
        return _from_float(lambda: math.sqrt(spread / divisor))
    raise CannotTell(f"statsOperator {name}")


def _member(element: Element, values: Sequence[Value]) -> Value:
    first, second = _two(element, values)
    return None if first is None or second is None else first in items_of(second)


def _contains(element: Element, values: Sequence[Value]) -> Value:
    first, second = _two(element, values)
    if first is None or second is None:
        return None
    whole, part = items_of(first), items_of(second)
    if isinstance(first, Several) and first.is_ordered:
        return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
    return all(whole.count(each) >= part.count(each) for each in part)


def _delete(element: Element, values: Sequence[Value]) -> Value:
    first, second = _two(element, values)
    if first is None or second is None:
        return None
    is_ordered = isinstance(second, Several) and second.is_ordered
    return several([each for each in items_of(second) if each != first], is_ordered=is_ordered)


def _substring(element: Element, values: Sequence[Value]) -> Value:
    first, second = (None if each is None else str(each) for each in _two(element, values))
    if first is None or second is None:
        return None
    return first in second if _minds_case(element) else first.casefold() in second.casefold()


def _string_match(element: Element, values: Sequence[Value]) -> Value:
    first, second = (None if each is None else str(each) for each in _two(element, values))
    if first is None or second is None:
        return None
    if not _minds_case(element):
        first, second = first.casefold(), second.casefold()
    return first in second if element.get("substring") == "true" else first == second


def _minds_case(element: Element) -> bool:
    return element.get("caseSensitive", "true") not in ("false", "0")


def _pattern_match(element: Element, values: Sequence[Value]) -> Value:
    """Patterns that could take for ever are not tried."""
    value, pattern = _one(element, values), element.get("pattern", "")
    if value is None:
        return None
    is_long = len(pattern) > _LONGEST_PATTERN or len(str(value)) > _LONGEST_MATCHED
    if is_long or len(re.findall(r"[*+{]", pattern)) > _MOST_QUANTIFIERS or _DOUBLE.search(pattern):
        raise CannotTell(f"patternMatch {pattern}")
    try:
        return re.fullmatch(pattern, str(value)) is not None
    except (re.error, OverflowError):
        raise CannotTell(f"patternMatch {pattern}") from None


def _match(element: Element, values: Sequence[Value]) -> Value:
    first, second = _two(element, values)
    if first is None or second is None:
        return None
    return same(first, second)


def _not(element: Element, values: Sequence[Value]) -> Value:
    value = _one(element, values)
    return None if value is None else value is not True


def _inside(element: Element, values: Sequence[Value]) -> Value:
    points = items_of(_one(element, values))
    area = Area(element.get("shape", ""), coords_of(element))
    return any(is_inside(area.shape, area.coords, point) for point in points) if points else None


_STRICT: Mapping[str, Callable[[Element, Sequence[Value]], Value]] = {
    "null": lambda _element, _values: None,
    "match": _match,
    "not": _not,
    "member": _member,
    "contains": _contains,
    "delete": _delete,
    "substring": _substring,
    "stringMatch": _string_match,
    "patternMatch": _pattern_match,
    "inside": _inside,
    "containerSize": lambda element, values: Fraction(len(items_of(_one(element, values)))),
    "sum": _of_numbers(lambda numbers: held(sum(numbers, Fraction(0)))),
    "product": _of_numbers(_product),
    "max": _of_numbers(max),
    "min": _of_numbers(min),
    "gcd": _of_numbers(lambda numbers: Fraction(math.gcd(*map(int, numbers)))),
    "lcm": _of_numbers(lambda numbers: held(Fraction(math.lcm(*map(int, numbers))))),
    "subtract": _of_two_numbers(lambda first, second: held(first - second)),
    "divide": _of_two_numbers(lambda first, second: held(first / second) if second else None),
    "power": _of_two_numbers(_power),
    "integerDivide": _of_two_numbers(lambda first, second: Fraction(first // second) if second else None),
    "integerModulus": _of_two_numbers(lambda first, second: first % second if second else None),
    "lt": _of_two_numbers(lambda first, second: first < second),
    "gt": _of_two_numbers(lambda first, second: first > second),
    "lte": _of_two_numbers(lambda first, second: first <= second),
    "gte": _of_two_numbers(lambda first, second: first >= second),
    "durationLT": _of_two_numbers(lambda first, second: first < second),
    "durationGTE": _of_two_numbers(lambda first, second: first >= second),
    "truncate": _of_one_number(lambda value: Fraction(math.trunc(value))),
    "round": _of_one_number(lambda value: Fraction(math.floor(value + Fraction(1, 2)))),
    "integerToFloat": _of_one_number(lambda value: value),
    "mathConstant": _constant,
    "mathOperator": _function,
    "statsOperator": _statistic,
}
