"""Whatever is asked of it, the engine finds what trying everything finds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mentoring.pairing.matching import joint, solving
from mentoring.pairing.matching.bounding import bounds
from mentoring.pairing.matching.in_turn import arrange_in_turn
from mentoring.pairing.matching.portions import portions_of
from mentoring.pairing.matching.problem import NOT_ALLOWED, Levels, Pair, Problem, levels_of, unevenness
from mentoring.pairing.matching.program import Program
from mentoring.pairing.matching.solution import Contradictory, Solution
from mentoring.pairing.matching.solving import solve
from tests.mentoring.matching.classes import likely, likely_scores, matrix, several, small
from tests.mentoring.matching.judging import best_of_all, best_of_tiny

ORACLES = json.loads((Path(__file__).parent / "oracles.json").read_text(encoding="utf-8"))["cases"]


def levels(problem: Problem) -> Levels | None:
    """Of what the engine found, counted anew; None where it says that the locks contradict each other."""
    try:
        found = solve(problem)
    except Contradictory:
        return None
    assert_kept(problem, found)
    assert found.levels == levels_of(problem, found.pairs)
    return found.levels


def assert_kept(problem: Problem, found: Solution) -> None:
    """No hard rule is broken, no place given twice, no lock lost."""
    new = np.bincount([pair.mentor for pair in found.pairs], minlength=problem.mentors)
    filled = np.zeros_like(problem.needs)
    for pair in found.pairs:
        filled[pair.mentee, pair.kind] += 1
        assert problem.score(pair) != NOT_ALLOWED or pair in problem.locks
    assert (new <= problem.free).all()
    assert ((new == 0) | (new >= problem.smallest)).all()
    assert (filled <= problem.needs).all()
    assert len({(pair.mentee, pair.mentor) for pair in found.pairs}) == len(found.pairs)
    assert set(problem.locks) <= set(found.pairs)


def drawn(first: int, count: int) -> list[Problem]:
    """Classes with several kinds, from this seed on."""
    problems = (several(seed) for seed in range(first, first + 10 * count))
    return list(islice((each for each in problems if each is not None), count))


@pytest.mark.parametrize("first", range(0, 1000, 100))
def test_no_arrangement_with_several_kinds_is_better(first: int):
    """Up to 7 x 7 over all levels, with locks, smallest groups, two of a kind and kinds that need not be."""
    problems = drawn(100 * first, 25)

    assert [levels(each) for each in problems] == [best_of_all(each) for each in problems]


@pytest.mark.slow
@pytest.mark.parametrize("first", [pytest.param(n, marks=[pytest.mark.soak] if n > 4 else []) for n in range(50)])
def test_no_arrangement_with_several_kinds_is_better_in_thousands(first: int):
    problems = drawn(1_000_000 + 10_000 * first, 50)

    assert [levels(each) for each in problems] == [best_of_all(each) for each in problems]


@pytest.mark.parametrize("first", range(0, 1000, 250))
def test_where_portions_would_be_too_many_pairs_are_arranged_as_well(first: int, monkeypatch: pytest.MonkeyPatch):
    """The two ways to arrange several kinds share neither columns nor rows."""
    monkeypatch.setattr(joint, "MOST_PORTIONS", -1)
    problems = drawn(700_000 + 100 * first, 25)

    assert [levels(each) for each in problems] == [best_of_all(each) for each in problems]


@pytest.mark.parametrize("seed", [1007, 21068, 50310])
def test_where_no_required_place_can_be_filled_nobody_is_given_a_low_score_instead(seed: int):
    """Only mentors that need not be could be given; then giving nobody is the higher lowest mean."""
    problem = several(seed)

    assert problem is not None
    assert levels(problem) == best_of_all(problem) == Levels(0, 0, Fraction(1000), 0, -unevenness(problem, Counter()))


def test_portions_are_everything_a_mentee_may_be_given():
    """Two of the first kind from three mentors, one of the second from the first two, and nobody twice."""
    problem = Problem.of([[[1, 2, 3]], [[4, 5, NOT_ALLOWED]]], [1, 1, 1], needs=[[2, 1]])
    program = Program(problem)

    portions = portions_of(program, 100)

    assert portions is not None
    given = [
        tuple((int(program.mentor[pair]), int(program.kind[pair])) for pair in row if pair >= 0)
        for row in portions.pairs
    ]
    firsts = [(), ((0, 0),), ((1, 0),), ((2, 0),), ((0, 0), (1, 0)), ((0, 0), (2, 0)), ((1, 0), (2, 0))]
    seconds = [(), ((0, 1),), ((1, 1),)]
    assert sorted(given) == sorted(
        first + second
        for first in firsts
        for second in seconds
        if first + second and not {mentor for mentor, _kind in first} & {mentor for mentor, _kind in second}
    )
    assert portions_of(program, 10) is None


def test_the_judge_agrees_with_trying_everything():
    problems = [each for each in drawn(5000, 200) if each.mentees * each.mentors * each.kinds <= 16]

    assert len(problems) > 10
    assert [best_of_all(each) for each in problems] == [best_of_tiny(each) for each in problems]


@pytest.mark.parametrize("seed", range(60))
def test_one_kind_is_solved_alike_in_both_ways(seed: int):
    """The two ways share neither solver nor proof; with a lock here and there."""
    problem = small(seed)
    allowed = [Pair(int(i), int(j)) for i, j in np.argwhere(problem.scores[0] != NOT_ALLOWED) if problem.free[j]]
    locked = replace(problem, locks=tuple(allowed[: seed % 2]))
    with_group = replace(locked, smallest=np.where(np.arange(problem.mentors) == 0, 2, 0))

    assert levels(locked) == best_of_all(locked)
    assert levels(with_group) == best_of_all(with_group)


@pytest.mark.parametrize("case", ORACLES, ids=lambda each: each["name"])
def test_known_cases(case: dict[str, Any]):
    """Solved by others; joint where one kind after the other loses places."""
    scores = [matrix(rows) for rows in case["scores"].values()]

    found = solve(Problem.of(scores, case["capacity"])).levels

    expected = case["expected"]
    assert (found.filled, found.complete) == (expected["max_places"], expected["max_fully_served_at_max_places"])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("points", [1, 250])
def test_the_order_of_rows_changes_nothing(seed: int, points: int):
    """Also where many arrangements are equally good: then the seed decides."""
    kinds = [likely(24, 10, seed=seed + kind, places=4, points=points).scores[0] for kind in range(1 + seed % 2)]
    names, guides = [f"mentee {each}" for each in range(24)], [f"mentor {each}" for each in range(10)]
    rows, columns = np.random.default_rng(seed).permutation(24), np.random.default_rng(seed + 1).permutation(10)
    moved = Problem.of([scores[rows][:, columns] for scores in kinds], [4] * 10)

    first = solve(Problem.of(kinds, [4] * 10), names, guides, seed=seed)
    second = solve(moved, [names[each] for each in rows], [guides[each] for each in columns], seed=seed)

    assert {(names[mentee], guides[mentor], kind) for mentee, mentor, kind in first.pairs} == {
        (names[rows[mentee]], guides[columns[mentor]], kind) for mentee, mentor, kind in second.pairs
    }


def test_another_seed_decides_otherwise_among_equals():
    problem = Problem.of([np.full((12, 12), 500)], [1] * 12)
    names = [str(each) for each in range(12)]

    found = {solve(problem, names, names, seed=seed).pairs for seed in range(5)}

    assert len(found) > 1


def test_one_more_mentor_never_costs_a_place():
    scores = [likely_scores(30, 9, seed=kind) for kind in (1, 2)]

    problems = [Problem.of([each[:, :mentors] for each in scores], [3] * mentors) for mentors in range(4, 10)]
    filled = [solve(problem).levels.filled for problem in problems]

    assert filled == sorted(filled)


@pytest.mark.parametrize(
    ("locks", "complaint"),
    [
        ([Pair(0, 0), Pair(1, 0)], "More pairs are locked with a mentor than there are places."),
        ([Pair(0, 0), Pair(0, 1)], "More pairs are locked for a mentee than are needed."),
        ([Pair(0, 0), Pair(0, 0)], "More pairs are locked with a mentor than there are places."),
    ],
)
def test_locks_that_cannot_be_kept_are_refused(locks: list[Pair], complaint: str):
    with pytest.raises(ValueError, match=complaint):
        Problem.of([[[5, 5], [5, 5]]], [1, 1], locks=locks)


def test_a_lock_in_a_group_that_can_never_be_large_enough_is_a_contradiction():
    problem = Problem.of([[[5], [NOT_ALLOWED]]], [3], smallest=2, locks=[Pair(0, 0)])

    with pytest.raises(Contradictory):
        solve(problem)


@pytest.mark.parametrize("first", range(4))
def test_what_is_arranged_in_turn_keeps_every_rule_and_its_bounds_hold(first: int):
    for problem in drawn(40_000 + 1000 * first, 40):
        best = best_of_all(problem)
        try:
            pairs = arrange_in_turn(problem)
        except Contradictory:
            continue
        found = levels_of(problem, pairs)
        assert_kept(problem, Solution(tuple(pairs), found, found))
        assert best is not None
        assert found <= best
        assert within(best, bounds(problem, found), found)


def within(best: Levels, bound: Levels, found: Levels) -> bool:
    """Whether the best keeps the bounds: all up to the first level on which it is better than what was found."""
    for name in ("filled", "complete", "lowest", "total", "evenness"):
        if getattr(best, name) > getattr(bound, name):
            return False
        if getattr(best, name) != getattr(found, name):
            return True
    return True


@pytest.mark.parametrize("at_once", [1500, 100], ids=["a few pairs of each", "in turn"])
def test_a_class_too_large_for_all_kinds_at_once_says_how_far_it_may_be_from_the_best(
    monkeypatch: pytest.MonkeyPatch, at_once: int
):
    problem = Problem.of([likely_scores(60, 40, seed=seed) for seed in (3, 4)], [3] * 40)
    best = solve(problem).levels
    monkeypatch.setattr(solving, "MOST_AT_ONCE", at_once)

    found = solve(problem)

    assert_kept(problem, found)
    assert within(best, found.bounds, found.levels)
    assert not found.is_best
    assert found.levels.filled >= 0.97 * best.filled
    assert found.levels.total >= 0.9 * best.total


def test_who_is_left_over_is_told_why():
    """Three want the one place with the second mentor, whom alone they may have."""
    problem = Problem.of([[[5, 5], [NOT_ALLOWED, 9], [NOT_ALLOWED, 8], [NOT_ALLOWED, 7]]], [2, 1])

    found = solve(problem, seed=3, mentees="abcd", mentors="xy")

    assert found.levels.filled == 2
    assert found.cover is not None
    assert (found.cover.stuck.tolist(), found.cover.wanted.tolist()) == ([False, True, True, True], [False, True])
    assert found.cover.most(problem.free) == 2
