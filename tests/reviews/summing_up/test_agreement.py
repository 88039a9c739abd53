"""Agreement against published and tried values, and at the edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reviews.summing_up.agreement import (
    Agreement,
    a_wg,
    ad_agrees,
    ad_m,
    in_words,
    r_wg,
    r_wg_j,
    r_wg_j_of_spreads,
    ratings_of,
    sd,
)
from reviews.summing_up.figure import Figure, Why

ORACLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracles" / "agreement.json").read_text("utf-8"))
FIVE = (1, 2, 3, 4, 5)


@pytest.mark.parametrize("case", ORACLE["one_item"]["cases"], ids=lambda case: str(case["ratings"]))
def test_one_item(case):
    ratings = case["ratings"]

    found = {
        "sd": sd(ratings).value,
        "r_wg": r_wg(ratings, FIVE).value,
        "a_wg": a_wg(ratings, FIVE).value,
        "ad_m": ad_m(ratings).value,
    }

    assert found == {name: None if case[name] is None else pytest.approx(case[name], rel=0, abs=1e-8) for name in found}


def test_several_items():
    several = ORACLE["several_items"]

    assert r_wg_j(several["raters_by_items"], FIVE).value == pytest.approx(several["r_wg_j"], rel=0, abs=1e-8)


def test_several_items_by_what_is_published_of_them():
    rated = ORACLE["several_items"]["raters_by_items"]
    spreads = [[item.count(level) for level in FIVE] for item in zip(*rated, strict=True)]

    assert r_wg_j_of_spreads(spreads, FIVE).value == pytest.approx(r_wg_j(rated, FIVE).value)
    assert r_wg_j_of_spreads([], FIVE) == Figure(None, Why.NO_RATINGS)


def test_an_item_that_hardly_anybody_rated_is_as_if_it_had_not_been_asked():
    rated: list[list[float | None]] = [[4, 5, None], [4, 4, None], [5, 4, 3]]

    assert r_wg_j(rated, FIVE) == r_wg_j([row[:2] for row in rated], FIVE)


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (sd([]), Why.NO_RATINGS),
        (sd([3]), Why.ONE_RATER),
        (r_wg([], FIVE), Why.NO_RATINGS),
        (r_wg([3], FIVE), Why.ONE_RATER),
        (a_wg([], FIVE), Why.NO_RATINGS),
        (a_wg([5], FIVE), Why.ONE_RATER),
        (a_wg([4, 4, 4], FIVE), Why.OUT_OF_RANGE),
        (ad_m([]), Why.NO_RATINGS),
        (r_wg_j([], FIVE), Why.NO_RATINGS),
        (r_wg_j([[None, None], [None, None]], FIVE), Why.NO_RATINGS),
        (r_wg_j([[4, None], [None, 4]], FIVE), Why.ONE_RATER),
    ],
)
def test_what_is_not_defined_says_why(figure, why):
    assert figure == Figure(None, why)


def test_scales_without_a_middle_and_with_uneven_levels():
    """Chance has the variance of the levels: of four, 15/12; of 0, 1 and 10, 182/9."""
    assert r_wg([1, 2, 3, 4], (1, 2, 3, 4)) == Figure(0)
    assert r_wg([2, 2, 3, 3], (1, 2, 3, 4)).value == pytest.approx(1 - (1 / 3) / (15 / 12))
    assert r_wg([0, 1], (0, 1, 10)).value == pytest.approx(1 - 0.5 / (182 / 9))
    assert a_wg([0, 1], (0, 1)) == Figure(-1)


def test_all_at_an_end_agree():
    assert a_wg([5] * 3, FIVE) == a_wg([1] * 3, FIVE) == Figure(1)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (0.0, Agreement.NONE),
        (0.3, Agreement.NONE),
        (0.31, Agreement.WEAK),
        (0.5, Agreement.WEAK),
        (0.7, Agreement.MODERATE),
        (0.71, Agreement.STRONG),
        (0.9, Agreement.STRONG),
        (0.904, Agreement.STRONG),
        (0.91, Agreement.VERY_STRONG),
        (1.0, Agreement.VERY_STRONG),
        (-0.4, Agreement.NONE),
    ],
)
def test_words(value, word):
    assert in_words(Figure(value), raters=8) == word


def test_seven_raters_and_no_figure_have_no_word():
    assert in_words(Figure(0.95), raters=7) is None
    assert in_words(Figure(None, Why.OUT_OF_RANGE), raters=20) is None


def test_a_deviation_of_a_sixth_of_the_options_still_agrees():
    assert ad_agrees(Figure(5 / 6), 5) is True
    assert ad_agrees(Figure(0.84), 5) is False
    assert ad_agrees(ad_m([]), 5) is None


def test_a_published_spread_is_enough():
    assert ratings_of((1, 0, 2, 0, 1), FIVE) == [1, 3, 3, 5]
