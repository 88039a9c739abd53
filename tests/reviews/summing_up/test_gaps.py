"""Self and others: blind spots only where they are sure."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from statistics import fmean

import pytest
from scipy import stats

from reviews.summing_up.figure import Why
from reviews.summing_up.gaps import Category, Estimate, Gap, estimates, gap, interval
from reviews.summing_up.student import cumulative, quantile

ORACLES = Path(__file__).parents[1] / "oracles"


def half_widths() -> list[dict[str, str]]:
    with (ORACLES / "gap-interval.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", half_widths(), ids=lambda case: f"{case['raters']} raters")
def test_intervals_are_as_wide_as_they_were_found(case):
    k, sd = int(case["raters"]), float(case["sd_of_one_rater"])
    scores = [3 + sd * ((k - 1) / k) ** 0.5 * ((k - 1) ** 0.5 if n == 0 else -1 / (k - 1) ** 0.5) for n in range(k)]
    scores = [3 + (score - fmean(scores)) * sd / stats.tstd(scores) for score in scores]

    low, high = interval(scores, [1] * k)

    assert (high - low) / 2 == pytest.approx(float(case["half_width_90_percent_t"]), abs=1e-6)
    assert (high + low) / 2 == pytest.approx(3)


@pytest.mark.parametrize("p", [0.6, 0.9, 0.95, 0.975])
def test_students_quantiles_are_those_of_scipy(p):
    for degrees in [*range(1, 40), 99, 400, 999]:
        assert quantile(p, degrees) == pytest.approx(stats.t.ppf(p, degrees), rel=1e-10)
    assert quantile(p, 5000) == pytest.approx(stats.t.ppf(p, 5000), rel=1e-6)
    assert cumulative(1.5, 7) == pytest.approx(stats.t.cdf(1.5, 7))


@pytest.mark.parametrize(
    ("mine", "others", "category"),
    [
        (5, [3, 3, 3.5, 3, 3.5], Category.BLIND_SPOT),
        (4.8, [1, 5, 3, 5, 3], Category.UNDECIDED),
        (3.6, [3, 3.25, 3.25, 3.5, 3.25], Category.UNDECIDED),
        (2, [4, 4, 4.5, 4, 4.5], Category.HIDDEN_STRENGTH),
        (4.5, [4, 4.5, 4.5, 5, 4.5], Category.CONFIRMED_STRENGTH),
        (2, [2, 2, 2, 2.5, 2], Category.CONFIRMED_NEED),
    ],
)
def test_categories(mine, others, category):
    assert gap(mine, others, line=3.5).category is category


@pytest.mark.parametrize(
    ("mine", "others", "why"),
    [(None, [3, 4, 5], Why.NO_RATINGS), (4, [], Why.NO_RATINGS), (4, [2], Why.ONE_RATER)],
)
def test_without_enough_nothing_is_decided(mine, others, why):
    assert gap(mine, others, line=3) == Gap(Category.UNDECIDED, why=why)


def test_weights_move_the_mean_and_widen_the_interval():
    scores = [2, 2.5, 4, 4.5, 5]

    even, weighed = interval(scores, [1] * 5), interval(scores, [4, 4, 1, 1, 1])

    assert sum(weighed) / 2 == pytest.approx((4 * 4.5 + 13.5) / 11)
    assert weighed[1] - weighed[0] > even[1] - even[0]
    assert gap(4, scores, line=3, weights=[0] * 5).why is Why.ONE_RATER


def test_three_who_all_chose_the_same_level_are_not_taken_for_certain():
    low, high = interval([4, 4, 4], [1, 1, 1])

    assert high - low > 0.9


@pytest.mark.parametrize("k", range(3, 11))
@pytest.mark.parametrize("statements", [1, 4])
def test_self_who_is_right_is_rarely_called_wrong(k, statements):
    """At most one false alarm in ten, with ratings on five levels, of one statement and of four that go together.

    Without the interval, the bare gap of half a level errs far more often: up to six raters, more than that.
    """
    chance, alarms, bare, tries = random.Random(100 * k + statements), 0, 0, 2000
    for _ in range(tries):
        right = chance.gauss(3.7, 0.5)
        others = [score_of(chance, right, statements) for _ in range(k)]
        found = gap(right, others, line=3.5)
        alarms += found.category in (Category.BLIND_SPOT, Category.HIDDEN_STRENGTH)
        bare += abs(right - fmean(others)) >= 0.5

    assert alarms / tries <= 0.1
    assert alarms < bare
    assert bare / tries > 0.1 or k > 6


def score_of(chance: random.Random, right: float, statements: int) -> float:
    """One rater's mean, with an SD of .85, three fifths of its variance the rater's own."""
    own = right + chance.gauss(0, 0.85 * 0.6**0.5)
    error = 0.85 * (0.4 * statements) ** 0.5
    return fmean(min(5, max(1, round(chance.gauss(own, error)))) for _ in range(statements))


def test_a_blind_spot_that_is_there_is_mostly_seen_by_ten():
    chance = random.Random(7)
    seen = sum(
        gap(4.7, [score_of(chance, 3.0, 4) for _ in range(10)], line=3.5).category is Category.BLIND_SPOT
        for _ in range(500)
    )

    assert seen > 450


# Held against a cohort


def test_who_over_and_under_estimates_themselves_is_told_from_thirty_on():
    even = [(3.0 + n % 3, 3.0 + n % 3) for n in range(28)]

    found = estimates([*even, (5, 3), (3, 5), (None, 4)])

    assert found[:3] == [Estimate.POOR, Estimate.GOOD, Estimate.GOOD]
    assert found[28:] == [Estimate.OVER, Estimate.UNDER, None]
    assert estimates([*even, (5, 3)]) == [None] * 29


def test_where_nobody_differs_nobody_is_over_or_under():
    assert estimates([(3, 4)] * 30) == [None] * 30
