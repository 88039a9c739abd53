"""Figures against published ones, against a plain second way of working them out, and at the edges."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import correlation, covariance, fmean, quantiles, stdev, variance
from typing import Any

import numpy as np
import pytest

from quizzes.statistics import live
from quizzes.statistics.answers import Answers
from quizzes.statistics.forms import Period, drift, exposure, fairness, quartiles
from quizzes.statistics.items import items_of
from quizzes.statistics.moments import effective_weights
from quizzes.statistics.options import options_of
from quizzes.statistics.whole import whole_of

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "item-statistics.json").read_text("utf-8"))


def full(marks: Sequence[Sequence[float]], maximum: Sequence[float] | None = None) -> Answers:
    """Everybody had every item."""
    attempt, item = np.indices((len(marks), len(marks[0])))
    flat = [mark for row in marks for mark in row]
    return Answers.of(attempt.ravel(), item.ravel(), flat, maximum or [1.0] * len(marks[0]))


def rounded(values: Sequence[float | None]) -> list[float | None]:
    """None stays None, and minus nothing is nothing."""
    return [None if value is None else round(value, 10) + 0.0 for value in values]


ORACLES = full(ORACLE["marks"], ORACLE["max_marks"])


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("facility", lambda item: item.facility),
        ("sd", lambda item: item.moments.sd),
        ("variance", lambda item: item.moments.variance),
        ("rest_variance", lambda item: item.moments.rest_variance),
        ("covariance_with_rest", lambda item: item.moments.covariance),
        ("max_covariance_with_rest", lambda item: item.greatest_covariance),
        ("discrimination_index", lambda item: item.moments.discrimination_index),
        ("discriminative_efficiency", lambda item: item.discriminative_efficiency),
        ("effective_weight", lambda item: item.effective_weight),
    ],
)
def test_items_have_the_published_figures(name, figure):
    assert rounded([figure(item) for item in items_of(ORACLES)]) == ORACLE["items"][name]


def test_intended_weights_are_the_published_ones():
    assert [item.intended_weight for item in items_of(ORACLES)] == pytest.approx(ORACLE["intended_weight"])


def test_the_whole_has_the_published_figures():
    whole = whole_of(ORACLES)

    assert {name: round(getattr(whole, name), 10) for name in ORACLE["test"]} == ORACLE["test"]


def test_the_order_of_answers_does_not_matter():
    turned = Answers.of(
        ORACLES.attempt[::-1], ORACLES.item[::-1], ORACLES.mark[::-1], ORACLES.maximum, ORACLES.slot[::-1]
    )

    figures = [rounded([item.upper_lower, item.effective_weight, item.facility]) for item in items_of(turned)]

    assert figures == [rounded([item.upper_lower, item.effective_weight, item.facility]) for item in items_of(ORACLES)]


# Drawn now and then


def drawn(attempts: int, items: int = 30, asked: int = 8, seed: int = 1) -> list[dict[int, float]]:
    """Attempts of learners who differ, at items that do, by item."""
    chance = random.Random(seed)
    hard = [chance.uniform(-1.5, 1.5) for _ in range(items)]
    found = []
    for _ in range(attempts):
        able = chance.gauss(0, 1)
        chosen = chance.sample(range(items), asked)
        found.append({n: float(chance.random() < 1 / (1 + math.exp(hard[n] - able))) * (1 + n % 3) for n in chosen})
    return found


def sparse(attempts: Sequence[dict[int, float]], items: int = 30) -> Answers:
    rows = [(n, item, mark, slot) for n, each in enumerate(attempts) for slot, (item, mark) in enumerate(each.items())]
    attempt, item, mark, slot = zip(*rows, strict=True)
    return Answers.of(attempt, item, mark, [1.0 + n % 3 for n in range(items)], slot)


def test_items_that_are_drawn_are_judged_by_the_attempts_that_had_them():
    attempts = drawn(120)

    items = items_of(sparse(attempts))

    for number, item in enumerate(items):
        had = [each for each in attempts if number in each]
        x, y = [each[number] for each in had], [sum(each.values()) - each[number] for each in had]
        assert item.moments.n == len(had)
        assert item.facility == pytest.approx(fmean(x) / (1 + number % 3))
        assert item.moments.sd == pytest.approx(stdev(x))
        assert item.moments.rest_variance == pytest.approx(variance(y))
        assert item.moments.discrimination_index == pytest.approx(100 * correlation(x, y))
        assert item.greatest_covariance == pytest.approx(covariance(sorted(x), sorted(y)))
        shares = [100 * (1 + number % 3) / sum(1 + other % 3 for other in each) for each in had]
        assert item.intended_weight == pytest.approx(fmean(shares))


def test_consistency_is_that_of_the_places_where_items_are_drawn():
    attempts = drawn(200)
    places = list(zip(*(each.values() for each in attempts), strict=True))
    totals = [sum(each.values()) for each in attempts]

    found = whole_of(sparse(attempts)).internal_consistency

    assert found == pytest.approx(100 * 8 / 7 * (1 - sum(map(variance, places)) / variance(totals)))


# Beyond Moodle


def test_facility_is_told_without_guessing():
    items = items_of(full([[1, 1], [1, 0], [0, 0], [1, 0]]), guesses=[0.25, None])

    assert [item.guess_corrected for item in items] == [pytest.approx(2 / 3), None]


def test_the_best_and_the_worst_are_compared():
    # Of eleven attempts the best three and the worst three; the third and fourth of the best earned the same.
    marks = [[1, 9], [1, 8], [0, 8], [1, 7], [1, 6], [0, 6], [1, 5], [0, 5], [1, 2], [0, 2], [0, 1]]

    first, _second = items_of(full(marks, [1, 10]))

    assert first.upper_lower == pytest.approx(3 / 4 - 1 / 3)


def test_where_all_earned_the_same_there_are_no_best():
    assert [item.upper_lower for item in items_of(full([[1, 0], [0, 1]]))] == [None, None]


def test_options_are_told_by_who_chose_them():
    # The rest is what the second item earned. Option 0 is right, the best chose 1, nobody chose 3.
    answers = full([[1, 1], [1, 2], [0, 5], [0, 6], [0, 1]], [1, 10])
    chosen = ([0, 2, 4, 6, 8], [0, 0, 1, 1, 2])

    right, misleading, weak, empty = options_of(answers, chosen, [0, 0, 0, 0], [True, False, False, False])

    assert [each.share for each in (right, misleading, weak, empty)] == [0.4, 0.4, 0.2, 0.0]
    assert [each.mean_rest for each in (right, misleading, weak, empty)] == [1.5, 5.5, 1.0, None]
    assert right.correlation == pytest.approx(correlation([1, 1, 0, 0, 0], [1, 2, 5, 6, 1]))
    assert misleading.correlation == pytest.approx(correlation([0, 0, 1, 1, 0], [1, 2, 5, 6, 1]))
    assert empty.correlation is None
    assert [each.misleads for each in (right, misleading, weak, empty)] == [False, True, True, False]
    assert [each.is_rare for each in (right, misleading, weak, empty)] == [False, False, False, True]


def test_exposure_is_the_share_of_attempts():
    assert exposure(Answers.of([0, 0, 1], [0, 1, 0], [1, 1, 1], [1, 1, 1])) == [1.0, 0.5, 0.0]


def test_fairness_is_the_spread_of_what_could_be_expected():
    answers = Answers.of([0, 0, 1, 1, 2, 2], [0, 1, 0, 2, 1, 2], [1] * 6, [1, 1, 2])

    found = fairness(answers, [0.9, 0.5, None])
    expected = [100 * 1.4 / 2, 100 * 1.9 / 3, 100 * 1.5 / 3]

    assert (found.mean, found.sd) == (pytest.approx(fmean(expected)), pytest.approx(stdev(expected)))
    assert 50 <= found.lowest < found.highest <= 70
    assert fairness(full([[1, 0]])) is None


def test_equal_forms_are_fair():
    assert fairness(ORACLES).sd == pytest.approx(0, abs=1e-9)


def test_drift_is_facility_by_month():
    answers = Answers.of([0, 1, 2, 2], [0, 0, 0, 1], [0, 2, 2, 1], [2, 1, 1])

    assert drift(answers, [202701, 202702, 202702]) == [
        [Period(202701, 1, 0.0), Period(202702, 2, 1.0)],
        [Period(202702, 1, 1.0)],
        [],
    ]


def test_time_spent_is_told_in_quartiles():
    answers = Answers.of([0, 1, 2, 3, 4, 0], [0, 0, 0, 0, 0, 2], [1] * 6, [1, 1, 1])

    found = quartiles(answers, [10, 50, 30, 20, 40, 7])

    assert found == [tuple(quantiles([10, 20, 30, 40, 50], method="inclusive")), None, (7, 7, 7)]


# At the edges


def test_nobody_has_answered_yet():
    nothing = Answers.of([], [], [], [1.0, 1.0])
    item = items_of(nothing)[0]

    assert [item.facility, item.moments.sd, item.moments.discrimination_index] == [None] * 3
    assert [item.discriminative_efficiency, item.effective_weight, item.intended_weight, item.upper_lower] == [None] * 4
    whole = whole_of(nothing)
    assert (whole.n, whole.mean, whole.median, whole.sd, whole.standard_error) == (0, None, None, None, None)
    assert fairness(nothing) is None
    assert exposure(nothing) == [None, None]
    assert drift(nothing, []) == [[], []]
    assert quartiles(nothing, []) == [None, None]
    assert options_of(nothing, ([], []), [0], [True])[0].share is None


def test_one_attempt_has_a_facility_and_no_spread():
    item, whole = items_of(full([[1, 0]]))[0], whole_of(full([[1, 0]]))

    assert (item.facility, item.moments.sd, item.effective_weight, item.intended_weight) == (1, None, None, 50)
    assert (whole.mean, whole.median, whole.sd, whole.skewness, whole.internal_consistency) == (1, 1, None, None, None)


def test_what_is_always_the_same_has_no_spread_however_it_is_rounded():
    items = items_of(full([[0.1, n % 2] for n in range(1001)]))

    assert items[0].moments.variance == 0
    assert [item.moments.discrimination_index for item in items] == [None, None]
    assert whole_of(full([[0.1, 0.2]] * 1001)).kurtosis is None


def test_what_is_worth_nothing_has_no_facility_and_disturbs_nothing():
    answers = full([[0, 1], [0, 0], [0, 1]], [0, 1])
    nothing, something = items_of(answers)

    assert (nothing.facility, nothing.upper_lower, nothing.intended_weight) == (None, None, 0)
    assert (something.intended_weight, something.effective_weight) == (100, 100)
    assert something.facility == pytest.approx(2 / 3)
    assert fairness(answers).mean == pytest.approx(200 / 3)


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="Each answer needs"):
        Answers.of([0], [0, 1], [1], [1, 1])
    with pytest.raises(ValueError, match="Each item needs its maximum"):
        Answers.of([0], [1], [1], [1])


# Live


def test_sums_that_were_kept_give_the_figures_of_all_answers():
    attempts, kept, totals = drawn(150), [live.Sums()] * 30, live.Sums()
    for each in attempts:
        for item, sums in live.sums_of(each).items():
            kept[item] += sums
        totals += live.total_of(each)
    answers = sparse(attempts)

    for sums, of_all in zip(kept, items_of(answers), strict=True):
        assert vars(sums.moments) == pytest.approx(vars(of_all.moments))
    assert effective_weights([sums.moments for sums in kept]) == pytest.approx(
        [item.effective_weight for item in items_of(answers)]
    )
    assert [totals.moments.mean, totals.moments.sd] == pytest.approx([whole_of(answers).mean, whole_of(answers).sd])


def test_live_consistency_is_that_of_all_answers():
    rows = [dict(enumerate(row)) for row in ORACLE["marks"]]
    places = [sum((live.sums_of(row)[n] for row in rows), live.Sums()) for n in range(6)]

    found = live.alpha(places, sum(map(live.total_of, rows), live.Sums()))

    assert found == pytest.approx(ORACLE["test"]["internal_consistency"], abs=1e-10)
    assert live.alpha([], live.Sums()) is None


def test_an_answer_that_is_marked_anew_leaves_no_trace():
    first, second, better = ({0: mark, 1: 0.3} for mark in (0.1, 0.7, 0.33333))
    kept = live.sums_of(first)[0] + live.sums_of(second)[0]

    again = kept - live.sums_of(second)[0] + live.sums_of(better)[0]

    assert again == live.sums_of(first)[0] + live.sums_of(better)[0]
    assert (kept - kept) == live.Sums()
    assert live.Sums().moments.mean is None
