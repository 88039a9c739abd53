"""The classes that are given to everybody, and how what came out is judged."""

from __future__ import annotations

import pytest

from bench import placement
from bench.placement import SETTINGS, best_of_one, broken, drawn, first_come, greedy, in_turn
from mentoring.pairing.matching.problem import NOT_ALLOWED, Pair, Problem
from mentoring.pairing.matching.solving import solve

TWO_KINDS = SETTINGS[2]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
def test_a_class_is_the_same_for_the_same_seed(setting: placement.Setting):
    one, again, other = drawn(setting, 1), drawn(setting, 1), drawn(setting, 2)

    assert [each.tolist() for each in one.scores] == [each.tolist() for each in again.scores]
    assert one.scores[0].tolist() != other.scores[0].tolist()
    assert (one.mentees, one.mentors, one.kinds) == (setting.mentees, setting.mentors, setting.kinds)


@pytest.mark.parametrize(
    ("pairs", "faults"),
    [
        ([Pair(0, 0), Pair(1, 1)], 0),
        ([Pair(0, 1)], 1),
        ([Pair(0, 0), Pair(1, 0)], 1),
        ([Pair(1, 0), Pair(1, 1)], 1),
        ([Pair(0, 0), Pair(0, 0)], 3),
    ],
    ids=["none", "not allowed", "a place too many", "a mentor too many", "twice the same"],
)
def test_a_broken_rule_is_counted(pairs: list[Pair], faults: int):
    problem = Problem.of([[[5, NOT_ALLOWED], [7, 2]]], [1, 1])

    assert broken(problem, pairs) == faults


def test_greedy_and_first_come_strand_somebody_whom_the_engine_places():
    """The second mentee can have the first mentor alone, whom everybody likes best."""
    problem = Problem.of([[[9, 5], [8, NOT_ALLOWED]]], [1, 1])

    assert (greedy([problem]), first_come([problem])) == ([[Pair(0, 0)]], [[Pair(0, 0)]])
    assert len(solve(problem).pairs) == 2


def test_one_kind_after_the_other_gives_nobody_the_same_mentor_twice():
    problem = Problem.of([[[9, 5]], [[9, 5]]], [2, 2])

    made = {name: way([problem]) for name, way in in_turn(TWO_KINDS, "Best", best_of_one)}

    assert made == {
        "Best, first kind first": [[Pair(0, 0, 0), Pair(0, 1, 1)]],
        "Best, second kind first": [[Pair(0, 0, 1), Pair(0, 1, 0)]],
    }
