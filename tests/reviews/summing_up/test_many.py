"""Thousands at once come out as one by one."""

from __future__ import annotations

import numpy as np
import pytest

from reviews.summing_up.agreement import a_wg, ad_m, r_wg, r_wg_j, sd
from reviews.summing_up.change import scores
from reviews.summing_up.many import AT_ONCE, Floats, figures
from reviews.summing_up.reliability import one_way

LEVELS = (1, 2, 3, 4, 5)
COMPETENCIES = ((0, 1, 2), (3,), (4, 5))


def some(subjects: int, seed: int = 1) -> Floats:
    """Up to five raters of six statements; one subject with nobody, one with one, one with all the same."""
    chance = np.random.default_rng(seed)
    ratings = np.clip(np.round(chance.normal(3.5, 1.2, (subjects, 5, 6))), 1, 5)
    ratings[chance.random(ratings.shape) < 0.3] = np.nan
    ratings[0], ratings[1, 1:], ratings[2] = np.nan, np.nan, 5
    return ratings


def test_each_subject_has_the_figures_it_has_alone():
    ratings = some(300)

    many = figures(ratings, LEVELS, COMPETENCIES)

    for number, of_subject in enumerate(ratings):
        for place in range(6):
            found = [float(each) for each in of_subject[:, place] if not np.isnan(each)]
            alone = [
                np.mean(found) if found else None,
                sd(found).value,
                r_wg(found, LEVELS).value,
                a_wg(found, LEVELS).value,
                ad_m(found).value,
            ]
            part = many.statements
            together = [each[number, place] for each in (part.mean, part.sd, part.r_wg, part.a_wg, part.ad_m)]
            assert part.n[number, place] == len(found)
            assert [None if np.isnan(each) else each for each in together] == [
                None if each is None else pytest.approx(each, abs=1e-9) for each in alone
            ]
        for number_of_competency, places in enumerate(COMPETENCIES):
            rows = [[None if np.isnan(row[place]) else row[place] for place in places] for row in of_subject]
            both = many.r_wg_j[number, number_of_competency]
            assert (None if np.isnan(both) else pytest.approx(both)) == r_wg_j(rows, LEVELS).value


def test_reliability_is_that_of_raters_means():
    ratings = some(200)

    many = figures(ratings, LEVELS, COMPETENCIES)

    for places, found in zip(COMPETENCIES, many.reliability, strict=True):
        groups = [
            scores(
                [{str(place): None if np.isnan(row[place]) else row[place] for place in places} for row in of_subject],
                {str(place): 1.0 for place in places},
            )
            for of_subject in ratings
        ]
        alone = one_way(groups)
        assert (found.icc_1.value, found.icc_k.value, found.k0) == pytest.approx(
            (alone.icc_1.value, alone.icc_k.value, alone.k0)
        )


def test_it_makes_no_difference_in_how_many_parts_they_come():
    ratings = some(AT_ONCE + 7)

    whole, last = figures(ratings, LEVELS, COMPETENCIES), figures(ratings[AT_ONCE:], LEVELS, COMPETENCIES)

    np.testing.assert_array_equal(whole.statements.a_wg[AT_ONCE:], last.statements.a_wg)
    assert whole.statements.n.shape == (AT_ONCE + 7, 6)
