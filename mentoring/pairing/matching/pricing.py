"""The highest total score, proved by a price for a place with each mentor.

Linear programming's duality for assignments (Kuhn 1955): a mentee's best score after paying the mentor's price, summed
over all mentees, and the prices of all places, are never less than any arrangement's total; where they are equal,
there is no better one. Few pairs are given to the solver; pairs that the prices show to be worth it are added until
none is left, so that the proof holds for all of them (column generation, Ford and Fulkerson 1958).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentoring.pairing.matching.candidates import AT_MOST_ADDED, BLOCK, Candidates, few_lowest, together
from mentoring.pairing.matching.differences import Differences
from mentoring.pairing.matching.problem import HIGHEST, Ints, Scores
from mentoring.pairing.matching.slots import NOBODY, Slots, place_cheapest

TWICE = 2
"""Prices are in half points, so that the middle between two whole prices is one."""


@dataclass(frozen=True)
class Prices:
    """What proves a total: in half points, all whole."""

    least: int
    """Holds among arrangements in which every score reaches this."""
    alone: int
    """The cost of having nobody: more than all scores together, so that placing more always comes first."""
    mentor: Ints
    """(m,): the price of a place; 0 where places are left."""

    def costs(self, scores: Scores) -> Ints:
        """What each pair costs the mentee: points missed, and the price."""
        return np.where(scores >= self.least, missed(scores) + self.mentor, self.alone)

    def cheapest(self, scores: Scores, places: Ints) -> Ints:
        """(n,): what each mentee pays at least; looks at every pair."""
        offered = scores[:, places > 0]
        prices = Prices(self.least, self.alone, self.mentor[places > 0])
        blocks = (offered[begin : begin + BLOCK] for begin in range(0, len(offered), BLOCK))
        found = [prices.costs(block).min(axis=1, initial=self.alone) for block in blocks]
        return np.concatenate([np.empty(0, dtype=np.int64), *found])

    def bound(self, scores: Scores, places: Ints) -> int:
        """No arrangement costs less than this."""
        return int(self.cheapest(scores, places).sum() - (self.mentor * places).sum())

    def cost_of(self, mentor: Ints, scores: Scores) -> int:
        """What this arrangement costs, so that it can be held against the bound."""
        placed = np.flatnonzero(mentor != NOBODY)
        return int(missed(scores[placed, mentor[placed]]).sum()) + self.alone * (len(mentor) - len(placed))


def missed(scores: NDArray[Any]) -> Ints:
    """By how much scores miss the highest, in half points."""
    return TWICE * (HIGHEST - scores.astype(np.int64))


def highest_total(scores: Scores, places: Ints) -> int:
    """No arrangement has a higher total than this, however few it places."""
    _mentor, prices = best_total(Candidates(scores, places), 0, alone=TWICE * HIGHEST)
    return HIGHEST * len(scores) - prices.bound(scores, places) // TWICE


def best_total(candidates: Candidates, least: int, *, alone: int = 0) -> tuple[Ints, Prices]:
    """The most placed, and among those the highest total, with scores of at least `least`.

    `alone` is what having nobody costs, in half points; without it, more than all scores together.
    """
    scores, places = candidates.scores, candidates.places
    alone = alone or TWICE * (HIGHEST * len(scores) + 1)
    slots, outside = Slots(places), np.full(len(scores), alone)
    free = np.zeros(len(slots), dtype=np.int64)
    while True:
        rows, columns, found = candidates.pairs(least)
        costs = missed(found)
        mentor = place_cheapest(rows, columns, costs, free, outside, slots)
        prices = Prices(least, alone, _prices(rows, columns, costs, mentor, outside, places, alone))
        more = _cheaper(candidates, prices, mentor)
        if not len(more[0]):
            return mentor, prices
        candidates.add(*more)


def _prices(rows: Ints, columns: Ints, costs: Ints, mentor: Ints, outside: Ints, places: Ints, most: int) -> Ints:
    """Prices at which everybody is content with what they have, as far as the candidates go."""
    system = Differences(len(places))
    is_full = np.bincount(mentor[mentor != NOBODY], minlength=len(places)) >= places
    everybody = np.arange(len(places))
    system.above(everybody, np.zeros(len(places), dtype=np.int64))
    system.below(everybody, np.full(len(places), most))
    system.below(everybody[~is_full], np.zeros(int((~is_full).sum()), dtype=np.int64))
    contented(system, rows, columns, costs, mentor)
    own = own_costs(rows, columns, costs, mentor)
    placed = mentor != NOBODY
    system.below(mentor[placed], outside[placed] - own[placed])
    alone = ~placed[rows]
    system.above(columns[alone], outside[rows[alone]] - costs[alone])
    return system.middle()


def contented(system: Differences, rows: Ints, columns: Ints, costs: Ints, mentor: Ints) -> None:
    """Nobody would pay less with another candidate than with the mentor they have."""
    own = own_costs(rows, columns, costs, mentor)
    others = (mentor[rows] != NOBODY) & (mentor[rows] != columns)
    system.at_most(mentor[rows][others], columns[others], costs[others] - own[rows][others])


def own_costs(rows: Ints, columns: Ints, costs: Ints, mentor: Ints) -> Ints:
    """(n,): the cost of the pair each mentee has; 0 for who has nobody."""
    own = np.zeros(len(mentor), dtype=np.int64)
    chosen = mentor[rows] == columns
    own[rows[chosen]] = costs[chosen]
    return own


def _cheaper(candidates: Candidates, prices: Prices, mentor: Ints) -> tuple[Ints, Ints]:
    """Pairs outside the candidates that would cost a mentee less than what they have now."""
    scores, open_to_all, found = candidates.scores, candidates.places > 0, []
    for begin in range(0, 0 if candidates.is_everything() else len(scores), BLOCK):
        block, own = scores[begin : begin + BLOCK], mentor[begin : begin + BLOCK]
        costs = prices.costs(block)
        paid = np.where(own == NOBODY, prices.alone, costs[np.arange(len(own)), np.maximum(own, 0)])
        rows, columns = few_lowest(costs, (costs < paid[:, None]) & open_to_all, AT_MOST_ADDED)
        found.append((begin + rows, columns))
    return together(found)
