"""The reason why no more can be placed holds: checked against everything there is, in many small classes."""

from __future__ import annotations

import numpy as np
import pytest

from mentoring.pairing.matching.certifying import shortage
from mentoring.pairing.matching.problem import NOT_ALLOWED, Problem
from mentoring.pairing.matching.solving import solve


def drawn(seed: int, kinds: int) -> Problem:
    random = np.random.default_rng(seed)
    n, m = random.integers(1, 9), random.integers(1, 6)
    scores = [
        np.where(random.random((n, m)) < 0.5, NOT_ALLOWED, random.integers(0, 1001, (n, m))) for _kind in range(kinds)
    ]
    return Problem.of(scores, random.integers(0, 4, m).tolist(), needs=random.integers(0, 2, (n, kinds)))


@pytest.mark.parametrize("kinds", [1, 2])
def test_the_stuck_have_nobody_but_the_wanted(kinds: int):
    for seed in range(300):
        problem = drawn(seed, kinds)

        told = shortage(problem)

        others = [each for each in range(problem.mentors) if each not in told.wanted and problem.free[each] > 0]
        assert all((problem.scores[kind][mentee][others] == NOT_ALLOWED).all() for mentee, kind in told.stuck)
        assert told.places == sum(int(problem.free[each]) for each in told.wanted)
        assert int(problem.needs.sum()) - told.without >= solve(problem).levels.filled


def test_of_one_kind_the_reason_is_the_whole_reason():
    for seed in range(300):
        problem = drawn(seed, 1)
        solution = solve(problem)

        told = shortage(problem)

        assert told.most == solution.levels.filled
        assert int(problem.needs.sum()) - told.without == solution.levels.filled


def test_full_places_are_everybody_s_reason():
    problem = Problem.of([[[5], [5], [5]]], [2])

    told = shortage(problem)

    assert (told.stuck, told.wanted, told.places, told.without) == (((0, 0), (1, 0), (2, 0)), (0,), 2, 1)


def test_somebody_with_nobody_needs_nobody_s_place():
    problem = Problem.of([[[5, 5], [NOT_ALLOWED, NOT_ALLOWED]]], [2, 2])

    told = shortage(problem)

    assert (told.stuck, told.wanted, told.places, told.without) == (((1, 0),), (), 0, 1)
