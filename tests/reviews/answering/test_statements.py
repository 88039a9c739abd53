"""Whoever reads all statements of a campaign cannot say who has rated whom, unless the roster says it anyway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Enrolment
from reviews.answering import progressing
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.rules import CampaignKind, Moment
from reviews.events import TOLD_OF_CAMPAIGN
from reviews.results import many
from tests.cast import THEN
from tests.mentoring.asking import deliver
from tests.reviews.answering.statements import evaluated, joined, progress, told
from tests.reviews.conftest import LATER, Reviews

PEERS = ("Ana", "Ben", "Cem", "Dana", "Eli", "Fay")


def all_answer(reviews: Reviews) -> None:
    for assignment in reviews.session.scalars(select(Assignment).order_by(Assignment.id)):
        if assignment.state.value == "invited":
            reviews.answer(assignment, 1 + assignment.id % 5)


def released(reviews: Reviews, campaign: Campaign) -> None:
    reviews.close(campaign)
    assert many.release(reviews.session, campaign, by=reviews.school.ines, at=LATER) is None
    reviews.session.commit()


def a_review(reviews: Reviews, about: Sequence[Enrolment], raters: Sequence[Sequence[Enrolment]]) -> None:
    campaign, targets = reviews.review_of(*about)
    for target, named in zip(targets, raters, strict=True):
        reviews.name(target, named)
    reviews.collect(campaign)
    all_answer(reviews)
    released(reviews, campaign)


def in_a_ring(peers: Sequence[Enrolment], each: int) -> list[list[Enrolment]]:
    """Everybody is rated by the next few."""
    return [[peers[(n + step) % len(peers)] for step in range(1, each + 1)] for n in range(len(peers))]


def test_of_a_campaign_about_one_person_no_progress_is_told(reviews: Reviews):
    peers = reviews.join(*PEERS)

    a_review(reviews, [reviews.school.leo], [peers])

    statements = told(reviews.session)
    assert {each["object"]["account"]["name"] for each in evaluated(statements)} == {"leo-baum"}
    assert progress(statements) == []
    assert joined(statements) == set()


def test_the_reader_would_find_out_if_it_were(reviews: Reviews, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(progressing, "_told_of", lambda *_: TOLD_OF_CAMPAIGN)
    peers = reviews.join(*PEERS)

    a_review(reviews, [reviews.school.leo], [peers])

    assert joined(told(reviews.session)) == {(each.person.subject, "leo-baum") for each in peers}


def test_nor_where_somebody_rates_nearly_all_who_are_reviewed(reviews: Reviews):
    """Each rates four of the other five: whoever knows all six would be right four times in five."""
    peers = reviews.join(*PEERS)

    a_review(reviews, peers, in_a_ring(peers, 4))

    statements = told(reviews.session)
    assert len({each["object"]["account"]["name"] for each in evaluated(statements)}) == 6
    assert progress(statements) == []


def test_nor_where_nearly_all_others_have_too_few_raters_for_a_result(reviews: Reviews):
    peers = reviews.join(*PEERS)

    a_review(reviews, [reviews.school.leo, *peers], [reviews.join("Gil", "Hana", "Ivo"), *([[]] * 6)])

    statements = told(reviews.session)
    assert {each["object"]["account"]["name"] for each in evaluated(statements)} == {"leo-baum"}
    assert progress(statements) == []


def test_among_enough_people_progress_is_told_and_joins_nobody(reviews: Reviews):
    peers, raters = reviews.join(*PEERS), reviews.join(*(f"Rater {n}" for n in range(9)))
    about = [[raters[(n + step) % 9] for step in (0, 1, 3)] for n in range(6)]

    a_review(reviews, peers, about)

    statements = told(reviews.session)
    assert len({each["object"]["account"]["name"] for each in evaluated(statements)}) == 6
    assert {each["actor"]["account"]["name"] for each in progress(statements)} >= {f"rater-{n}" for n in range(9)}
    assert joined(statements) == set()


def test_neither_its_moment_nor_its_place_nor_a_run_says_about_whom(reviews: Reviews):
    """All of a day are of its first moment, none belongs to a run, and no result comes before the last of them."""
    peers, raters = reviews.join(*PEERS), reviews.join(*(f"Rater {n}" for n in range(9)))

    a_review(reviews, peers, [[raters[(n + step) % 9] for step in (0, 1, 3)] for n in range(6)])

    statements = told(reviews.session)
    found, results = progress(statements), evaluated(statements)
    assert {each["timestamp"] for each in found} == {f"{THEN:%Y-%m-%d}T00:00:00.000Z"}
    assert not any("registration" in each["context"] for each in [*found, *results])
    assert max(map(statements.index, found)) < min(map(statements.index, results))


def test_of_reviews_that_open_one_by_one_no_progress_is_told(app: Flask, reviews: Reviews):
    """The day would say about whom it was."""
    reviews.school.mentors(maya=1)
    reviews.school.paired(reviews.school.leo, reviews.school.maya)
    cohort, opens = reviews.school.cohort, THEN + timedelta(days=5)
    campaign = reviews.campaign(moment=Moment.DAYS, days=5, closes=None, cohort=cohort)
    reviews.collect(campaign)
    deliver(app, reviews.session, at=opens)
    [target] = reviews.session.scalars(select(Target))

    reviews.answer(reviews.assignment(target, reviews.school.maya), 4, at=opens)

    assert progress(told(reviews.session)) == []


@pytest.mark.parametrize("mentees", [1, 2, 3])
def test_a_pair_evaluation_joins_only_whom_the_roster_joins(reviews: Reviews, mentees: int):
    reviews.school.mentors(maya=3)
    theirs = [reviews.school.leo, reviews.school.zoe, *reviews.join("Ana")][:mentees]
    for mentee in theirs:
        reviews.school.paired(mentee, reviews.school.maya)
    campaign = reviews.campaign(CampaignKind.PAIR)
    reviews.collect(campaign)
    all_answer(reviews)
    released(reviews, campaign)

    statements = told(reviews.session)

    of_results = {
        one["id"] for each in evaluated(statements) for one in each["context"]["contextActivities"]["grouping"]
    }
    assert {each["actor"]["account"]["name"] for each in progress(statements)} >= {"maya-okafor", "leo-baum"}
    assert not of_results & {each["object"]["id"] for each in progress(statements)}
    mentor = reviews.school.maya.person.subject
    pairs = {(each.person.subject, mentor) for each in theirs} | {(mentor, each.person.subject) for each in theirs}
    assert joined(statements) <= pairs


def test_a_survey_tells_of_its_raters_under_its_own_name(reviews: Reviews):
    """It is about nobody, and no result of anybody's is told."""
    campaign = reviews.campaign(CampaignKind.SURVEY)
    reviews.collect(campaign)
    all_answer(reviews)
    released(reviews, campaign)

    statements = told(reviews.session)

    assert {each["object"]["id"].rpartition("/")[2] for each in progress(statements)} == {campaign.public_id}
    assert evaluated(statements) == []
