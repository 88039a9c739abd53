"""The load as even as can be, among all arrangements of the highest total.

Which arrangements those are, the prices say (complementary slackness): they use only pairs that cost a mentee least,
fill every place that has a price, and leave out only who would pay as much for having nobody. Among them the least sum
of (load / capacity) squared is a cheapest arrangement in which each further place of a mentor costs more than the one
before; it is proved like the total, by prices of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import lcm

import numpy as np

from mentoring.pairing.matching.candidates import AT_MOST_ADDED, BLOCK, Candidates, few_lowest, spread, together
from mentoring.pairing.matching.differences import ENDLESS, Differences
from mentoring.pairing.matching.placing import Flags
from mentoring.pairing.matching.pricing import Prices, contented, missed
from mentoring.pairing.matching.problem import Ints, Scores
from mentoring.pairing.matching.slots import NOBODY, Slots, place_cheapest

EXACT_BELOW = 2**50
"""What the solver still counts without rounding."""


@dataclass(frozen=True)
class Face:
    """The arrangements of the highest total, as their prices describe them."""

    scores: Scores
    places: Ints
    prices: Prices
    cheapest: Ints
    """(n,): what each mentee pays in all of them."""

    @property
    def must_be_full(self) -> Flags:
        return self.prices.mentor > 0

    @property
    def may_have_nobody(self) -> Flags:
        return np.equal(self.cheapest, self.prices.alone)

    def blocks(self) -> Iterator[tuple[int, Flags]]:
        """For some mentees at a time, the first of them and which of all pairs occur in them."""
        for begin in range(0, len(self.scores), BLOCK):
            costs = self.prices.costs(self.scores[begin : begin + BLOCK])
            is_cheapest = costs == self.cheapest[begin : begin + BLOCK, None]
            yield begin, is_cheapest & (costs < self.prices.alone) & (self.places > 0)

    def pairs(self, candidates: Candidates) -> tuple[Ints, Ints]:
        """Mentees and mentors of the candidates that occur in them."""
        rows, columns, scores = candidates.pairs(self.prices.least)
        fits = missed(scores) + self.prices.mentor[columns] == self.cheapest[rows]
        return rows[fits], columns[fits]


@dataclass(frozen=True)
class Shares:
    """What one more mentee adds to the sum of (load / capacity) squared, in whole numbers.

    The numbers are exact while the capacities have a common multiple that is not huge, as all do that people choose;
    otherwise they are rounded, and the sum is the least but for one part in 2**30.
    """

    load: Ints
    capacity: Ints
    unit: int

    @classmethod
    def of(cls, load: Ints, capacity: Ints) -> Shares:
        used = {int(each) for each in np.unique(capacity) if each}
        most = EXACT_BELOW // (8 * (len(capacity) + 1))
        return cls(load, capacity, min(lcm(*used) ** 2, most))

    def of_places(self, slots: Slots) -> Ints:
        """What each place adds when those before it are taken."""
        return self.of_next(self.load[slots.owner] + slots.nth + 1, self.capacity[slots.owner])

    def of_next(self, load: Ints, capacity: Ints) -> Ints:
        """What the mentee adds with whom the load becomes this."""
        return np.asarray((2 * load - 1) * (self.unit / np.maximum(capacity, 1) ** 2), dtype=np.int64)


def most_even(face: Face, candidates: Candidates, shares: Shares) -> tuple[Ints, Ints]:
    """(n,) the mentor of each mentee, or NOBODY; and (m,) the second prices, which prove it."""
    slots = Slots(face.places)
    costs = shares.of_places(slots)
    enough = int(costs.sum()) + 1
    place_costs = np.where(face.must_be_full[slots.owner], 0, costs + enough)
    outside = np.where(face.may_have_nobody, enough, NOBODY)
    while True:
        rows, columns = face.pairs(candidates)
        mentor = place_cheapest(rows, columns, np.zeros(len(rows), dtype=np.int64), place_costs, outside, slots)
        prices = _second_prices(face, shares, rows, columns, mentor, enough)
        more = _lighter(face, prices, mentor)
        if not len(more[0]):
            return mentor, prices
        candidates.add(*more)


def _second_prices(face: Face, shares: Shares, rows: Ints, columns: Ints, mentor: Ints, enough: int) -> Ints:
    places, everybody = face.places, np.arange(len(face.places))
    new = np.bincount(mentor[mentor != NOBODY], minlength=len(places))
    system = Differences(len(places))
    system.above(everybody, np.full(len(places), -enough))
    system.below(everybody, np.full(len(places), enough))
    free = ~face.must_be_full
    some, more = everybody[free & (new > 0)], everybody[free & (new < places)]
    system.above(some, shares.of_next(shares.load[some] + new[some], shares.capacity[some]))
    system.below(more, shares.of_next(shares.load[more] + new[more] + 1, shares.capacity[more]))
    contented(system, rows, columns, np.zeros(len(rows), dtype=np.int64), mentor)
    placed = (mentor != NOBODY) & face.may_have_nobody
    system.below(mentor[placed], np.zeros(int(placed.sum()), dtype=np.int64))
    alone = columns[mentor[rows] == NOBODY]
    system.above(alone, np.zeros(len(alone), dtype=np.int64))
    return system.middle()


def paid(prices: Ints, mentor: Ints) -> Ints:
    """(n,): the second price of the mentor each mentee has; nothing for having nobody."""
    return np.where(mentor == NOBODY, 0, prices[np.maximum(mentor, 0)])


def _lighter(face: Face, prices: Ints, mentor: Ints) -> tuple[Ints, Ints]:
    """Pairs outside the candidates with whom the load might become more even."""
    own, found = paid(prices, mentor), []
    for begin, fits in face.blocks():
        is_lighter = fits & (prices < own[begin : begin + len(fits), None])
        if is_lighter.any():
            values = (prices << 10) + spread(np.zeros(fits.shape, dtype=np.int16), begin)
            rows, columns = few_lowest(values, is_lighter, AT_MOST_ADDED)
            found.append((begin + rows, columns))
    return together(found)


def is_most_even(face: Face, shares: Shares, mentor: Ints, prices: Ints) -> bool:
    """Whether the second prices prove it; looks at every pair."""
    places, free = face.places, ~face.must_be_full
    own = paid(prices, mentor)
    least = np.where(face.may_have_nobody, np.minimum(own, 0), own)
    for begin, fits in face.blocks():
        offered = np.where(fits, prices, ENDLESS).min(axis=1, initial=ENDLESS)
        least[begin : begin + len(fits)] = np.minimum(least[begin : begin + len(fits)], offered)
    slots = Slots(places)
    costs = shares.of_places(slots)
    taken = slots.owner[free[slots.owner]]
    bound = least.sum() + np.minimum(costs[free[slots.owner]] - prices[taken], 0).sum() - (prices * places)[~free].sum()
    new = np.bincount(mentor[mentor != NOBODY], minlength=len(places))
    spent = costs[(slots.nth < new[slots.owner]) & free[slots.owner]].sum()
    return bool(bound == spent)
