"""Figures from sums that are kept: an attempt is added when it is handed in, and nothing is ever read again for them.

Marks are whole numbers here, of units so small that a kept mark has no more decimals, and so are sums and squares:
nothing is lost however long they grow, and what was added can be taken away again to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizzes.marking import PLACES
from quizzes.statistics.moments import Moments, internal_consistency

UNITS: int = 10**PLACES
"""In one mark."""


@dataclass(frozen=True)
class Sums:
    """Of the marks x of one item and the rests y of the same attempts, in units and their squares."""

    n: int = 0
    x: int = 0
    xx: int = 0
    y: int = 0
    yy: int = 0
    xy: int = 0

    @classmethod
    def of(cls, x: int, total: int) -> Sums:
        """Of a single answer, of which this was the mark and that the attempt's total, in units."""
        y = total - x
        return cls(1, x, x * x, y, y * y, x * y)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.n + other.n,
            self.x + other.x,
            self.xx + other.xx,
            self.y + other.y,
            self.yy + other.yy,
            self.xy + other.xy,
        )

    def __sub__(self, other: Sums) -> Sums:
        """Without an answer that was added before: one that is marked anew is taken away and added again."""
        return self + Sums(-other.n, -other.x, -other.xx, -other.y, -other.yy, -other.xy)

    @property
    def moments(self) -> Moments:
        return Moments(
            self.n,
            self.x / (self.n * UNITS) if self.n else None,
            self._shared(self.xx, self.x, self.x),
            self._shared(self.yy, self.y, self.y),
            self._shared(self.xy, self.x, self.y),
        )

    def _shared(self, products: int, one: int, other: int) -> float | None:
        """The variance or covariance that follows from these sums, exact until it becomes a float."""
        if self.n < 2:
            return None
        return (self.n * products - one * other) / (self.n * (self.n - 1) * UNITS**2)


def units(mark: float) -> int:
    return round(mark * UNITS)


def sums_of(marks: Mapping[int, float]) -> dict[int, Sums]:
    """Of one attempt, by item, to be added to those that are kept."""
    earned = {item: units(mark) for item, mark in marks.items()}
    total = sum(earned.values())
    return {item: Sums.of(x, total) for item, x in earned.items()}


def total_of(marks: Mapping[int, float]) -> Sums:
    """Of one attempt's total, to be added to that of the quiz: its mean and spread follow."""
    total = sum(map(units, marks.values()))
    return Sums.of(total, total)


def alpha(places: Sequence[Sums], totals: Sums) -> float | None:
    """The internal consistency in percent, from the sums of each place in the quiz and of the totals."""
    return internal_consistency([each.moments.variance or 0.0 for each in places], totals.moments.variance)
