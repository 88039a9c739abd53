"""Several kinds of mentor at once, several mentors of one kind, or smallest groups: level by level.

By portions (`sharing`), or, with smallest groups, by pairs: then each level is a linear program over every pair there
is. Mostly its best values are whole of themselves, as in every network; where they are not, whole ones are sought among
the columns that may still be worth it (reduced cost fixing).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from mentoring.pairing.matching.evening import Shares
from mentoring.pairing.matching.linear import HARDLY, Found, Linear, Reals, Rows, whole_part
from mentoring.pairing.matching.listening import LEVELS, Listener, nobody
from mentoring.pairing.matching.portions import portions_of
from mentoring.pairing.matching.problem import Pair, Problem
from mentoring.pairing.matching.program import Program
from mentoring.pairing.matching.sharing import Sharing
from mentoring.pairing.matching.slots import Slots
from mentoring.pairing.matching.solution import Contradictory

NEAR = 32.0
"""Whole values are sought first among columns that lose less than this when they change."""
FAR = 10_000.0
"""Beyond this they are sought among all."""


MOST_PORTIONS = 4_500_000
"""Up to which all that mentees may be given is listed: 300 x 120 with two kinds, if everybody may have everybody."""


def arrange_jointly(problem: Problem, few: int | None = None, listener: Listener = nobody) -> list[Pair]:
    """The best arrangement, locked pairs included; with `few`, the best among so many pairs of each mentee and kind.

    By portions, unless there are too many of them, or groups that are to be large enough. Raises Contradictory and
    Unanswered.
    """
    program = Program(problem, few)
    portions = portions_of(program, MOST_PORTIONS) if not len(program.grouped) else None
    return Sharing(portions).arrange(listener) if portions is not None else arrange_by_pairs(program, listener)


def arrange_by_pairs(program: Program, listener: Listener = nobody) -> list[Pair]:
    """The same, however many portions there would be, and with smallest groups."""
    joint = Joint(program)
    listener(0, LEVELS)
    most = joint.fill()
    listener(1, LEVELS)
    joint.raise_lowest(most)
    listener(2, LEVELS)
    best = joint.best_total()
    listener(3, LEVELS)
    return joint.program.arrangement(joint.even_out(best))


class Joint:
    """An arrangement on its way through the levels: what has been settled is a row from then on."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.linear = Linear(program.columns, *program.rows())
        self._asked: list[int] = []
        """Rows that hold for the question at hand only."""
        self._least = 0

    def fill(self) -> Found:
        """Levels 1 and 2: as many places filled, then as many mentees complete, as can be."""
        program, weight = self.program, len(self.program.hoping) + 1
        goal = weight * program.filled + program.complete
        self.linear.aim(goal)
        loose = self._kept(self.linear.best)
        if loose is None:
            raise Contradictory
        bound = whole_part(loose.bound)
        tried = self._settle_filled(bound // weight, bound % weight)
        found = self._any_whole(0)
        if found is None:
            # Parts of mentors would fill more than whole ones do.
            self.linear.let_go(tried)
            found = self._kept(lambda: self._whole(goal))
            if found is None:
                raise Contradictory
            self._settle_filled(*divmod(reached(goal, found.values), weight))
        return found

    def _settle_filled(self, filled: int, complete: int) -> list[int]:
        rows = self.linear.add(Rows.one(self.program.filled, low=filled))
        return rows + self.linear.add(Rows.one(self.program.complete, low=complete))

    def raise_lowest(self, known: Found) -> None:
        """Level 3: the lowest mean score as high as can be."""
        filled = reached(self.program.filled, known.values)
        low, high = self.program.lowest_of(known.values), self.program.ceiling(filled)
        probe = high
        while low < high:
            tried = self._any_whole(probe)
            low, high = (low, probe - 1) if tried is None else (self.program.lowest_of(tried.values), high)
            probe = (low + high + 1) // 2
        self._ask(low)

    def best_total(self) -> Found:
        """Level 4: the highest total."""
        self._loose()
        found = self._kept(lambda: self._whole(self.program.total))
        assert found is not None, "What has been found before is among what is sought."
        self.linear.add(Rows.one(self.program.total, low=reached(self.program.total, found.values)))
        return found

    def even_out(self, best: Found) -> Reals:
        """Level 5: the load as even as can be, without losing a point."""
        program, linear = self.program, self.linear
        shares = Shares.of(program.problem.load + program.locked_mentors, program.problem.capacity)
        slots = Slots(program.free)
        self._keep_what_costs_too_much(best)
        linear.widen(len(slots))
        linear.add(_links(program, slots))
        goal = np.concatenate([np.zeros(program.columns), -shares.of_places(slots)])
        known = np.concatenate([best.values, _taken(program, slots, best.values)])
        found = self._kept(lambda: self._whole(goal, known))
        assert found is not None, "What has been found before is among what is sought."
        return found.values[: program.columns]

    def _keep_what_costs_too_much(self, best: Found) -> None:
        """No arrangement of the same total has another value in a column that costs more than there is to spare."""
        to_spare = best.loose - reached(self.program.total, best.values)
        is_free = best.reduced <= to_spare + HARDLY
        self.linear.limit(np.where(is_free, 0, best.values), np.where(is_free, 1, best.values))

    def _ask(self, least: int) -> None:
        """From now on nobody's mean is lower than this, whatever was asked before."""
        self.linear.let_go(self._asked)
        self._asked, self._least = self.linear.add(self.program.lowest(least)), least

    def _any_whole(self, least: int) -> Found | None:
        """Some arrangement in which nobody's mean is lower than this."""
        self._ask(least)
        loose = self._loose()
        if loose is None or loose.is_whole:
            return loose
        near = self._kept(lambda: self._whole_near(loose, NEAR, any_will_do=True))
        return near or self._kept(lambda: self._whole_anywhere(any_will_do=True))

    def _loose(self) -> Found | None:
        """The highest total if parts of mentors could be had, but no parts that whole ones never add up to."""
        self.linear.aim(self.program.total)
        while True:
            found = self._kept(self.linear.best)
            if found is None or found.is_whole:
                return found
            rows = self.program.partners(self._least, found.values)
            if not rows.matrix.shape[0]:
                return found
            self._asked += self.linear.add(rows)

    def _kept(self, answer: Callable[[], Found | None]) -> Found | None:
        """The answer, once it gives nobody two kinds for one mentee."""
        while True:
            found = answer()
            rows = self.program.once(found.values) if found is not None else Rows.none(self.program.columns)
            if not rows.matrix.shape[0]:
                return found
            self.linear.add(rows)

    def _whole(self, goal: Reals, known: Reals | None = None) -> Found | None:
        """The best values of 0 or 1 for a goal of whole numbers; None where there are none.

        With values that are known to keep all conditions, no others are sought if these are as good as any can be.
        """
        self.linear.aim(goal)
        loose = self.linear.best()
        if loose is None or loose.is_whole:
            return loose
        best = whole_part(loose.bound)
        if known is not None and reached(goal, known) >= best:
            return replace(loose, values=known, bound=best)
        gap = NEAR
        while gap < FAR:
            found = self._whole_near(loose, gap)
            lost = best - reached(goal, found.values) if found is not None else 16 * gap
            if lost < gap:
                # Whatever was kept from changing would have lost more.
                assert found is not None
                return replace(found, bound=best - lost, reduced=loose.reduced, loose=loose.bound)
            gap = lost + 1
        return self._whole_anywhere()

    def _whole_near(self, loose: Found, gap: float, *, any_will_do: bool = False) -> Found | None:
        """The best whole values among columns that lose less than the gap when they change; the others stay."""
        near, is_free = np.rint(loose.values), loose.reduced < gap + HARDLY
        self.linear.add(self.program.once_among(is_free))
        is_free &= self.linear.low < self.linear.high
        return self.linear.best_whole_among(is_free, near, any_will_do=any_will_do)

    def _whole_anywhere(self, *, any_will_do: bool = False) -> Found | None:
        is_free = self.linear.low < self.linear.high
        return self.linear.best_whole_among(is_free, self.linear.low, any_will_do=any_will_do)


def _taken(program: Program, slots: Slots, values: Reals) -> Reals:
    """(places,): which are taken, each mentor's first ones first."""
    new = np.bincount(program.mentor, values[: program.pairs], minlength=len(program.free))
    return np.asarray(slots.nth < np.rint(new)[slots.owner], dtype=np.float64)


def _links(program: Program, slots: Slots) -> Rows:
    """A mentor has as many new mentees as places taken."""
    row = np.concatenate([program.mentor, slots.owner])
    column = np.concatenate([np.arange(program.pairs), program.columns + np.arange(len(slots))])
    value = np.repeat([1.0, -1.0], [program.pairs, len(slots)])
    shape = len(program.free), program.columns + len(slots)
    return Rows(csr_array((value, (row, column)), shape=shape), np.zeros(shape[0]), np.zeros(shape[0]))


def reached(goal: Reals, values: Reals) -> int:
    """What whole values are worth for a goal of whole numbers."""
    return round(float(np.dot(goal, values)))
