"""Several kinds of mentor at once, by portions: each mentee gets one of what they may be given, level by level.

The linear program over portions (Dantzig and Wolfe 1960) has a row for each mentee and each mentor and nothing else: a
mean that is too low, or one person for two kinds, is no portion. Whole answers are sought among portions that lose no
more than there is to lose.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from mentoring.pairing.matching.evening import Shares
from mentoring.pairing.matching.growing import ROUNDING, Loose, Master
from mentoring.pairing.matching.linear import HARDLY, Linear, Reals, Rows, whole_part
from mentoring.pairing.matching.listening import LEVELS, Listener, nobody
from mentoring.pairing.matching.portions import Flags, Portions
from mentoring.pairing.matching.problem import HIGHEST, Ints, Pair
from mentoring.pairing.matching.slots import Slots

NEAR = 16.0
"""Whole answers are sought first among portions that lose less than this many points."""


class Sharing:
    """An arrangement on its way through the levels."""

    def __init__(self, portions: Portions) -> None:
        self.program = portions.program
        self.master = Master(portions)
        self.chosen = np.empty(0, dtype=np.int64)
        """The portions of the best arrangement so far."""
        self._weight = len(self.program.hoping) + 1
        self._know()

    def _know(self) -> None:
        """What counts of the portions there are."""
        self.portions = self.master.portions
        self._filled, self._score = self.portions.filled.astype(np.float64), self.portions.score.astype(np.float64)
        self._complete = self.portions.complete.astype(np.float64)
        self._most = self._weight * self._filled + self._complete
        """Levels 1 and 2 in one number."""

    def _forget_worse(self) -> None:
        """Nobody's mean becomes lower again than it is now."""
        kept = self.portions.mean >= self.lowest
        self.chosen = (np.cumsum(kept) - 1)[self.chosen]
        self.master.forget(kept)
        self._know()

    def arrange(self, listener: Listener = nobody) -> list[Pair]:
        if not len(self.portions):
            return self.portions.arrangement(self.chosen)
        listener(0, LEVELS)
        self.fill()
        listener(1, LEVELS)
        self.raise_lowest()
        listener(2, LEVELS)
        possible = self.raise_total()
        listener(3, LEVELS)
        self.even_out(possible)
        return self.portions.arrangement(self.chosen)

    def fill(self) -> None:
        """Levels 1 and 2: as many places filled, then as many mentees complete, as can be."""
        everything = np.ones(len(self.portions), dtype=np.bool_)
        loose = self.master.best(self._most, everything)
        assert loose is not None, "Nobody more is an arrangement too."
        target = loose.most
        if not self._find(loose, target):
            self.chosen = self._best_within(loose, self._most, everything)
        self._target = self._reached(self._most)
        self._forget_worse()

    def _reached(self, goal: Reals) -> int:
        return round(float(goal[self.chosen].sum()))

    def raise_lowest(self) -> None:
        """Level 3: the lowest mean score as high as can be."""
        mean, target = self.portions.mean, self._target
        filled = target // self._weight
        # Where nobody is placed, nobody's mean is low.
        steps = np.unique(np.append(mean, self.program.size * HIGHEST))
        steps = steps[(steps > self.lowest) & (steps <= self.program.ceiling(filled))]
        low, high = 0, len(steps)
        while low < high:
            middle = (low + high + 1) // 2
            loose = self._loosely(int(steps[middle - 1]), exactly=False)
            low, high = (middle, high) if loose is not None else (low, middle - 1)
        steps = steps[:low]
        # Mostly the highest that parts of portions allow can be had.
        probe = len(steps) - 1
        while len(steps):
            loose = self._loosely(int(steps[probe]), exactly=True)
            is_found = loose is not None and self._find(loose, target)
            steps = steps[steps > self.lowest] if is_found else steps[:probe]
            probe = len(steps) // 2
        self._forget_worse()

    @property
    def lowest(self) -> int:
        values = np.zeros(self.program.columns)
        made = self.portions.pairs[self.chosen]
        values[made[made >= 0]] = 1
        return self.program.lowest_of(values)

    def _loosely(self, least: int, *, exactly: bool) -> Loose | None:
        """None where not even parts of portions with such means fill as much."""
        self.master.keep(0, 0)
        enough = np.inf if exactly else self._target - HARDLY
        allowed = self.portions.mean >= least
        loose = self.master.best(self._most, allowed, enough=enough, least=self._target - 0.5)
        return loose if loose is not None and loose.most >= self._target else None

    def _find(self, loose: Loose, target: int) -> bool:
        """Whether there is an arrangement that fills so much; then it is chosen.

        Only portions count that do not lose too much for it; among them a high total is looked for first.
        """
        possible = loose.loss <= loose.bound - target + ROUNDING
        self.master.keep(*divmod(target, self._weight))
        near = self.master.best(self._score, possible)
        self.master.keep(0, 0)
        gap = NEAR
        while near is not None:
            among = near.loss <= gap
            found = self._whole(among, self._score, target, any_will_do=True)
            if found is not None:
                self.chosen = found
                return True
            if among.sum() == possible.sum():
                break
            gap = 8 * gap if gap < 1000 else np.finfo(np.float64).max
        return False

    def _best_within(self, loose: Loose, goal: Reals, allowed: Flags) -> Ints:
        """The best whole answer, where the first guess was too high."""
        gap = 1.0
        while True:
            among = allowed & (loose.loss <= gap)
            found = self._whole(among, goal, 0)
            lost = loose.bound - float(goal[found].sum()) if found is not None else np.inf
            if found is not None and (lost < gap + 0.5 or among.sum() == allowed.sum()):
                return found
            gap = min(lost, 16 * gap)

    def raise_total(self) -> Flags:
        """Level 4: the highest total. Answers the portions that any other arrangement of this total is made of."""
        loose = self._loosely(self.lowest, exactly=True)
        assert loose is not None, "What has been found before is among what is sought."
        possible = loose.loss <= loose.bound - self._target + ROUNDING
        self.master.keep(*divmod(self._target, self._weight))
        loose = self.master.best(self._score, possible)
        assert loose is not None, "What has been found before is among what is sought."
        gap = min(NEAR, loose.bound - self._reached(self._score))
        while self._reached(self._score) < loose.most:
            found = self._whole(loose.loss <= gap, self._score, self._target)
            if found is not None and self._score[found].sum() > self._reached(self._score):
                self.chosen = found
            lost = loose.bound - self._reached(self._score)
            if lost < gap + 0.5:
                # Whatever was left out would have lost as much.
                break
            gap = min(lost, 4 * gap)
        return np.asarray(loose.loss <= loose.bound - self._reached(self._score) + ROUNDING)

    def even_out(self, possible: Flags) -> None:
        """Level 5: the load as even as can be, without losing a point."""
        program, total = self.program, self._reached(self._score)
        among = np.flatnonzero(possible)
        if not len(among):
            return
        shares = Shares.of(program.problem.load + program.locked_mentors, program.problem.capacity)
        slots = Slots(program.free)
        linear = self._among(among, self._target)
        linear.add(Rows.one(self._score[among], low=total))
        linear.widen(len(slots))
        linear.add(self._links(among, slots))
        costs = shares.of_places(slots)
        linear.aim(np.concatenate([np.zeros(len(among)), -costs]))
        loose = linear.best()
        assert loose is not None, "What has been found before is among what is sought."
        if not loose.is_whole:
            new = np.bincount(self.portions.mentors[self.chosen].ravel(), minlength=len(program.free) + 1)
            known = -int(costs[slots.nth < new[slots.owner]].sum())
            is_free = loose.reduced <= loose.bound - known + HARDLY
            loose = linear.best_whole_among(is_free, np.rint(loose.values)) if known < whole_part(loose.bound) else None
        if loose is not None:
            self.chosen = among[np.flatnonzero(loose.values[: len(among)] > 0.5)]

    def _links(self, among: Ints, slots: Slots) -> Rows:
        """A mentor has as many new mentees as places taken."""
        n, m = self.program.problem.mentees, self.program.problem.mentors
        theirs = csr_array(self.portions.matrix(among)[n:]).tocoo()
        row, column = np.concatenate([theirs.row, slots.owner]), len(among) + np.arange(len(slots))
        values = np.concatenate([theirs.data, -np.ones(len(slots))])
        matrix = csr_array((values, (row, np.concatenate([theirs.col, column]))), shape=(m, len(among) + len(slots)))
        return Rows(matrix, np.zeros(m), np.zeros(m))

    def _whole(self, allowed: Flags, goal: Reals, target: int, *, any_will_do: bool = False) -> Ints | None:
        """The best portions of these that fill so much, or any that do."""
        among = np.flatnonzero(allowed)
        if not len(among):
            return None if target or self.program.kept.any() else among
        linear = self._among(among, target)
        linear.aim(goal[among])
        found = linear.best()
        if found is not None and not found.is_whole:
            found = linear.best_whole(any_will_do=any_will_do)
        return None if found is None else among[np.flatnonzero(found.values > 0.5)]

    def _among(self, among: Ints, target: int) -> Linear:
        program, (filled, complete) = self.program, divmod(target, self._weight)
        low = np.concatenate([np.where(program.kept > 0, 1.0, -np.inf), np.full(len(program.free), -np.inf)])
        high = np.concatenate([np.ones(len(program.kept)), program.free])
        everybody = Rows(csr_array(self.portions.matrix(among)), low, high)
        enough = Rows.one(self._filled[among], low=filled), Rows.one(self._complete[among], low=complete)
        return Linear(len(among), everybody, *enough)
