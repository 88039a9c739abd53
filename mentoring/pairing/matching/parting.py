"""The best circles among all that may be formed, level by level.

Everybody is in one circle at most: a set packing, whose linear program is close to whole once odd groups of people are
seen to (Edmonds 1965; Chvatal 1973): of an odd number no more pairs can be made than halves make. Where it is not
whole, whole answers are sought among circles that may still be worth it, as in `joint`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from mentoring.pairing.matching.choices import Choices, Flags
from mentoring.pairing.matching.gathering import Circle
from mentoring.pairing.matching.joint import reached
from mentoring.pairing.matching.linear import HARDLY, Found, Linear, Reals, Rows, whole_part
from mentoring.pairing.matching.problem import HIGHEST, Ints
from mentoring.pairing.matching.solution import Contradictory

FIRST = 16
"""Whole answers are sought first among circles that lose less than this part of what there is to gain."""
NEAR = 0.5
"""And among those that lose less than this share of one person's mean score."""
MOST_NODES = 1_000
"""Branches after which the best that is known has to do: among people who have said little, circles are all alike, and
the solver would try them out one after the other."""
MOST_CUTS = 30
"""Odd groups that are looked at in one round: those that are broken most."""
MOST_TRIPLES = 60
"""People in parts of circles up to which every three of them are looked at."""


class Parting:
    """Circles on their way through the levels: what has been settled is a row from then on."""

    def __init__(self, choices: Choices, known: Sequence[Circle] | None) -> None:
        self.choices = choices
        self.known = None if known is None else choices.values(known)
        """1 for every circle of the best answer so far."""
        people = choices.gathering.people
        kept = np.full(people, -np.inf)
        kept[[person for each in choices.gathering.together for person in each]] = 1
        self.linear = Linear(len(choices), Rows(choices.members, kept, np.ones(people)), most_nodes=MOST_NODES)
        self._size = choices.size.astype(np.float64)
        self._total = choices.total.astype(np.float64)
        self._asked: set[tuple[int, ...]] = set()

    def fill(self, most: int) -> None:
        """Level 1: as many people placed as can be; with `most`, no more are sought.

        Raises Contradictory where people who are kept together cannot be placed.
        """
        if self.known is None or self.placed < most:
            self.linear.aim(self._size)
            loose = self.linear.best()
            if loose is None:
                raise Contradictory
            self._fill_up_to(min(most, whole_part(loose.bound)))
        self.linear.add(Rows.one(self._size, low=self.placed))

    def _fill_up_to(self, most: int) -> None:
        row = self.linear.add(Rows.one(self._size, low=most))
        if not self._find(self._everything):
            self.linear.let_go(row)
            self.linear.aim(self._size)
            found = self._anywhere(self._everything)
            if found is None:
                raise Contradictory
            self.known = found.values

    @property
    def _everything(self) -> Flags:
        return np.ones(len(self.choices), dtype=np.bool_)

    @property
    def placed(self) -> int:
        return 0 if self.known is None else reached(self._size, self.known)

    @property
    def lowest(self) -> int:
        """Of what is known; the highest there is where nobody is placed."""
        assert self.known is not None
        return int(self.choices.lowest[self.known > 0.5].min(initial=HIGHEST * self.choices.gathering.unit))

    def raise_lowest(self, most: int) -> None:
        """Level 2: the lowest mean as high as can be, but no higher than `most`."""
        lowest = self.choices.lowest
        steps = np.unique(lowest[(lowest > self.lowest) & (lowest <= most)])
        steps = steps[: self._loosely_possible(steps)]
        # Mostly the highest that parts of circles allow can be had.
        probe = len(steps) - 1
        while len(steps):
            steps = steps[steps > self.lowest] if self._find(lowest >= steps[probe]) else steps[:probe]
            probe = len(steps) // 2
        self.linear.limit(np.zeros(len(lowest)), (lowest >= self.lowest).astype(np.float64))

    def _loosely_possible(self, steps: Ints) -> int:
        """How many of these can be reached if parts of circles could be had."""
        low, high = 0, len(steps)
        while low < high:
            middle = (low + high + 1) // 2
            possible = self._loose(self.choices.lowest >= steps[middle - 1]) is not None
            low, high = (middle, high) if possible else (low, middle - 1)
        return low

    def raise_total(self) -> None:
        """Level 3, then level 4: the highest total, and of those the most even sizes."""
        allowed = self.linear.high > 0
        loose = self._improve(self._total, allowed)
        total = reached(self._total, self._sure)
        self.linear.add(Rows.one(self._total, low=total))
        may_change, stays = allowed & (loose.reduced <= loose.bound - total + 0.5), np.rint(loose.values)
        self.linear.limit(np.where(may_change, 0, stays), np.where(may_change, 1, stays))
        self._improve(-(self._size**2), may_change)

    @property
    def _sure(self) -> Reals:
        assert self.known is not None
        return self.known

    def _improve(self, goal: Reals, allowed: Flags) -> Found:
        """The best for a goal of whole numbers becomes known."""
        self.linear.aim(goal)
        loose = self._tightened()
        assert loose is not None, "What is known is among what is sought."
        if loose.is_whole:
            self.known = np.rint(loose.values)
        gap = (loose.bound - reached(goal, self._sure)) / FIRST
        while reached(goal, self._sure) < whole_part(loose.bound):
            is_free = allowed & (loose.reduced < gap + HARDLY)
            found = self.linear.best_whole_among(is_free, np.rint(loose.values))
            if found is not None and reached(goal, found.values) > reached(goal, self._sure):
                self.known = found.values
            lost = loose.bound - reached(goal, self._sure)
            if lost < gap + 0.5:
                # Whatever was kept from changing would have lost as much.
                break
            gap = min(lost, 4 * gap)
        return loose

    def _find(self, allowed: Flags) -> bool:
        """Whether any whole answer is among these; it becomes known."""
        loose = self._loose(allowed)
        if loose is None:
            return False
        if loose.is_whole:
            self.known = np.rint(loose.values)
            return True
        near = allowed & (loose.reduced < NEAR * loose.bound / self.choices.gathering.people)
        found = self.linear.best_whole_among(near, np.rint(loose.values), any_will_do=True)
        found = found or self._anywhere(allowed, any_will_do=True)
        self.known = self.known if found is None else found.values
        return found is not None

    def _loose(self, allowed: Flags) -> Found | None:
        """The highest total if parts of these circles could be had."""
        self.linear.limit(np.zeros(len(allowed)), allowed.astype(np.float64))
        self.linear.aim(self._total)
        return self._tightened()

    def _anywhere(self, allowed: Flags, *, any_will_do: bool = False) -> Found | None:
        return self.linear.best_whole_among(allowed, np.zeros(len(allowed)), any_will_do=any_will_do)

    def _tightened(self) -> Found | None:
        while True:
            found = self.linear.best()
            if found is None or found.is_whole:
                return found
            broken = [each for each in self._odd_groups(found.values) if each not in self._asked]
            if not broken:
                return found
            self._asked.update(broken)
            self.linear.add(self._halves(broken))

    def _halves(self, groups: list[tuple[int, ...]]) -> Rows:
        """Of each group no more pairs are in circles than halves of it make."""
        chosen = np.zeros((len(groups), self.choices.gathering.people))
        for row, group in enumerate(groups):
            chosen[row, list(group)] = 1
        matrix = csr_array((csr_array(chosen) @ self.choices.members).tocsr())
        matrix.data = np.floor(matrix.data / 2)
        matrix.eliminate_zeros()
        most = np.array([len(group) // 2 for group in groups], dtype=np.float64)
        return Rows(matrix, np.full(len(groups), -np.inf), most)

    def _odd_groups(self, values: Reals) -> list[tuple[int, ...]]:
        """Those that are broken, the worst first."""
        parts = np.flatnonzero((values > HARDLY) & (values < 1 - HARDLY))
        there = self.choices.members[:, parts].toarray()
        people = np.flatnonzero(there.any(axis=1))
        there, values = there[people], values[parts]
        groups = [*_odd_components(there), *(_triples(there, values) if len(people) <= MOST_TRIPLES else ())]
        worth = {group: float((there[list(group)].sum(axis=0) // 2) @ values) - len(group) // 2 for group in groups}
        broken = sorted((each for each in worth if worth[each] > 1000 * HARDLY), key=lambda each: (-worth[each], each))
        return [tuple(int(people[each]) for each in group) for group in broken[:MOST_CUTS]]

    def circles(self) -> tuple[Circle, ...]:
        """Those that are known."""
        return tuple(sorted(self.choices.circles[each] for each in np.flatnonzero(self._sure > 0.5)))


def _odd_components(there: Reals) -> Iterator[tuple[int, ...]]:
    """People who are linked by parts of circles, where their number is odd."""
    _count, part = connected_components(csr_array(there @ there.T), directed=False)
    for number in np.unique(part):
        group = np.flatnonzero(part == number)
        if len(group) % 2:
            yield tuple(map(int, group))


def _triples(there: Reals, values: Reals) -> Iterator[tuple[int, ...]]:
    """Every three of whom more than one whole circle has two."""
    two = (there * values) @ there.T
    for first, second, third in combinations(range(len(there)), 3):
        pairs = two[first, second] + two[first, third] + two[second, third]
        if pairs > 1 + HARDLY:
            yield first, second, third
