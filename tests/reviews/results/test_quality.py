"""Figures of quality are made of what is published, and say of nobody what their raters chose."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import combinations_with_replacement, pairwise
from statistics import fmean

import pytest

from reviews.disclosure import Asked, Policy, Response, publish
from reviews.results import quality, revealing
from reviews.summing_up import reliability
from tests.reviews.disclosure.asking import FIVE, ME, MENTOR, PEERS, REPORTS, asked

ONE = asked(ME, MENTOR, PEERS, REPORTS, questions=())
SINGLE = asked(PEERS, REPORTS, questions=(), listening=("asks",))
POLICY = Policy()


def of(asked: Asked, subjects: Sequence[Sequence[Response]]) -> list[quality.Quality]:
    return quality.of_campaign(asked, [(each, publish(asked, each, POLICY)) for each in subjects], POLICY)


def rated(subjects: int, raters: int, group: str = "peers", seed: int = 7, sd: float = 0.9) -> list[list[Response]]:
    chance = random.Random(seed)
    found = []
    for subject in range(subjects):
        good = chance.uniform(2, 4.5)
        found.append([Response(f"{group}{subject}-{n}", group, _both(good, chance, sd)) for n in range(raters)])
    return found


def _both(good: float, chance: random.Random, sd: float) -> dict[str, float | None]:
    return {key: min(5, max(1, round(chance.gauss(good, sd)))) for key in ("asks", "waits")}


def single(ratings: Sequence[Sequence[int]], group: str = "peers") -> list[list[Response]]:
    return [
        [Response(f"{group}{subject}-{n}", group, {"asks": rating}) for n, rating in enumerate(each)]
        for subject, each in enumerate(ratings)
    ]


def test_quality_is_told_of_ten_people_with_thirty_raters_and_of_no_fewer():
    assert of(ONE, rated(9, 5)) == []
    assert of(ONE, rated(20, 1)) == []
    [found] = of(ONE, rated(14, 5))

    assert (found.competency, found.group) == ("listening", "peers")
    assert found.subjects >= 10
    assert found.icc_1 is not None
    assert found.icc_k is not None
    assert 0 < found.icc_1 < found.icc_k < 1
    assert found.raters_needed == math.ceil(0.7 * (1 - found.icc_1) / (found.icc_1 * 0.3))
    assert found.alpha is not None
    assert found.alpha == round(found.alpha, 2)


def test_ratings_of_a_group_that_is_published_with_another_are_in_no_figure():
    """Of one person two reports are merged with the peers: whatever these chose, the figures are the same."""
    others = rated(14, 5)
    seen = set()
    for chosen in ((1, 1, 1, 1, 1), (5, 5, 5, 5, 5), (1, 5, 1, 5, 3)):
        peers = [Response(f"p{n}", "peers", {"asks": each, "waits": each}) for n, each in enumerate(chosen)]
        reports = [Response(f"r{n}", "reports", {"asks": 3, "waits": 3}) for n in range(2)]
        assert publish(ONE, [*peers, *reports], POLICY).columns == (("peers", "reports"),)
        seen.add(tuple(of(ONE, [*others, [*peers, *reports]])))

    assert len(seen) == 1


def test_nor_are_those_of_one_person_whose_spread_is_hidden_among_others_whose_is_not():
    """Twelve have eight raters, and of them everybody reads who chose what. Of the three of one more, nobody may."""
    many = [[1 + (subject + n) % 3 for n in range(8)] for subject in range(12)]
    seen = {tuple(of(SINGLE, single([*many, few]))) for few in ((3, 3, 3), (2, 3, 4), (1, 3, 5))}

    [[found]] = seen
    assert (found.subjects, found.raters) == (12, 96)


def test_where_raters_all_but_agree_nothing_is_said():
    """An ICC of 1 beside the means would say of everybody what each rater chose."""
    assert of(SINGLE, single([(2 + n % 3,) * 3 for n in range(12)])) == []
    assert of(SINGLE, single([*([(2 + n % 3,) * 3 for n in range(11)]), (2, 3, 4)])) == []


def test_where_raters_are_as_far_apart_as_can_be_nothing_is_said():
    assert of(SINGLE, single([(1, 1, 5, 5)] * 12)) == []


def test_whoever_knows_all_that_is_published_cannot_tell_what_the_raters_of_anybody_chose():
    """They know each mean, and try every set of ratings of each person with every one of the others: more than one fits
    the published figures, of everybody."""
    told = 0
    for seed in range(12):
        chance = random.Random(seed)
        ratings = [[min(5, max(1, round(chance.gauss(3, 1)))) for _ in range(3)] for _ in range(11)]
        for found in of(SINGLE, single(ratings)):
            exact = [each for each in ratings if not publish(SINGLE, single([each])[0], POLICY).statements[0].is_about]
            assert found.subjects == len(exact)
            assert min(len(each) for each in possible(exact, found)) > 1
            told += 1

    assert told == 9


def test_the_same_reader_finds_out_a_figure_that_was_told_without_asking():
    ratings = [[2 + n % 3] * 3 for n in range(11)]
    figures = reliability.one_way(ratings)
    assert figures.icc_1.value == 1
    told = quality.Quality(
        competency="listening", group="peers", subjects=11, raters=33, icc_1=1, icc_k=1, alpha=None, raters_needed=1
    )

    assert {len(each) for each in possible(ratings, told)} == {1}


def possible(ratings: Sequence[Sequence[int]], told: quality.Quality) -> list[set[tuple[int, ...]]]:
    """Of each person the sets of ratings that have their mean, and go with the figures for some of the others'."""
    means = [fmean(each) for each in ratings]
    sets = [
        [each for each in combinations_with_replacement((1, 2, 3, 4, 5), len(mine)) if sum(each) == sum(mine)]
        for mine in ratings
    ]
    thirds = [
        {each: round(3 * sum((x - mean) ** 2 for x in each)) for each in found}
        for found, mean in zip(sets, means, strict=True)
    ]
    fitting = {
        total
        for total in range(sum(max(each.values()) for each in thirds) + 1)
        if _figures(means, total / 3) == (told.icc_1, told.icc_k)
    }
    found = []
    for n, mine in enumerate(thirds):
        rest = {0}
        for each in (*thirds[:n], *thirds[n + 1 :]):
            rest = {total + one for total in rest for one in set(each.values())}
        found.append({each for each, squares in mine.items() if any(squares + total in fitting for total in rest)})
    return found


def _figures(means: Sequence[float], within: float) -> tuple[float, float] | None:
    """ICC of a single rater and of three, by the mean squares; as they would be published."""
    grand = fmean(means)
    between = 3 * sum((each - grand) ** 2 for each in means) / (len(means) - 1)
    inside = within / (2 * len(means))
    if between + 2 * inside == 0 or between == 0:
        return None
    return round((between - inside) / (between + 2 * inside), 2), round((between - inside) / between, 2)


@pytest.mark.parametrize(
    ("subjects", "is_open"),
    [
        ([(3, 3, 3)] * 10, False),
        ([(2, 3, 4)] * 10, True),
        ([(2, 3, 4)] * 5 + [(3, 3, 3)] * 5, True),
        ([(2, 3, 4)] * 4 + [(3, 3, 3)] * 6, False),
        ([(1, 3, 5)] * 10, False),
        ([(3, 4, 4)] * 10, False),
    ],
)
def test_half_have_to_be_able_to_stand_a_step_nearer_and_half_a_step_further(subjects, is_open: bool):
    assert revealing.leaves_open(subjects, lowest=1, highest=5, step=1) is is_open


def test_the_scale_of_these_tests_has_even_steps():
    assert {high - low for low, high in pairwise(FIVE.scores)} == {1}
