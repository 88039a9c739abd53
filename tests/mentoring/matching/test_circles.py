"""Circles without a mentor: never is a parting better than the one found, whatever is tried."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mentoring.pairing.matching import circles, parting
from mentoring.pairing.matching.circles import Parted, part
from mentoring.pairing.matching.gathering import Gathering, Harmony, TooManyTogether, harmony_of
from mentoring.pairing.matching.problem import NOT_ALLOWED
from mentoring.pairing.matching.solution import Contradictory
from tests.mentoring.matching.gatherings import few, many
from tests.mentoring.matching.judging_circles import best_of_all, best_of_tiny


def levels(gathering: Gathering) -> Harmony | None:
    """Of what was found, counted anew; None where it is said that people cannot be kept together."""
    try:
        found = part(gathering)
    except Contradictory:
        return None
    assert_kept(gathering, found)
    assert found.is_best
    return found.levels


def assert_kept(gathering: Gathering, found: Parted) -> None:
    """Everybody in one circle at most, of a size that was asked for, with nobody they must not meet."""
    people = [person for circle in found.circles for person in circle]
    assert len(set(people)) == len(people)
    assert all(map(gathering.is_allowed, found.circles))
    assert {person for each in gathering.together for person in each} <= set(people)
    assert found.levels == harmony_of(gathering, found.circles)


@pytest.mark.parametrize("first", range(0, 200, 40))
@pytest.mark.parametrize("pairs", [True, False], ids=["pairs", "circles"])
def test_no_parting_is_better(first: int, pairs: bool):
    """Up to nine people over all levels, some of whom are kept together."""
    gatherings = [few(seed, pairs=pairs) for seed in range(first, first + 40)]

    assert [levels(each) for each in gatherings] == [best_of_all(each) for each in gatherings]


@pytest.mark.slow
@pytest.mark.parametrize(
    "first", [pytest.param(n, marks=[pytest.mark.soak] if n >= 11_000 else []) for n in range(10_000, 15_000, 250)]
)
@pytest.mark.parametrize("pairs", [True, False], ids=["pairs", "circles"])
def test_no_parting_is_better_in_thousands(first: int, pairs: bool):
    gatherings = [few(seed, pairs=pairs) for seed in range(first, first + 250)]

    assert [levels(each) for each in gatherings] == [best_of_all(each) for each in gatherings]


def test_the_judge_agrees_with_trying_everything():
    gatherings = [each for each in map(few, range(2000, 2150)) if each.people <= 7]

    assert len(gatherings) > 80
    assert [best_of_all(each) for each in gatherings] == [best_of_tiny(each) for each in gatherings]


@pytest.mark.parametrize(("smallest", "largest"), [(2, 2), (3, 4), (3, 5)])
def test_thirty_people_are_parted_in_the_best_way_there_is(smallest: int, largest: int):
    gathering = many(30, smallest, largest, seed=smallest + largest)

    found = part(gathering)

    assert_kept(gathering, found)
    assert found.is_best


def test_circles_of_thirty_share_neither_size_nor_people_with_chance():
    """Pairs that a person would see at once: everybody has one other whom alone they suit."""
    scores = np.full((30, 30), 100)
    for each in range(0, 30, 2):
        scores[each, each + 1] = scores[each + 1, each] = 900

    found = part(Gathering.of(scores, 2, 5))

    assert found.circles == tuple((each, each + 1) for each in range(0, 30, 2))
    assert found.levels == Harmony(30, Fraction(900), Fraction(27_000), -60)


@pytest.mark.parametrize("points", [1, 250])
@pytest.mark.parametrize(("smallest", "largest"), [(2, 2), (3, 4)])
def test_the_order_of_rows_changes_nothing(smallest: int, largest: int, points: int):
    """Also where many partings are equally good: then the seed decides."""
    scores = many(22, smallest, largest, seed=points).scores
    coarse, names = np.where(scores < 0, scores, scores // points * points), [f"peer {each}" for each in range(22)]
    rows = np.random.default_rng(points).permutation(22)

    first = part(Gathering.of(coarse, smallest, largest, together=[[0, 5]]), names, seed=3)
    kept = [int(np.flatnonzero(rows == each)[0]) for each in (0, 5)]
    moved = Gathering.of(coarse[rows][:, rows], smallest, largest, together=[kept])
    second = part(moved, [names[each] for each in rows], seed=3)

    assert {frozenset(circle) for circle in first.circles} == {
        frozenset(int(rows[each]) for each in circle) for circle in second.circles
    }


def test_another_seed_decides_otherwise_among_equals():
    gathering = Gathering.of(np.full((12, 12), 500), 3, 4)
    names = [str(each) for each in range(12)]

    assert len({part(gathering, names, seed=seed).circles for seed in range(5)}) > 1


def test_who_is_kept_with_the_same_person_is_kept_together():
    """Even if two of them must not meet; the others still must not meet those they must not."""
    scores = np.full((7, 7), 500)
    scores[0, 2] = scores[2, 0] = scores[2, 3] = scores[3, 2] = NOT_ALLOWED

    found = part(Gathering.of(scores, 3, 4, together=[[0, 1], [1, 2]]))

    (circle,) = (circle for circle in found.circles if 0 in circle)
    assert {0, 1, 2} <= set(circle)
    assert 3 not in circle
    assert found.levels.placed == 7


def test_more_people_than_a_circle_holds_are_not_kept_together():
    with pytest.raises(TooManyTogether, match="More people are kept together than a circle of 3 holds"):
        Gathering.of(np.full((6, 6), 500), 2, 3, together=[[0, 1], [1, 2], [2, 3]])


def test_people_kept_together_whom_nobody_may_join_are_a_contradiction():
    scores = np.full((6, 6), 500)
    scores[:2, 2:] = scores[2:, :2] = NOT_ALLOWED

    with pytest.raises(Contradictory):
        part(Gathering.of(scores, 3, 3, together=[[0, 1]]))


@pytest.mark.parametrize(
    ("scores", "smallest", "largest"),
    [([[0, 5], [6, 0]], 2, 2), ([[0, 5, 5], [5, 0, 5]], 2, 2), ([[0]], 1, 2), ([[0]], 3, 2), ([[0]], 3, 13)],
)
def test_parts_that_do_not_fit_each_other_are_refused(scores: list[list[int]], smallest: int, largest: int):
    with pytest.raises(ValueError, match=r"alike from both sides|A circle has from 2 to 12|cannot be|broadcast"):
        Gathering.of(scores, smallest, largest)


def test_too_few_people_for_one_circle_are_left_over():
    found = part(Gathering.of(np.full((2, 2), 500), 3, 4))

    assert (found.circles, found.levels.placed, found.is_best) == ((), 0, True)


@pytest.mark.parametrize(("people", "smallest", "largest"), [(13, 2, 9), (25, 2, 8), (40, 3, 4)])
def test_people_who_have_said_nothing_are_parted_without_a_solver(
    monkeypatch: pytest.MonkeyPatch, people: int, smallest: int, largest: int
):
    monkeypatch.setattr(circles, "Parting", None)
    gathering = Gathering.of(np.full((people, people), 500), smallest, largest)

    found = part(gathering)

    assert_kept(gathering, found)
    assert (found.is_best, found.levels.placed, found.levels.lowest) == (True, people, Fraction(500))


def test_a_solver_that_may_not_branch_leaves_the_best_that_is_known(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parting, "MOST_NODES", 0)
    gatherings = [few(seed, pairs=False) for seed in range(4000, 4060)]

    found = [(each, part(each)) for each in gatherings if not each.together]

    for gathering, parted in found:
        best = best_of_all(gathering)
        assert best is not None
        assert_kept(gathering, parted)
        assert parted.levels <= best
        assert within(best, parted.bounds, parted.levels)
    assert sum(parted.is_best for _gathering, parted in found) > len(found) / 2


# More people than all circles can be looked at of.


@pytest.mark.parametrize("pairs", [True, False], ids=["pairs", "circles"])
def test_where_not_every_circle_is_looked_at_the_bounds_hold(monkeypatch: pytest.MonkeyPatch, pairs: bool):
    monkeypatch.setattr(circles, "MOST_CHOICES", 8)
    gatherings = [each for each in (few(seed, pairs=pairs) for seed in range(3000, 3050)) if not each.together]

    found = [(each, part(each), best_of_all(each)) for each in gatherings]

    for gathering, parted, best in found:
        assert best is not None
        assert_kept(gathering, parted)
        assert parted.levels <= best
        assert within(best, parted.bounds, parted.levels)
    assert {parted.is_best for _gathering, parted, _best in found} == {True, False}


def within(best: Harmony, bound: Harmony, found: Harmony) -> bool:
    """Whether the best keeps the bounds: all up to the first level on which it is better than what was found."""
    for name in ("placed", "lowest", "total", "evenness"):
        if getattr(best, name) > getattr(bound, name):
            return False
        if getattr(best, name) != getattr(found, name):
            return True
    return True


def test_many_people_are_parted_well_and_told_how_far_from_the_best_it_may_be(monkeypatch: pytest.MonkeyPatch):
    gathering = many(36, 3, 3, seed=8)
    best = part(gathering)
    monkeypatch.setattr(circles, "MOST_CHOICES", 1_000)

    found = part(gathering)

    assert best.is_best
    assert_kept(gathering, found)
    assert not found.is_best
    assert found.levels.placed == 36
    assert within(best.levels, found.bounds, found.levels)
    assert found.levels.total >= Fraction(9, 10) * best.levels.total
