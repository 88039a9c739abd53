"""Reckoning."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.qti.expressions.operands import a_number, one
from quizzes.formats.qti.values import (
    CannotTell,
    Value,
    held,
    items_of,
)
from quizzes.formats.safe_xml import Element


def product(numbers: list[Fraction]) -> Fraction:
    made = Fraction(1)
    for each in numbers:
        made = held(made * each)
    return made


def summed(numbers: Iterable[Fraction]) -> Fraction:
    """Each step is held: fractions that have nothing in common grow with every one of them."""
    made = Fraction(0)
    for each in numbers:
        made = held(made + each)
    return made


def least_multiple(numbers: list[Fraction]) -> Fraction:
    made = 1
    for each in numbers:
        made = math.lcm(made, int(each))
        held(Fraction(made))
    return Fraction(made)


def power(base: Fraction, exponent: Fraction) -> Value:
    if exponent.denominator == 1 and abs(exponent) <= 64:
        return held(base ** int(exponent)) if base or exponent >= 0 else None
    return from_float(lambda: float(base) ** float(exponent))


def from_float(reckon: Callable[[], object]) -> Fraction | None:
    try:
        found = reckon()
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return Fraction(found) if isinstance(found, float) and math.isfinite(found) else None


def constant(element: Element, _values: Sequence[Value]) -> Value:
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


def function(element: Element, values: Sequence[Value]) -> Value:
    name = element.get("name", "")
    if name not in _FUNCTIONS or len(values) != (2 if name == "atan2" else 1):
        raise CannotTell(f"mathOperator {name}")
    if None in values:
        return None
    numbers = [float(a_number(each)) for each in values]
    return from_float(lambda: float(_FUNCTIONS[name](*numbers)))


def statistic(element: Element, values: Sequence[Value]) -> Value:
    numbers, name = [a_number(each) for each in items_of(one(element, values))], element.get("name", "")
    if not numbers:
        return None
    mean = held(summed(numbers) / len(numbers))
    if name == "mean":
        return mean
    spread = summed((each - mean) ** 2 for each in numbers)
    divisor = len(numbers) - (1 if name.startswith("sample") or name == "sdSample" else 0)
    if divisor == 0:
        return None
    if name in ("sampleVariance", "popVariance"):
        return held(spread / divisor)
    if name in ("sampleSD", "popSD"):
        return from_float(lambda: math.sqrt(spread / divisor))
    raise CannotTell(f"statsOperator {name}")
