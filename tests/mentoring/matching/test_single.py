"""One kind of mentor: never is an arrangement better than the one found, and the proof says so itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Levels, Pair, Problem, levels_of
from mentoring.pairing.matching.single import Arrangement, arrange, is_proved
from mentoring.pairing.matching.slots import NOBODY
from tests.mentoring.matching.classes import likely, matrix, small
from tests.mentoring.matching.judging import best_of_all

ORACLES = json.loads((Path(__file__).parent / "oracles.json").read_text(encoding="utf-8"))["cases"]


def arranged(problem: Problem) -> Arrangement:
    return arrange(problem.scores[0], problem.free, problem.load, problem.capacity)


def proved(problem: Problem, arrangement: Arrangement) -> bool:
    return is_proved(arrangement, problem.scores[0], problem.free, problem.load, problem.capacity)


def levels(problem: Problem, arrangement: Arrangement) -> Levels:
    placed = np.flatnonzero(arrangement.mentor != NOBODY)
    return levels_of(problem, [Pair(int(each), int(arrangement.mentor[each])) for each in placed])


@pytest.mark.parametrize("group", range(8))
def test_no_arrangement_of_a_small_class_is_better(group: int):
    """Every level, compared with trying all arrangements: 1,600 classes."""
    problems = [small(1000 * group + number) for number in range(200)]

    found = [(each, arranged(each)) for each in problems]

    assert [levels(problem, arrangement) for problem, arrangement in found] == [best_of_all(each) for each in problems]
    assert all(proved(problem, arrangement) for problem, arrangement in found)


@pytest.mark.parametrize("case", [each for each in ORACLES if len(each["kinds"]) == 1], ids=lambda each: each["name"])
def test_known_cases(case: dict[str, Any]):
    """Solved by others, who know the most places and, among those, the highest total without regard to the lowest."""
    (rows,) = case["scores"].values()
    problem = Problem.of([matrix(rows)], case["capacity"])

    arrangement = arranged(problem)
    without_lowest = arrange(problem.scores[0], problem.free, problem.load, problem.capacity, ceiling=0)

    assert arrangement.placed == case["expected"]["max_places"]
    assert levels(problem, without_lowest).total == case["expected"]["max_total_at_max_places"]


@pytest.mark.parametrize(
    ("problem", "loads"),
    [
        (Problem.of([[[500] * 4] * 6], [3] * 4), [1, 1, 2, 2]),
        # 0 + 4/16 + 16/36 is less than three times a quarter: who offers little is asked last.
        (Problem.of([[[500] * 3] * 6], [2, 4, 6]), [0, 2, 4]),
        (Problem.of([[[500] * 3] * 3], [3] * 3, load=[2, 0, 0]), [0, 1, 2]),
        (Problem.of([np.zeros((90, 40))], [3] * 40), [2] * 30 + [3] * 10),
    ],
    ids=["equal", "by capacity", "with those they have", "more mentors than candidates"],
)
def test_among_equals_the_load_is_even(problem: Problem, loads: list[int]):
    found = arranged(problem)

    assert sorted(np.bincount(found.mentor, minlength=problem.mentors).tolist()) == loads
    assert proved(problem, found)


@pytest.mark.parametrize(("mentees", "mentors", "places"), [(120, 50, 3), (200, 60, 2), (150, 75, 2)])
@pytest.mark.parametrize("points", [1, 100])
def test_larger_classes_are_proved_best_too(mentees: int, mentors: int, places: int, points: int):
    problem = likely(mentees, mentors, seed=mentees + points, places=places, points=points)

    found = arranged(problem)

    assert proved(problem, found)
    assert 0 < found.placed <= mentees


def spoiled(problem: Problem, arrangement: Arrangement) -> list[Arrangement]:
    """Arrangements that are worse by a little, with the proof of the best one."""
    placed = np.flatnonzero(arrangement.mentor != NOBODY)
    fewer = arrangement.mentor.copy()
    fewer[placed[0]] = NOBODY
    swapped = arrangement.mentor.copy()
    scores = problem.scores[0]
    for one in placed:
        for other in placed:
            mine, theirs = arrangement.mentor[one], arrangement.mentor[other]
            now = int(scores[one, mine]) + int(scores[other, theirs])
            then = int(scores[one, theirs]) + int(scores[other, mine])
            if min(scores[one, theirs], scores[other, mine]) >= 0 and then < now:
                swapped[one], swapped[other] = theirs, mine
                return [replace(arrangement, mentor=fewer), replace(arrangement, mentor=swapped)]
    raise AssertionError("nobody could be swapped")


def test_a_proof_proves_nothing_else():
    problem = likely(40, 20, seed=3, places=2)
    found = arranged(problem)

    others = spoiled(problem, found)

    assert [proved(problem, each) for each in [found, *others]] == [True, False, False]


def test_false_prices_prove_nothing():
    problem = likely(40, 15, seed=3, places=2)
    found = arranged(problem)
    prices = found.proof.total
    dearer = replace(found, proof=replace(found.proof, total=replace(prices, mentor=prices.mentor + 2)))
    lower = replace(found, proof=replace(found.proof, total=replace(prices, least=prices.least - 1)))

    assert [proved(problem, each) for each in (found, dearer, lower)] == [True, False, False]


def test_the_lowest_score_is_raised_no_further_than_it_counts():
    problem = Problem.of([[[1000, 300], [900, 200]]], [1, 1])

    free = arranged(problem)
    capped = arrange(problem.scores[0], problem.free, problem.load, problem.capacity, ceiling=100)

    assert (free.mentor.tolist(), capped.mentor.tolist()) == ([1, 0], [0, 1])


@pytest.mark.parametrize("rows", [[], [[NOT_ALLOWED, NOT_ALLOWED]]], ids=["nobody", "nobody allowed"])
def test_a_class_in_which_nothing_can_be_done(rows: list[list[int]]):
    problem = Problem.of([np.array(rows).reshape(len(rows), 2)], [2, 2])

    found = arranged(problem)

    assert (found.placed, proved(problem, found)) == (0, True)
    assert levels(problem, found).lowest == HIGHEST
