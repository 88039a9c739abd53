"""From round to round, and against a profile."""

from __future__ import annotations

import pytest

from reviews.summing_up.change import Change, Direction, scores, trend
from reviews.summing_up.figure import Figure, Why
from reviews.summing_up.fit import Fit, Required, Shortfall, fit

BOTH = {"asks": 1.0, "waits": 1.0}


def of_asks(*ratings: float) -> list[dict[str, float | None]]:
    return [{"asks": rating} for rating in ratings]


def test_a_clear_change_is_one_and_a_small_one_may_be_chance():
    assert trend(of_asks(2, 2, 3, 2, 3), of_asks(4, 4, 5, 4, 4), BOTH).direction is Direction.UP
    assert trend(of_asks(4, 4, 5, 4, 4), of_asks(2, 2, 3, 2, 3), BOTH).direction is Direction.DOWN
    assert trend(of_asks(2, 4, 3, 5, 3), of_asks(3, 4, 3, 5, 3), BOTH).direction is Direction.SAME


def test_the_border_is_1_96_standard_errors():
    """Three and four on either side have a variance of a third, a standard error of .289 and together one of .408."""
    first = of_asks(3, 4, 3, 4)
    error = 2 * (1 / 3) / 4

    assert trend(first, of_asks(*(n + 1.97 * error**0.5 for n in (3, 4, 3, 4))), BOTH).direction is Direction.UP
    assert trend(first, of_asks(*(n + 1.95 * error**0.5 for n in (3, 4, 3, 4))), BOTH).direction is Direction.SAME


def test_only_statements_of_both_rounds_count():
    before = [{"asks": 3.0, "waits": 1.0}] * 3
    after = [{"asks": 3.0, "waits": None, "nods": 5.0}] * 3

    assert trend(before, after, {**BOTH, "nods": 1}) == Change(Direction.SAME, 0, ("asks",), Why.NO_VARIANCE)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([], of_asks(3, 4), Change(None, why=Why.NOTHING_IN_COMMON)),
        (of_asks(3, 4), [{"waits": 3}], Change(None, why=Why.NOTHING_IN_COMMON)),
        (of_asks(3), of_asks(4, 5), Change(None, 1.5, ("asks",), Why.ONE_RATER)),
        (of_asks(3, 3), of_asks(4, 4), Change(None, 1, ("asks",), Why.NO_VARIANCE)),
    ],
)
def test_what_cannot_be_compared_says_why(before, after, found):
    assert trend(before, after, BOTH) == found


def test_a_statement_without_weight_decides_nothing():
    assert trend(of_asks(3, 4), of_asks(4, 5), {"asks": 0}) == Change(None, None, ("asks",), Why.NO_RATINGS)


def test_a_raters_score_is_of_what_they_observed():
    assert scores([{"asks": 2, "waits": 5}, {"asks": None, "waits": 4}, {}], {"asks": 1, "waits": 2}) == [4, 4]


def test_fit_lists_what_is_missing_the_most_first():
    profile = [
        Required("listening", 3, 4, importance=2),
        Required("planning", 4.5, 4),
        Required("writing", 2, 5),
        Required("courage", None, 3),
    ]

    assert fit(profile, low=1) == Fit(
        Figure(100 * (2 * 2 / 3 + 1 + 1 / 4) / 4), (Shortfall("writing", 3), Shortfall("listening", 1)), ("courage",)
    )


def test_fit_to_nothing_has_no_index():
    assert fit([], low=1) == Fit(Figure(None, Why.NO_RATINGS), (), ())
    assert fit([Required("courage", None, 3)], low=1).index == Figure(None, Why.NO_RATINGS)
    assert fit([Required("courage", 3, 3, importance=0)], low=1).index == Figure(None, Why.NO_RATINGS)


def test_what_asks_for_no_more_than_the_lowest_level_is_always_met():
    assert fit([Required("courage", 1, 1)], low=1).index == Figure(100)
