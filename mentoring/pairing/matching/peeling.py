"""How good circles can be at most, seen from each person alone: who has nobody good enough falls away."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from mentoring.pairing.matching.choices import Flags, best_sums, worth_meeting
from mentoring.pairing.matching.gathering import Gathering, Harmony, pairs_of
from mentoring.pairing.matching.linear import Linear, Rows, whole_part
from mentoring.pairing.matching.problem import HIGHEST

MOST_PAIRS = 12_000
"""Up to so many pairs the total is bounded by a linear program; beyond, by everybody's best."""


def bounds(gathering: Gathering, found: Harmony) -> Harmony:
    """No parting that is as good as what was found on the levels before is better than this on any level."""
    lowest = highest_lowest(gathering, found.placed)
    return Harmony(
        placed=most_placed(gathering),
        lowest=max(lowest, found.lowest),
        total=max(highest_total(gathering, found), found.total),
        evenness=-least_squares(gathering, found.placed),
    )


def most_placed(gathering: Gathering, least: int = 0) -> int:
    """No circles in which everybody's mean (times `unit`) reaches this hold more people."""
    allowed = worth_meeting(gathering, least)
    there = np.flatnonzero(allowed.any(axis=1))
    if not len(there):
        return 0
    among = csr_array(allowed[np.ix_(there, there)].astype(np.int8))
    _count, part = connected_components(among, directed=False)
    return sum(fitting(int(people), gathering) for people in np.bincount(part))


def fitting(people: int, gathering: Gathering) -> int:
    """The largest number up to this that circles can add up to."""
    smallest, largest = gathering.smallest, gathering.largest
    return next(count for count in range(people, -1, -1) if -(-count // largest) * smallest <= count)


def highest_lowest(gathering: Gathering, placed: int) -> Fraction:
    """With so many placed, the lowest mean is not higher than this."""
    low, high = 0, HIGHEST * gathering.unit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if most_placed(gathering, middle) >= placed else (low, middle - 1)
    return Fraction(low, gathering.unit)


def highest_total(gathering: Gathering, found: Harmony) -> Fraction:
    """A circle of `k` is `k * (k - 1) / 2` pairs, of which each counts for two parts of `k - 1`.

    So nobody has more than one whole in parts, nor more of one other person than in a circle of the smallest size.
    """
    allowed = worth_meeting(gathering, int(found.lowest * gathering.unit))
    first, second = pairs_of(allowed)
    others = gathering.smallest - 1
    if len(first) > MOST_PAIRS or not len(first):
        return _sum_of_best(gathering, allowed)
    column = np.arange(len(first))
    matrix = csr_array(
        (np.ones(2 * len(first)), (np.concatenate([first, second]), np.concatenate([column, column]))),
        shape=(gathering.people, len(first)),
    )
    count = np.full(gathering.people, float(others))
    linear = Linear(len(first), Rows(matrix, np.full(gathering.people, -np.inf), count))
    linear.aim(2 * gathering.worth[first, second].astype(np.float64))
    best = linear.best()
    assert best is not None, "Nobody in any circle is a parting too."
    return Fraction(whole_part(best.bound * gathering.unit / others), gathering.unit)


def _sum_of_best(gathering: Gathering, allowed: Flags) -> Fraction:
    best = best_sums(gathering, allowed)[:, gathering.smallest - 1]
    return Fraction(int(np.maximum(best, 0).sum()), gathering.smallest - 1)


def least_squares(gathering: Gathering, placed: int) -> int:
    """The least sum of sizes squared for so many people."""
    smallest, largest = gathering.smallest, gathering.largest
    numbers = [count for count in range(placed + 1) if count * smallest <= placed <= count * largest]
    return min((_even(placed, count) for count in numbers), default=0)


def _even(people: int, circles: int) -> int:
    if not circles:
        return 0
    size, more = divmod(people, circles)
    return (circles - more) * size**2 + more * (size + 1) ** 2
