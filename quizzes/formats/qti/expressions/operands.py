"""What expressions are given: so many, and numbers where they need numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from quizzes.formats.qti.values import (
    CannotTell,
    Several,
    Value,
    items_of,
    number_of,
)
from quizzes.formats.safe_xml import Element

MOST_STEPS = 400_000
"""Of all evaluations for one item together."""
LONG = 10
"""Comparing so many things counts as a step of its own."""


def two(element: Element, values: Sequence[Value]) -> tuple[Value, Value]:
    if len(values) != 2:
        raise CannotTell(str(element.tag))
    return values[0], values[1]


def one(element: Element, values: Sequence[Value]) -> Value:
    if len(values) != 1:
        raise CannotTell(str(element.tag))
    return values[0]


def a_number(value: Value) -> Fraction:
    if isinstance(value, Several) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, bool) or not isinstance(value, Fraction):
        found = number_of(value) if isinstance(value, str) else None
        if found is None:
            raise CannotTell("a number that is none")
        return found
    return value


def of_two_numbers(reckon: Callable[[Fraction, Fraction], Value]) -> Callable[[Element, Sequence[Value]], Value]:
    def told(element: Element, values: Sequence[Value]) -> Value:
        first, second = two(element, values)
        if first is None or second is None:
            return None
        return reckon(a_number(first), a_number(second))

    return told


def of_one_number(reckon: Callable[[Fraction], Value]) -> Callable[[Element, Sequence[Value]], Value]:
    def told(element: Element, values: Sequence[Value]) -> Value:
        value = one(element, values)
        return None if value is None else reckon(a_number(value))

    return told


def of_numbers(reckon: Callable[[list[Fraction]], Value]) -> Callable[[Element, Sequence[Value]], Value]:
    def told(_element: Element, values: Sequence[Value]) -> Value:
        if None in values or not values:
            return None
        return reckon([a_number(each) for value in values for each in items_of(value)])

    return told
