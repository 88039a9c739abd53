"""How much of the differences is mild and strict raters."""

from __future__ import annotations

import random

import pytest

from reviews.summing_up.figure import Why
from reviews.summing_up.leniency import Shares, shares


def made(of_subjects: float, of_raters: float, of_rest: float) -> tuple[list[int], list[int], list[float]]:
    """Three hundred subjects, each rated by six of two hundred raters, with these variances."""
    chance = random.Random(1)
    good = [chance.gauss(0, of_subjects**0.5) for _ in range(300)]
    mild = [chance.gauss(0, of_raters**0.5) for _ in range(200)]
    rows = [
        (who, whom, 3 + good[whom] + mild[who] + chance.gauss(0, of_rest**0.5))
        for whom in range(300)
        for who in chance.sample(range(200), 6)
    ]
    raters, subjects, ratings = zip(*rows, strict=True)
    return list(raters), list(subjects), list(ratings)


@pytest.mark.parametrize("variances", [(0.2, 0.5, 0.3), (0.6, 0.1, 0.3), (0.3, 0.3, 0.4)])
def test_shares_come_out_as_they_were_put_in(variances):
    found = shares(*made(*variances))

    assert (found.subjects, found.raters, found.rest) == pytest.approx(variances, abs=0.07)
    assert sum(share or 0 for share in (found.subjects, found.raters, found.rest)) == pytest.approx(1)


def test_where_all_raters_are_alike_they_have_next_to_no_share():
    assert shares(*made(0.5, 0, 0.5)).raters == pytest.approx(0, abs=0.05)


def test_it_needs_raters_who_rated_several():
    everybody_once = list(range(100)), [n // 5 for n in range(100)], [float(n % 5) for n in range(100)]

    assert shares(*everybody_once) == Shares(None, None, None, Why.NOT_CROSSED)
    assert shares([], [], []) == Shares(None, None, None, Why.NO_RATINGS)


def test_it_needs_differences():
    raters, subjects, _ = made(1, 1, 1)

    assert shares(raters, subjects, [3.0] * len(raters)) == Shares(None, None, None, Why.NO_VARIANCE)
