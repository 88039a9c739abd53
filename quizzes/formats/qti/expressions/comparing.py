"""Expressions of texts, containers and places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizzes.formats.qti.declarations import Area, coords_of
from quizzes.formats.qti.expressions.areas import is_inside
from quizzes.formats.qti.expressions.operands import one, two
from quizzes.formats.qti.values import (
    CannotTell,
    Several,
    Value,
    items_of,
    same,
    several,
)
from quizzes.formats.safe_xml import Element

_LONGEST_PATTERN, _LONGEST_MATCHED, _MOST_WAYS = 200, 60, 1_000_000
_DOUBLE = re.compile(r"[*+}][*+{]|\)[*+{]")


def member(element: Element, values: Sequence[Value]) -> Value:
    first, second = two(element, values)
    return None if first is None or second is None else first in items_of(second)


def contains(element: Element, values: Sequence[Value]) -> Value:
    first, second = two(element, values)
    if first is None or second is None:
        return None
    whole, part = items_of(first), items_of(second)
    if isinstance(first, Several) and first.is_ordered:
        return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
    return all(whole.count(each) >= part.count(each) for each in part)


def delete(element: Element, values: Sequence[Value]) -> Value:
    first, second = two(element, values)
    if first is None or second is None:
        return None
    is_ordered = isinstance(second, Several) and second.is_ordered
    return several([each for each in items_of(second) if each != first], is_ordered=is_ordered)


def substring(element: Element, values: Sequence[Value]) -> Value:
    first, second = (None if each is None else str(each) for each in two(element, values))
    if first is None or second is None:
        return None
    return first in second if _minds_case(element) else first.casefold() in second.casefold()


def string_match(element: Element, values: Sequence[Value]) -> Value:
    first, second = (None if each is None else str(each) for each in two(element, values))
    if first is None or second is None:
        return None
    if not _minds_case(element):
        first, second = first.casefold(), second.casefold()
    return first in second if element.get("substring") == "true" else first == second


def _minds_case(element: Element) -> bool:
    return element.get("caseSensitive", "true") not in ("false", "0")


def pattern_match(element: Element, values: Sequence[Value]) -> Value:
    """Patterns that could take for ever are not tried."""
    value, pattern = one(element, values), element.get("pattern", "")
    if value is None:
        return None
    is_long = len(pattern) > _LONGEST_PATTERN or len(str(value)) > _LONGEST_MATCHED
    if is_long or _ways(pattern) > _MOST_WAYS or _DOUBLE.search(pattern):
        raise CannotTell(f"patternMatch {pattern}")
    try:
        return re.fullmatch(pattern, str(value)) is not None
    except (re.error, OverflowError):
        raise CannotTell(f"patternMatch {pattern}") from None


def _ways(pattern: str) -> int:
    """How many ways there may be to match the longest text: a quantifier stops anywhere, what is optional is there or
    not, and of each group's alternatives every one may do.
    """
    ways: int = _LONGEST_MATCHED ** len(re.findall(r"[*+{]", pattern)) * 2 ** len(re.findall(r"(?<![(*+}])\?", pattern))
    for group in re.split(r"[()]", pattern):
        ways *= 1 + group.count("|")
    return ways


def match(element: Element, values: Sequence[Value]) -> Value:
    first, second = two(element, values)
    if first is None or second is None:
        return None
    return same(first, second)


def negated(element: Element, values: Sequence[Value]) -> Value:
    value = one(element, values)
    return None if value is None else value is not True


def inside(element: Element, values: Sequence[Value]) -> Value:
    points = items_of(one(element, values))
    area = Area(element.get("shape", ""), coords_of(element))
    return any(is_inside(area.shape, area.coords, point) for point in points) if points else None
