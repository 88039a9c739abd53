"""Every circle that may be formed, as rows of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentoring.pairing.matching.gathering import Circle, Gathering
from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Ints

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Choices:
    """Circles with their lowest mean score and the sum of mean scores, both times the gathering's unit."""

    gathering: Gathering
    circles: tuple[Circle, ...]
    lowest: Ints
    total: Ints

    def __len__(self) -> int:
        return len(self.circles)

    @cached_property
    def size(self) -> Ints:
        return np.array([len(each) for each in self.circles], dtype=np.int64)

    @cached_property
    def members(self) -> csr_array:
        """(people, circles): who is in which."""
        column = np.repeat(np.arange(len(self)), self.size)
        row = np.array([person for each in self.circles for person in each], dtype=np.int64)
        return csr_array((np.ones(len(row)), (row, column)), shape=(self.gathering.people, len(self)))

    def values(self, chosen: Sequence[Circle]) -> NDArray[np.float64]:
        """1 for each of these circles, which are among them."""
        number = {circle: each for each, circle in enumerate(self.circles)}
        values = np.zeros(len(self))
        values[[number[circle] for circle in chosen]] = 1
        return values


def choices_of(gathering: Gathering, least: int, most: int) -> Choices | None:
    """All circles in which nobody's mean score is lower than `least` (times `unit`); None where that is too many.

    Circles grow by one person at a time, in order of rows; dropped is what can never be good enough, whoever joins.
    """
    allowed = worth_meeting(gathering, least)
    tops = best_sums(gathering, allowed)
    worth, n = gathering.worth.astype(np.int64), gathering.people
    members = np.arange(n)[:, None]
    own = np.zeros((n, 1), dtype=np.int64)
    open_to = allowed & (np.arange(n) > np.arange(n)[:, None])
    found: list[tuple[Ints, Ints]] = []
    count = 0
    for size in range(2, gathering.largest + 1):
        if int(open_to.sum()) > 4 * most:
            return None
        begun, added = np.nonzero(open_to)
        with_added = worth[members[begun], added[:, None]]
        own = np.column_stack([own[begun] + with_added, with_added.sum(axis=1)])
        members = np.column_stack([members[begun], added])
        good = may_be_good(gathering, members, own, tops, least)
        members, own = members[good], own[good]
        open_to = (open_to[begun] & allowed[added] & (np.arange(n) > added[:, None]))[good]
        if size >= gathering.smallest:
            fits = (own.min(axis=1, initial=HIGHEST * size) * (gathering.unit // (size - 1)) >= least) & _whole_units(
                gathering, members
            )
            found.append((members[fits], own[fits]))
            count += int(fits.sum())
            if count > most:
                return None
    return _together(gathering, found)


def _together(gathering: Gathering, found: Sequence[tuple[Ints, Ints]]) -> Choices:
    circles: list[Circle] = []
    lowest, total = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for members, own in found:
        circles += map(tuple, members.tolist())
        points = gathering.unit // (members.shape[1] - 1)
        lowest.append(own.min(axis=1, initial=HIGHEST * members.shape[1]) * points)
        total.append(own.sum(axis=1) * points)
    return Choices(gathering, tuple(circles), np.concatenate(lowest), np.concatenate(total))


def _whole_units(gathering: Gathering, members: Ints) -> Flags:
    """Whether nobody in it is torn from those they are kept with."""
    fits = np.ones(len(members), dtype=np.bool_)
    for each in gathering.together:
        there = np.isin(members, each).sum(axis=1)
        fits &= (there == 0) | (there == len(each))
    return fits


def worth_meeting(gathering: Gathering, least: int) -> Flags:
    """(n, n): who may be in one circle with whom if nobody's mean is to be lower than `least`.

    For both there has to be a size at which the other's score and their own best make a good mean; what falls away
    makes others' best worse, so it is looked at again.
    """
    worth, unit = gathering.worth.astype(np.int64), gathering.unit
    allowed: Flags = worth != NOT_ALLOWED
    np.fill_diagonal(allowed, val=False)
    while True:
        tops = best_sums(gathering, allowed)
        good = np.zeros_like(allowed)
        for size in range(gathering.smallest, gathering.largest + 1):
            good |= unit * (worth + tops[:, [size - 2]]) >= least * (size - 1)
        now = allowed & good & good.T
        if (now == allowed).all():
            return allowed
        allowed = now


def best_sums(gathering: Gathering, allowed: Flags) -> Ints:
    """(n, largest): what each person's best so many others score together; hopeless where there are not so many."""
    hopeless = -(10**9)
    ranked = -np.sort(-np.where(allowed, gathering.worth.astype(np.int64), hopeless), axis=1)[:, : gathering.largest]
    sums = np.cumsum(ranked, axis=1)
    padded = np.full((gathering.people, gathering.largest), hopeless)
    padded[:, 0] = 0
    room = min(gathering.largest - 1, sums.shape[1])
    padded[:, 1 : room + 1] = sums[:, :room]
    return padded


def may_be_good(gathering: Gathering, members: Ints, own: Ints, tops: Ints, least: int) -> Flags:
    """Whether such people, with the best others that each could wish for, reach this mean at some size."""
    size = members.shape[1]
    good = np.zeros(len(members), dtype=np.bool_)
    for final in range(max(size, gathering.smallest), gathering.largest + 1):
        best = own + tops[members, final - size]
        good |= (gathering.unit * best >= least * (final - 1)).all(axis=1)
    return good
