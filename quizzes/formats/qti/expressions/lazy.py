"""Expressions that may leave some of what is beneath them alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from quizzes.formats.qti.expressions.operands import MOST_STEPS, a_number, two
from quizzes.formats.qti.values import (
    MOST_ITEMS,
    CannotTell,
    Single,
    Value,
    items_of,
    several,
)
from quizzes.formats.safe_xml import Element

if TYPE_CHECKING:
    from quizzes.formats.qti.expressions.evaluator import Evaluator


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
    first, second = two(element, [ev.value(each, depth + 1) for each in element])
    if first is None or second is None:
        return None
    wanted, typed = a_number(first), a_number(second)
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
    first, second = (a_number(each) for each in two(element, values))
    figures = int(ev.number(element.get("figures", "0")))
    by_places = element.get("roundingMode", "significantFigures") == "decimalPlaces"
    return _rounded(first, figures, by_places=by_places) == _rounded(second, figures, by_places=by_places)


def _round_to(ev: Evaluator, element: Element, depth: int) -> Value:
    value = ev.value(element[0], depth + 1) if len(element) else None
    if value is None:
        return None
    figures = int(ev.number(element.get("figures", "0")))
    by_places = element.get("roundingMode", "significantFigures") == "decimalPlaces"
    return _rounded(a_number(value), figures, by_places=by_places)


def _rounded(value: Fraction, figures: int, *, by_places: bool) -> Fraction:
    if not 0 <= figures <= 50:
        raise CannotTell("figures")
    if not by_places and value:
        figures -= math.floor(math.log10(abs(float(value)))) + 1
    return Fraction(math.floor(value * Fraction(10) ** figures + Fraction(1, 2))) / Fraction(10) ** figures


LAZY: Mapping[str, Callable[[Evaluator, Element, int], Value]] = {
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
