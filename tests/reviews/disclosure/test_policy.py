"""Thresholds, and why they are where they are: what mean, spread and ends say of ratings on five levels."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Hashable
from itertools import combinations_with_replacement
from pathlib import Path

import pytest

from reviews.disclosure import Policy, may_change

POLICY = Policy()


def counted() -> list[dict[str, str]]:
    with (Path(__file__).parents[1] / "oracles" / "disclosure-5-point.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def unique(raters: int, shown: Callable[[tuple[int, ...]], Hashable]) -> int:
    """How many sets of ratings nothing else looks like."""
    looks = Counter(map(shown, combinations_with_replacement(range(1, 6), raters)))
    return sum(number == 1 for number in looks.values())


def squares(ratings: tuple[int, ...]) -> int:
    return sum(rating**2 for rating in ratings)


@pytest.mark.parametrize("case", counted(), ids=lambda case: f"{case['raters']} raters")
def test_how_many_sets_of_ratings_are_given_away(case):
    raters = int(case["raters"])

    assert unique(raters, lambda ratings: ratings) == int(case["possible_multisets"])
    assert unique(raters, sum) == int(case["multisets_unique_by_mean"])
    assert unique(raters, lambda r: (sum(r), squares(r))) == int(case["unique_by_mean_and_exact_sd"])
    assert unique(raters, lambda r: (sum(r), min(r), max(r))) == int(case["unique_by_mean_min_max"])


def test_only_four_sets_are_given_away_by_their_mean_and_they_stand_at_the_ends():
    """All at an end, and all but one: those that are shown as about."""
    every = list(combinations_with_replacement(range(1, 6), 5))
    sums = Counter(map(sum, every))

    given_away = {ratings for ratings in every if sums[sum(ratings)] == 1}

    assert given_away == {(1, 1, 1, 1, 1), (1, 1, 1, 1, 2), (4, 5, 5, 5, 5), (5, 5, 5, 5, 5)}


def test_thresholds_only_rise_once_there_are_answers():
    strict = Policy(means=4, comments=6, spreads=10)

    assert may_change(POLICY, strict, has_answers=True)
    assert not may_change(strict, POLICY, has_answers=True)
    assert not may_change(strict, Policy(means=5, comments=5, spreads=10), has_answers=True)
    assert may_change(strict, POLICY, has_answers=False)


@pytest.mark.parametrize("fewer", [{"means": 2}, {"comments": 4}, {"spreads": 7}, {"means": 9}])
def test_there_is_a_least(fewer):
    with pytest.raises(ValueError, match="raters"):
        Policy(**fewer)
