"""The linear program over portions, which grows by those that are worth it (Ford and Fulkerson 1958).

It is begun with a few portions of each mentee; those that its prices show to be worth it are added until none is left.
Then its bound holds for all of them, and so does what each portion would lose.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from mentoring.pairing.matching.linear import HARDLY, Reals, solver
from mentoring.pairing.matching.portions import Flags, Members, Portions
from mentoring.pairing.matching.problem import Ints

AT_MOST_ADDED = 4
"""Portions of each mentee that are added in one round."""
ROUNDING = 1e-3
"""More than prices that are a little off add up to."""
FORGOTTEN = -1


@dataclass(frozen=True)
class Loose:
    """The best that parts of portions allow."""

    bound: float
    loss: Reals
    """(portions,): by how much the goal falls below the bound, at least, with each of them."""

    @property
    def most(self) -> int:
        """The largest whole number a goal of whole numbers might reach; rather too high than too low."""
        return int(np.floor(self.bound + ROUNDING))


class Master:
    """The linear program, with the portions that have been worth it so far."""

    def __init__(self, portions: Portions) -> None:
        self.portions = portions
        program = portions.program
        self._n, self._m = program.problem.mentees, program.problem.mentors
        self._highs = solver()
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        # Below everybody's own rows: places filled, and mentees complete.
        low = np.concatenate([np.where(program.kept > 0, 1.0, -np.inf), np.full(self._m + 2, -np.inf)])
        high = np.concatenate([np.ones(self._n), program.free.astype(np.float64), np.full(2, np.inf)])
        empty = np.empty(0, dtype=np.int32)
        self._highs.addRows(len(low), low, high, 0, np.zeros(len(low), dtype=np.int32), empty, np.empty(0))
        self._active = np.empty(0, dtype=np.int64)
        self._is_active = np.zeros(len(portions), dtype=np.bool_)
        self._add(self._first())

    def _first(self) -> Ints:
        """Of each mentee's best pairs, and all of those who have to have one."""
        portions = self.portions
        return np.flatnonzero(portions.promising | (portions.program.kept > 0)[portions.mentee])

    def _add(self, chosen: Ints) -> None:
        portions, count = self.portions, len(chosen)
        matrix = portions.matrix(chosen)
        # The last two rows are full: every portion says how many places it fills.
        start = matrix.indptr[:-1] + 2 * np.arange(count)
        ends = np.column_stack([np.full(count, self._n + self._m), np.full(count, self._n + self._m + 1)])
        values = np.column_stack([portions.filled[chosen], portions.complete[chosen]])
        index = np.insert(matrix.indices, np.repeat(matrix.indptr[1:], 2), ends.ravel())
        value = np.insert(matrix.data, np.repeat(matrix.indptr[1:], 2), values.ravel())
        self._highs.addCols(
            *(count, np.zeros(count), np.zeros(count), np.ones(count), len(index)),
            *(start.astype(np.int32), index.astype(np.int32), value.astype(np.float64)),
        )
        self._active = np.concatenate([self._active, chosen])
        self._is_active[chosen] = True

    def forget(self, kept: Flags) -> None:
        """From now on only these portions count; what the solver has of others stays there, and is never used."""
        number = np.where(kept, np.cumsum(kept) - 1, FORGOTTEN)
        self.portions = self.portions.where(kept)
        self._active = np.append(number, FORGOTTEN)[self._active]
        self._is_active = self._is_active[kept]

    def keep(self, filled: int, complete: int) -> None:
        """From now on no fewer places are filled, and no fewer mentees complete; nothing is kept of 0 and 0."""
        for row, least in enumerate((filled, complete)):
            self._highs.changeRowBounds(self._n + self._m + row, least or -np.inf, np.inf)

    def best(self, goal: Reals, allowed: Flags, *, enough: float = np.inf, least: float = -np.inf) -> Loose | None:
        """The best of a goal with these portions alone; None where nobody can be given what they must have.

        Not looked for are better ones than `enough`, nor any once it is clear that `least` is not reached.
        """
        self._limit(goal, allowed)
        while True:
            self._highs.run()
            status = self._highs.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            reached = float(self._highs.getInfo().objective_function_value)
            gain = self._gain(goal, allowed)
            best = np.zeros(self._n)
            np.maximum.at(best, self.portions.mentee, gain)
            bound = reached + float(best.sum())
            worth = np.flatnonzero((gain > HARDLY) & ~self._is_active)
            if not len(worth) or reached >= enough or bound < least:
                return Loose(bound if len(worth) else reached, np.where(allowed, np.maximum(-gain, 0), np.inf))
            rank = _rank(self.portions.mentee[worth], gain[worth])
            self._add(worth[rank < AT_MOST_ADDED])
            self._limit(goal, allowed)

    def _limit(self, goal: Reals, allowed: Flags) -> None:
        count = len(self._active)
        everything = np.arange(count, dtype=np.int32)
        # What is forgotten is the last of all.
        may_be, worth = np.append(allowed, False)[self._active], np.append(goal, 0)[self._active]
        self._highs.changeColsCost(count, everything, np.where(may_be, worth, 0))
        self._highs.changeColsBounds(count, everything, np.zeros(count), may_be.astype(np.float64))

    def _gain(self, goal: Reals, allowed: Flags) -> Reals:
        """(portions,): by how much each would be better than what its people are worth."""
        portions, price = self.portions, np.array(self._highs.getSolution().row_dual)
        of_mentor = np.append(price[self._n : self._n + self._m], 0)
        spent = price[portions.mentee] + portions.sum_of(portions.mentors, of_mentor)
        spent += price[-2] * portions.filled + price[-1] * portions.complete
        return np.where(allowed, goal - spent, -np.inf)


def _rank(group: Members, value: Reals | Ints) -> Ints:
    """How many of the same group have a higher value; groups are in ascending order."""
    order = np.lexsort((-value, group))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.searchsorted(group, group[order])
    return rank
