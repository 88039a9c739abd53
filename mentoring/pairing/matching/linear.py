"""HiGHS (Huangfu and Hall 2018), kept at hand between questions that differ a little: it goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, vstack

from mentoring.pairing.matching.solution import Unanswered

Reals = NDArray[np.float64]
Ints = NDArray[np.int64]

HARDLY = 1e-6
"""Less than this is a solver's rounding."""

OPTIONS: dict[str, bool | int | float] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    # Goals are whole: nothing lies between the best and what is better by less than one.
    "mip_abs_gap": 0.999,
    "mip_feasibility_tolerance": HARDLY,
}
MOST_NODES = 100_000
"""After so many branches the solver gives up. Time would be another limit, but with it the same question could have two
answers."""


@dataclass(frozen=True)
class Rows:
    """Conditions `low <= matrix @ columns <= high`."""

    matrix: csr_array
    low: Reals
    high: Reals

    @classmethod
    def one(cls, weights: Reals, *, low: float = -np.inf, high: float = np.inf) -> Rows:
        return cls(csr_array(weights[None]), np.array([low]), np.array([high]))

    @classmethod
    def none(cls, columns: int) -> Rows:
        return cls(csr_array((0, columns)), np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Found:
    """The best values of the columns, and what no values exceed."""

    values: Reals
    bound: float
    reduced: Reals
    """How far the goal falls below `loose`, at least, when a column is moved off its value in the loose answer."""
    loose: float
    """The best with parts of columns allowed."""

    @property
    def is_whole(self) -> bool:
        return bool(np.abs(self.values - np.rint(self.values)).max(initial=0) < HARDLY)


def solver(most_nodes: int = MOST_NODES) -> Any:
    """HiGHS as we ask it."""
    # The class around this one prints a banner for each.
    highs = highspy._Highs()  # type: ignore[attr-defined]
    for name, value in OPTIONS.items():
        highs.setOptionValue(name, value)
    highs.setOptionValue("mip_max_nodes", most_nodes)
    return highs


def whole_part(bound: float) -> int:
    """The largest whole number a goal of whole numbers can reach, where the solver says that this is the most."""
    return int(np.floor(bound + HARDLY * max(1.0, abs(bound) / 1000)))


class Linear:
    """Columns between 0 and 1, rows that can be added and taken back, and a goal to be as large as can be."""

    def __init__(self, columns: int, *rows: Rows, most_nodes: int = MOST_NODES) -> None:
        self.columns, self.most_nodes = columns, most_nodes
        self._all = np.arange(columns, dtype=np.int32)
        self._highs = solver(most_nodes)
        self._highs.addVars(columns, np.zeros(columns), np.ones(columns))
        self.low, self.high, self.goal = np.zeros(columns), np.ones(columns), np.zeros(columns)
        self._added: list[Rows] = []
        self._gone: set[int] = set()
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for each in rows:
            self.add(each)

    @property
    def rows(self) -> int:
        return int(self._highs.getNumRow())

    def add(self, rows: Rows) -> list[int]:
        """The numbers of the rows that were added, by which they can be let go again."""
        matrix, first = rows.matrix, self.rows
        self._highs.addRows(
            matrix.shape[0],
            rows.low,
            rows.high,
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
        )
        self._added.append(rows)
        return list(range(first, self.rows))

    def let_go(self, rows: Sequence[int]) -> None:
        """These need no longer be kept. They stay where they are: without them the solver would begin anew."""
        self._gone.update(rows)
        for row in rows:
            self._highs.changeRowBounds(row, -np.inf, np.inf)

    def widen(self, columns: int) -> None:
        """Further columns, which are in no row yet."""
        self._highs.addVars(columns, np.zeros(columns), np.ones(columns))
        self.columns += columns
        self.low, self.high = np.append(self.low, np.zeros(columns)), np.append(self.high, np.ones(columns))
        self.goal = np.append(self.goal, np.zeros(columns))
        self._all = np.arange(self.columns, dtype=np.int32)

    def aim(self, goal: Reals) -> None:
        self.goal = goal.astype(np.float64)
        self._highs.changeColsCost(self.columns, self._all, self.goal)

    def limit(self, low: Reals, high: Reals) -> None:
        self.low, self.high = low.astype(np.float64), high.astype(np.float64)
        self._highs.changeColsBounds(self.columns, self._all, self.low, self.high)

    def best(self) -> Found | None:
        """The best values, parts of columns allowed; None where no values keep all conditions."""
        if not self._run():
            return None
        solution = self._highs.getSolution()
        values, reduced = np.array(solution.col_value), np.abs(np.array(solution.col_dual))
        bound = float(self._highs.getInfo().objective_function_value)
        return Found(values, bound, reduced, bound)

    def best_whole(self, *, any_will_do: bool = False) -> Found | None:
        """The best values of 0 or 1, or any that keep all conditions; None where there are none."""
        self._highs.setOptionValue("mip_abs_gap", np.inf if any_will_do else OPTIONS["mip_abs_gap"])
        self._highs.setOptionValue("mip_rel_gap", np.inf if any_will_do else OPTIONS["mip_rel_gap"])
        basis = self._highs.getBasis()
        self._be(highspy.HighsVarType.kInteger)
        try:
            if not self._run():
                return None
            values = np.rint(np.array(self._highs.getSolution().col_value))
            return Found(values, float(self._highs.getInfo().mip_dual_bound), np.zeros(self.columns), np.inf)
        finally:
            self._be(highspy.HighsVarType.kContinuous)
            if basis.valid:
                self._highs.setBasis(basis)  # Or the next question would begin anew.

    def best_whole_among(self, free: NDArray[np.bool_], values: Reals, *, any_will_do: bool = False) -> Found | None:
        """The best values of 0 or 1 for some columns, while the others stay at these values.

        Asked of a solver of its own, which knows only rows that are kept and columns that are free.
        """
        matrix, low, high = self._kept()
        settled = matrix[:, ~free] @ values[~free]
        rows = Rows(csr_array(matrix[:, free]), low - settled, high - settled)
        few = Linear(int(free.sum()), rows, most_nodes=self.most_nodes)
        few.limit(self.low[free], self.high[free])
        few.aim(self.goal[free])
        found = few.best_whole(any_will_do=any_will_do)
        if found is None:
            return None
        together = values.copy()
        together[free] = found.values
        bound = found.bound + float(np.dot(self.goal[~free], values[~free]))
        return Found(together, bound, np.zeros(self.columns), np.inf)

    def _kept(self) -> tuple[csc_array, Reals, Reals]:
        """All rows that were not let go; those from before there were more columns are as wide as the others."""
        kept = np.delete(np.arange(self.rows), sorted(self._gone))
        widened = [_widened(each.matrix, self.columns) for each in self._added]
        low, high = (np.concatenate([getattr(each, name) for each in self._added]) for name in ("low", "high"))
        return csc_array(vstack(widened, format="csr")[kept]), low[kept], high[kept]

    def _be(self, kind: Any) -> None:
        self._highs.changeColsIntegrality(self.columns, self._all, [kind] * self.columns)

    def _run(self) -> bool:
        if not self.columns:
            # The solver calls this empty, and looks at no row.
            _matrix, low, high = self._kept()
            return bool((low <= HARDLY).all() and (high >= -HARDLY).all())
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        if status != highspy.HighsModelStatus.kOptimal:
            raise Unanswered(str(status))
        return True


def _widened(matrix: csr_array, columns: int) -> csr_array:
    return csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], columns))
