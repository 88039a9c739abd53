"""Larger classes, against one plain integer program for each level: another model and scipy's own door to a solver."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from mentoring.pairing.matching.problem import NOT_ALLOWED, Levels, Problem
from mentoring.pairing.matching.solving import solve
from tests.mentoring.matching.classes import likely_scores

Matrix = NDArray[np.float64]


class Integers:
    """x[kind, mentee, mentor], then who is complete, then places taken; a level is kept while the next is sought."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pairs = [
            (k, int(i), int(j)) for k, some in enumerate(problem.scores) for i, j in np.argwhere(some != NOT_ALLOWED)
        ]
        self.places = [(j, nth + 1) for j in range(problem.mentors) for nth in range(int(problem.free[j]))]
        self.size = len(self.pairs) + problem.mentees + len(self.places)
        self.score = np.zeros(self.size)
        self.score[: len(self.pairs)] = [problem.scores[k][i, j] for k, i, j in self.pairs]
        self.made = np.zeros(self.size)
        self.made[: len(self.pairs)] = 1
        self.complete = np.zeros(self.size)
        self.complete[len(self.pairs) :][: problem.mentees] = 1
        self.kept: list[LinearConstraint] = [
            LinearConstraint(np.array(rows), low, high) for rows, low, high in self.rules()
        ]

    def row(self, **which: int) -> Matrix:
        """1 for every pair of this kind, mentee and mentor."""
        wanted = [which.get(name) for name in ("kind", "mentee", "mentor")]
        row = np.zeros(self.size)
        row[: len(self.pairs)] = [
            all(want is None or want == is_ for want, is_ in zip(wanted, pair, strict=True)) for pair in self.pairs
        ]
        return row

    def rules(self) -> list[tuple[list[Matrix], float, float]]:
        problem, base = self.problem, len(self.pairs)
        found: list[tuple[list[Matrix], float, float]] = []
        for mentee in range(problem.mentees):
            for kind in range(problem.kinds):
                of_kind = self.row(kind=kind, mentee=mentee)
                found.append(([of_kind], 0, 1))
                is_complete = np.zeros(self.size)
                is_complete[base + mentee] = 1
                found.append(([of_kind - is_complete], 0, np.inf))
            found += [([self.row(mentee=mentee, mentor=mentor)], 0, 1) for mentor in range(problem.mentors)]
        for mentor in range(problem.mentors):
            taken = np.zeros(self.size)
            taken[base + problem.mentees :] = [each == mentor for each, _nth in self.places]
            found.append(([self.row(mentor=mentor) - taken], 0, 0))
        return found

    def most(self, goal: Matrix, *more: LinearConstraint) -> int | None:
        """None where the conditions contradict each other."""
        found = milp(
            -goal,
            integrality=np.ones(self.size, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=[*self.kept, *more],
            options={"mip_rel_gap": 0},
        )
        return None if found.x is None else round(float(goal @ np.rint(found.x)))

    def settle(self, goal: Matrix, *more: LinearConstraint) -> int:
        best = self.most(goal, *more)
        assert best is not None
        self.kept += [LinearConstraint(goal[None], best, np.inf), *more]
        return best

    def means_of(self, least: Fraction) -> LinearConstraint:
        rows = []
        for mentee in range(self.problem.mentees):
            theirs = self.row(mentee=mentee)
            rows.append(theirs * (least.denominator * self.score - least.numerator))
        return LinearConstraint(np.array(rows), 0, np.inf)

    def levels(self) -> Levels:
        filled, complete = self.settle(self.made), self.settle(self.complete)
        size = lcm(*range(1, self.problem.kinds + 1))
        low, high = 0, size * 1000
        while low < high:
            middle = (low + high + 1) // 2
            is_possible = self.most(np.zeros(self.size), self.means_of(Fraction(middle, size))) is not None
            low, high = (middle, high) if is_possible else (low, middle - 1)
        total = self.settle(self.score, self.means_of(Fraction(low, size)))
        return Levels(filled, complete, Fraction(low, size), total, -self.unevenness())

    def unevenness(self) -> Fraction:
        capacity = self.problem.capacity
        unit = lcm(*(int(each) for each in capacity)) ** 2
        costs = np.zeros(self.size)
        costs[len(self.pairs) + self.problem.mentees :] = [
            (2 * nth - 1) * (unit // int(capacity[mentor]) ** 2) for mentor, nth in self.places
        ]
        return Fraction(-self.settle(-costs), unit)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("mentees", "mentors", "places", "kinds"), [(30, 12, 3, 1), (40, 12, 3, 1), (16, 9, 3, 2), (14, 9, 4, 2)]
)
def test_the_best_is_the_best_of_an_independent_program(seed: int, mentees: int, mentors: int, places: int, kinds: int):
    scores = [likely_scores(mentees, mentors, seed=10 * seed + kind) for kind in range(kinds)]
    problem = Problem.of(scores, [places + each % 2 for each in range(mentors)])

    assert solve(problem).levels == Integers(problem).levels()
