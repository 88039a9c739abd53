"""From where to where numbers earn the same, found by halving: for rules that round, or that have several steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

FINEST = 9
"""Decimals of a number's size to which an end is looked for: coarser than the guard of `quizzes.kinds.numbers`."""
MOST_STEPS, MOST_ENDS = 60, 24
Score = Callable[[Fraction], Fraction]


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers that earn this, with both ends."""

    low: Fraction
    high: Fraction
    earned: Fraction


def spans(score: Score, points: Sequence[Fraction], step: Fraction | None = None) -> list[Span]:
    """What numbers earn around these points and between them; `step` where only some numbers can be given."""
    if not points:
        return []
    beyond = max(abs(points[0]), abs(points[-1]), Fraction(1))
    reach = step * math.ceil(10 * beyond / step) if step else 10 * beyond
    places = [points[0] - reach, *points, points[-1] + reach]
    found, low = list[Span](), places[0]
    for end, begin in _ends(score, places, step):
        found.append(Span(low, end, score(low)))
        low = begin
        if len(found) == MOST_ENDS:
            return []
    found.append(Span(low, places[-1], score(low)))
    return found


def _ends(score: Score, places: Sequence[Fraction], step: Fraction | None) -> Iterator[tuple[Fraction, Fraction]]:
    """Where one span ends, and where the next one begins."""
    for low, high in pairwise(places):
        while score(low) != score(high):
            end, begin = _end(score, low, high, step)
            yield end, begin
            low = begin


def _end(score: Score, low: Fraction, high: Fraction, step: Fraction | None) -> tuple[Fraction, Fraction]:
    """The last number that earns what `low` earns, and the first one that does not."""
    earned, unit = score(low), step or _unit(max(abs(low), abs(high)))
    for _n in range(MOST_STEPS):
        count = (high - low) / unit
        if count <= 1:
            break
        middle = low + unit * (count // 2 or 1)
        if score(middle) == earned:
            low = middle
        else:
            high = middle
    return (low, high) if step else _straight(score, low, high)


def _unit(size: Fraction) -> Fraction:
    power = math.floor(math.log10(float(size))) if size else 0
    return Fraction(10) ** (power - FINEST)


def _straight(score: Score, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """The same ends, one of them at the shortest decimal that lies there."""
    for places in range(FINEST + 6):
        scale = 10**places
        found = Fraction(math.ceil(low * scale), scale)
        if found <= high:
            return (found, high) if score(found) == score(low) else (low, found)
    return low, high
