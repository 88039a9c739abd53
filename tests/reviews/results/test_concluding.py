"""What a report says beyond its figures, and that it gives away nothing they don't."""

from __future__ import annotations

import json
import random
from statistics import fmean

import pytest

from reviews.disclosure import Policy, Response, publish
from reviews.instruments.content import Competency, Content, Level, Profile, Required, Scale, Statement
from reviews.results.concluding import Before, Conclusions, Standing, conclude
from reviews.summing_up.agreement import Agreement
from reviews.summing_up.change import Direction
from reviews.summing_up.fit import Shortfall
from reviews.summing_up.gaps import Category
from tests.reviews.disclosure.asking import FIVE, ME, MENTOR, PEERS, REPORTS, asked, said

ONE = asked(ME, MENTOR, PEERS, REPORTS, questions=(), listening=("asks",))
CONTENT = Content(
    scale=Scale(levels=tuple(Level(score=score, label=str(score)) for score in range(1, 6))),
    competencies=(
        Competency(key="listening", name="Listening", statements=(Statement(key="asks", text="Asks first."),)),
    ),
)
POLICY = Policy()


def concluded(responses: list[Response], **others):
    return conclude(ONE, CONTENT, publish(ONE, responses, POLICY), **others)


def of_listening(responses: list[Response]):
    [found] = concluded(responses).competencies
    return found


@pytest.mark.parametrize("peers", [(4, 4, 3), (5, 3, 3), (5, 4, 2), (5, 5, 1)])
def test_three_raters_with_one_mean_come_to_one_conclusion_however_they_differ(peers):
    """Were the conclusion of their own spread, only the first three would be sure enough for a blind spot."""
    everything = concluded(said("self", 5) + said("peers", *peers))

    assert everything == concluded(said("self", 5) + said("peers", 4, 4, 3))
    assert everything.competencies[0].category is Category.BLIND_SPOT


def test_a_gap_that_may_be_chance_is_undecided():
    assert of_listening(said("self", 5) + said("peers", 5, 4, 4)).category is Category.UNDECIDED


@pytest.mark.parametrize("raters", range(3, 11))
def test_where_self_is_right_false_alarms_are_at_most_one_in_ten(raters):
    """Opinions differ by .85 levels, as in the field, and are rounded; a bare gap of .5 errs three times as often."""
    chance = random.Random(raters)
    alarms, bare, tries = 0, 0, 1000
    for _ in range(tries):
        truth = chance.choice((3, 4))
        opinions = [min(5, max(1, round(chance.gauss(truth, 0.85)))) for _ in range(raters)]
        found = of_listening(said("self", truth) + said("peers", *opinions)).category
        alarms += found in (Category.BLIND_SPOT, Category.HIDDEN_STRENGTH)
        bare += abs(truth - fmean(opinions)) >= 0.5

    assert alarms / tries <= 0.10
    assert alarms < bare
    assert bare / tries > 0.10 or raters > 7


def test_strength_and_need_are_confirmed_where_both_say_so_and_are_sure():
    assert of_listening(said("self", 5) + said("peers", 5, 5, 5, 4)).category is Category.CONFIRMED_STRENGTH
    assert of_listening(said("self", 2) + said("peers", 2, 2, 2, 1)).category is Category.CONFIRMED_NEED
    assert of_listening(said("self", 1) + said("peers", 4, 4, 4, 4)).category is Category.HIDDEN_STRENGTH


def test_standing_is_what_the_others_say_without_self():
    assert of_listening(said("peers", 5, 5, 5, 4)).standing is Standing.STRENGTH
    assert of_listening(said("peers", 2, 2, 1)).standing is Standing.NEED
    assert of_listening(said("peers", 3, 4, 3)).standing is Standing.BETWEEN


def test_from_eight_on_their_own_spread_counts():
    agreed, apart = [4] * 6 + [5, 3], [1, 5, 5, 5, 5, 5, 1, 5]

    assert of_listening(said("self", 5) + said("peers", *agreed)).category is Category.BLIND_SPOT
    assert of_listening(said("self", 5) + said("peers", *apart)).category is Category.UNDECIDED


def test_agreement_is_told_from_eight_on():
    assert of_listening(said("peers", *[4] * 7)).agreement is None
    assert of_listening(said("peers", *[4] * 8)).agreement is Agreement.VERY_STRONG
    assert of_listening(said("peers", 1, 5, 1, 5, 1, 5, 1, 5)).agreement is Agreement.NONE


def test_nobody_else_only_others_and_nobody_at_all():
    nothing = (None, Category.UNDECIDED)
    for answers in (
        [],
        said("self", 4),
        said("peers", {"asks": None}, {"asks": None}, {"asks": None}),
        said("peers", 2),
    ):
        found = of_listening(answers)
        assert (found.standing, found.category) == nothing


def test_fit_says_what_is_missing_and_what_is_not_known():
    profile = Profile(key="lead", position="Lead", levels={"listening": Required(level=4.5), "gone": Required(level=3)})

    found = concluded(said("peers", 4, 3, 4), profile=profile).fit

    assert found.shortfalls == (Shortfall("listening", 4.5 - 11 / 3),)
    assert found.not_known == ("gone",)
    assert found.index.value == pytest.approx(100 * (11 / 3 - 1) / 3.5)


def test_a_trend_is_of_the_same_statements_said_by_the_same_groups():
    before = Before(ONE, publish(ONE, said("peers", 2, 2, 3, 2), POLICY))

    up = concluded(said("peers", 4, 4, 4, 5), before=before)
    same = concluded(said("peers", 3, 3, 2, 2), before=before)
    others = concluded(said("peers", 4, 4, 4) + said("mentor", 5), before=before)

    assert [(each.competency, each.direction, each.statements) for each in up.trends] == [
        ("listening", Direction.UP, 1)
    ]
    assert [each.direction for each in same.trends] == [Direction.SAME]
    assert (others.trends, others.has_before) == ((), True)


def test_another_scale_cannot_be_compared():
    other = asked(PEERS, scale=type(FIVE)((0, 1, 2, 3, 4, 5)), questions=(), listening=("asks",))
    before = Before(other, publish(other, said("peers", 2, 2, 3), POLICY))

    assert concluded(said("peers", 4, 4, 4), before=before).trends == ()


def test_two_levels_have_no_middle_and_still_come_to_a_conclusion():
    yes_or_no = asked(ME, PEERS, scale=type(FIVE)((0, 1)), questions=(), listening=("asks",))

    [found] = conclude(
        yes_or_no, CONTENT, publish(yes_or_no, said("self", 1) + said("peers", *[0] * 5), POLICY)
    ).competencies

    assert (found.standing, found.category) == (Standing.NEED, Category.BLIND_SPOT)


def test_conclusions_come_back_from_json_as_they_were():
    profile = Profile(key="lead", position="Lead", levels={"listening": Required(level=4.5)})
    before = Before(ONE, publish(ONE, said("peers", 2, 2, 3, 2), POLICY))
    found = concluded(said("self", 3) + said("peers", *[4] * 8), profile=profile, before=before)

    assert Conclusions.of_json(json.loads(json.dumps(found.as_json()))) == found
