"""Expressions that ask for variables, and for chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from quizzes.formats.qti.declarations import Worths
from quizzes.formats.qti.expressions.areas import is_inside
from quizzes.formats.qti.expressions.operands import LONG
from quizzes.formats.qti.values import (
    CannotTell,
    Single,
    Value,
    items_of,
)
from quizzes.formats.safe_xml import Element

if TYPE_CHECKING:
    from quizzes.formats.qti.expressions.evaluator import Evaluator


def _variable(ev: Evaluator, element: Element) -> Value:
    name = element.get("identifier", "")
    if name not in ev.variables and name not in ev.values:
        raise CannotTell(f"variable {name}")
    return ev.values.get(name)


def _map_response(ev: Evaluator, element: Element) -> Value:
    variable = ev.variable(element)
    if variable.mapping is None:
        raise CannotTell("mapResponse without mapping")
    value = ev.values.get(variable.name)
    ev.step(len(variable.mapping.entries) * len(items_of(value)) // LONG)
    return mapped(variable.mapping, value)


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
    points = items_of(ev.values.get(variable.name))
    ev.step(sum(len(each.coords) for each in areas) * len(points) // LONG)
    for point in points:
        place = next((n for n, area in enumerate(areas) if is_inside(area.shape, area.coords, point)), None)
        if place is None:
            total += worths.usual
        elif place not in used:
            used.add(place)
            total += areas[place].worth
    return worths.held(total)


def _random_integer(ev: Evaluator, element: Element) -> Value:
    low, high = ev.number(element.get("min", "0")), ev.number(element.get("max", "0"))
    step = max(int(ev.number(element.get("step", "1"))), 1)
    count = max(int(high - low) // step, 0)
    return Fraction(int(low) + step * ev.chance.randint(0, count))


def _random_float(ev: Evaluator, element: Element) -> Value:
    low, high = ev.number(element.get("min", "0")), ev.number(element.get("max", "0"))
    return low + (high - low) * Fraction(ev.chance.random()).limit_denominator(10**6)


OF_VARIABLES: Mapping[str, Callable[[Evaluator, Element], Value]] = {
    "variable": _variable,
    "correct": lambda ev, each: ev.variable(each).correct,
    "default": lambda ev, each: ev.variable(each).default,
    "mapResponse": _map_response,
    "mapResponsePoint": _map_point,
    "randomInteger": _random_integer,
    "randomFloat": _random_float,
}
