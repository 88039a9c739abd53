"""People who are to be parted into circles, and how good a parting is, in numbers; no database, no web."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Ints, Scores

Circle = tuple[int, ...]
"""People by their place in the gathering, in ascending order."""

MOST_IN_CIRCLE = 12


class TooManyTogether(ValueError):
    """More people are to be kept together than a circle holds."""


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """`n` people of whom each may be in one circle. Raises ValueError where the parts do not fit each other.

    TooManyTogether is one of these.
    """

    scores: Scores
    """(n, n): what two people score with each other, alike from both sides: 0 to HIGHEST, or NOT_ALLOWED."""
    smallest: int
    largest: int
    """How many a circle has, from 2 to MOST_IN_CIRCLE."""
    together: tuple[Circle, ...] = ()
    """People who are kept in one circle whatever they score with each other; nobody is in two of these."""

    def __post_init__(self) -> None:
        if self.scores.shape != (self.people, self.people) or (self.scores != self.scores.T).any():
            raise ValueError("What two people score with each other is alike from both sides.")
        if not 2 <= self.smallest <= self.largest <= MOST_IN_CIRCLE:
            raise ValueError(f"A circle has from 2 to {MOST_IN_CIRCLE} people, and at least as many as at most.")
        kept = [person for each in self.together for person in each]
        if len(set(kept)) < len(kept):
            raise ValueError("Nobody is kept together with two lots of people; of() makes them one.")
        if any(len(each) > self.largest for each in self.together):
            raise TooManyTogether(f"More people are kept together than a circle of {self.largest} holds.")

    @classmethod
    def of(cls, scores: Any, smallest: int, largest: int, *, together: Iterable[Iterable[int]] = ()) -> Gathering:
        """From plain lists; who is kept together with the same person is kept together."""
        matrix = np.array(scores, dtype=np.int16)
        np.fill_diagonal(matrix, 0)
        return cls(scores=matrix, smallest=smallest, largest=largest, together=joined(together))

    @property
    def people(self) -> int:
        return len(self.scores)

    @cached_property
    def worth(self) -> Scores:
        """The scores, in which people who are kept together are allowed each other."""
        worth = self.scores.copy()
        for each in self.together:
            among = np.ix_(each, each)
            worth[among] = np.maximum(worth[among], 0)
        return worth

    @cached_property
    def units(self) -> tuple[Circle, ...]:
        """Those kept together, and everybody else alone."""
        kept = {person for each in self.together for person in each}
        return (*self.together, *((person,) for person in range(self.people) if person not in kept))

    @property
    def unit(self) -> int:
        """Mean scores are whole numbers of points divided by this."""
        return lcm(*range(1, self.largest))

    def lowest_of(self, circle: Circle) -> int:
        """The lowest mean score of anybody in it, times `unit`."""
        means = self.worth[np.ix_(circle, circle)].sum(axis=1, dtype=np.int64)
        return int(means.min()) * (self.unit // (len(circle) - 1))

    def total_of(self, circle: Circle) -> int:
        """The sum of everybody's mean score, times `unit`."""
        return int(self.worth[np.ix_(circle, circle)].sum(dtype=np.int64)) * (self.unit // (len(circle) - 1))

    def is_allowed(self, circle: Circle) -> bool:
        """Whether every two may meet, there are enough of them and not too many, and nobody is torn from others."""
        among = set(circle)
        return (
            self.smallest <= len(circle) <= self.largest
            and bool((self.worth[np.ix_(circle, circle)] != NOT_ALLOWED).all())
            and all(among.isdisjoint(each) or among.issuperset(each) for each in self.together)
        )

    def rearranged(self, order: Ints) -> Gathering:
        """The same people with row `i` where `order[i]` was."""
        now = np.argsort(order)
        together = tuple(sorted(tuple(sorted(int(now[each]) for each in some)) for some in self.together))
        return Gathering(
            scores=self.scores[order][:, order], smallest=self.smallest, largest=self.largest, together=together
        )


def joined(together: Iterable[Iterable[int]]) -> tuple[Circle, ...]:
    """Lots that share somebody made one; who is alone in a lot is kept with nobody, but is not left over."""
    lots: list[set[int]] = []
    for each in together:
        lot = set(each)
        for other in [other for other in lots if other & lot]:
            lot |= other
            lots.remove(other)
        lots += [lot] if lot else []
    return tuple(sorted(tuple(sorted(each)) for each in lots))


@dataclass(frozen=True, order=True)
class Harmony:
    """How good a parting is, the most important first; the larger, the better (docs/matching.md)."""

    placed: int
    """People in a circle."""
    lowest: Fraction
    """The lowest mean score of any of them with the others of their circle; HIGHEST where nobody is placed."""
    total: Fraction
    """The sum of everybody's mean score."""
    evenness: int
    """Minus the sum of all sizes squared."""


def harmony_of(gathering: Gathering, circles: Sequence[Circle]) -> Harmony:
    """Counted anew from the circles alone."""
    unit = gathering.unit
    return Harmony(
        placed=sum(map(len, circles)),
        lowest=Fraction(min(map(gathering.lowest_of, circles), default=HIGHEST * unit), unit),
        total=Fraction(sum(map(gathering.total_of, circles)), unit),
        evenness=-sum(len(each) ** 2 for each in circles),
    )


def pairs_of(allowed: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Every two who may meet, once."""
    first, second = np.nonzero(np.triu(allowed, 1))
    return first, second
