"""What opens by mentorships opens once, when it is due; both sides close and are released together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.events import PersonLeftCourse, PersonReturned
from lti_tool.outbox import announce
from mentoring.events import ReadyForMatching
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.sections import Look
from mentoring.mentorships.timeline.models import Step
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.participants.joining import join
from mentoring.together.closure.evaluating import evaluations_for
from reviews.answering import writing
from reviews.answering.said import Said
from reviews.campaigns import running
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import CampaignKind, Moment, ReleasedBy
from reviews.results import freezing
from tests.cast import THEN
from tests.mentoring.asking import deliver
from tests.reviews.conftest import LATER, Reviews

A_DAY = timedelta(days=1)


@pytest.fixture
def pair(reviews: Reviews) -> Mentorship:
    """Leo and Maya, whose mentorship lasts ninety days from THEN on."""
    reviews.school.mentors(maya=3)
    return reviews.school.paired(reviews.school.leo, reviews.school.maya)


def evaluation(reviews: Reviews, moment: Moment, **others: Any) -> Campaign:
    usual = {"released_by": ReleasedBy.AT_CLOSE, "closes": None, "open_days": 10, "cohort": reviews.school.cohort}
    campaign = reviews.campaign(CampaignKind.PAIR, moment=moment, **{**usual, **others})
    reviews.collect(campaign)
    return campaign


def opened(reviews: Reviews) -> list[tuple[str, datetime]]:
    """Whom evaluations are about, and since when they are open."""
    reviews.session.expire_all()
    targets = reviews.session.scalars(select(Target).order_by(Target.id))
    return [(each.enrolment.name, each.opens) for each in targets if each.enrolment and each.opens]


def both(reviews: Reviews, at: datetime) -> list[tuple[str, datetime]]:
    return [("Maya Okafor", at), ("Leo Baum", at)]


@pytest.mark.parametrize(
    ("moment", "days", "after"), [(Moment.DAYS, 30, 30), (Moment.MID, None, 45), (Moment.END, None, 90)]
)
def test_it_opens_for_both_when_it_is_due(app: Flask, reviews: Reviews, pair: Mentorship, moment, days, after):
    evaluation(reviews, moment, days=days)

    deliver(app, reviews.session, at=THEN + A_DAY * after - timedelta(minutes=1))
    assert opened(reviews) == []
    due = THEN + A_DAY * after
    deliver(app, reviews.session, at=due)
    deliver(app, reviews.session, at=due + A_DAY)

    assert opened(reviews) == both(reviews, due)
    assert [each.closes for each in reviews.session.scalars(select(Target))] == [due + 10 * A_DAY] * 2


def test_at_intervals_it_opens_again_until_the_end(app: Flask, reviews: Reviews, pair: Mentorship):
    evaluation(reviews, Moment.INTERVAL, days=40)

    for day in range(0, 100, 10):
        deliver(app, reviews.session, at=THEN + A_DAY * day)

    assert opened(reviews) == both(reviews, THEN + 40 * A_DAY) + both(reviews, THEN + 80 * A_DAY)


def test_what_was_over_before_the_campaign_started_does_not_open(app: Flask, reviews: Reviews, pair: Mentorship):
    campaign = reviews.campaign(
        CampaignKind.PAIR, moment=Moment.DAYS, days=5, closes=None, cohort=reviews.school.cohort
    )
    reviews.collect(campaign, at=THEN + 20 * A_DAY)

    deliver(app, reviews.session, at=THEN + 30 * A_DAY)

    assert opened(reviews) == []


def test_a_pair_that_is_made_later_is_evaluated_as_well(app: Flask, reviews: Reviews):
    reviews.school.mentors(maya=3)
    evaluation(reviews, Moment.DAYS, days=5)
    reviews.school.paired(reviews.school.leo, reviews.school.maya)
    reviews.session.commit()

    deliver(app, reviews.session, at=THEN + 5 * A_DAY)

    assert opened(reviews) == both(reviews, THEN + 5 * A_DAY)


def test_a_mentorship_that_was_prolonged_is_evaluated_later(app: Flask, reviews: Reviews, pair: Mentorship):
    evaluation(reviews, Moment.END)
    pair.planned_end = THEN + 120 * A_DAY
    reviews.session.commit()

    deliver(app, reviews.session, at=THEN + 90 * A_DAY)
    assert opened(reviews) == []
    deliver(app, reviews.session, at=THEN + 120 * A_DAY)

    assert opened(reviews) == both(reviews, THEN + 120 * A_DAY)


def test_one_that_ended_early_is_evaluated_no_more(app: Flask, reviews: Reviews, pair: Mentorship):
    evaluation(reviews, Moment.DAYS, days=30)
    living.begin(reviews.session, pair, by=reviews.school.leo, at=THEN)
    ending.end(reviews.session, pair, by=reviews.school.leo, at=THEN + A_DAY, reason="no_more_time")

    deliver(app, reviews.session, at=THEN + 30 * A_DAY)

    assert opened(reviews) == []


def completed(reviews: Reviews, pair: Mentorship, at: datetime) -> None:
    living.begin(reviews.session, pair, by=reviews.school.leo, at=THEN)
    living.complete(reviews.session, pair, by=reviews.school.leo, at=at)
    reviews.session.commit()


def test_a_completion_opens_the_end_evaluation_on_the_page_of_the_end(app: Flask, reviews: Reviews, pair: Mentorship):
    evaluation(reviews, Moment.END)
    at = THEN + 60 * A_DAY
    completed(reviews, pair, at)

    assert opened(reviews) == both(reviews, at)
    with app.test_request_context():
        asked = {
            who: evaluations_for(Look(session=reviews.session, me=who, mentorship=pair, part=None, at=at))
            for who in (reviews.school.leo, reviews.school.maya, reviews.school.ines)
        }
    assert [len(steps) for steps in asked.values()] == [1, 1, 0]
    mine = reviews.assignment(reviews.session.scalars(select(Target).order_by(Target.id)).all()[0], reviews.school.leo)
    assert asked[reviews.school.leo][0].url.endswith(mine.public_id)


def test_when_both_have_answered_the_timeline_says_so(reviews: Reviews, pair: Mentorship):
    evaluation(reviews, Moment.END)
    completed(reviews, pair, THEN + 60 * A_DAY)
    about_maya, about_leo = reviews.session.scalars(select(Target).order_by(Target.id)).all()

    def done() -> bool:
        [step] = [each for each in entries_of(reviews.session, pair) if each.step is Step.END_EVALUATION]
        return step.done is not None

    reviews.answer(reviews.assignment(about_maya, reviews.school.leo), 4, at=THEN + 61 * A_DAY)
    assert not done()
    reviews.answer(reviews.assignment(about_leo, reviews.school.maya), 5, at=THEN + 62 * A_DAY)

    assert done()


def test_both_sides_are_released_together_when_their_time_is_over(app: Flask, reviews: Reviews, pair: Mentorship):
    campaign = evaluation(reviews, Moment.DAYS, days=5)
    deliver(app, reviews.session, at=THEN + 5 * A_DAY)
    about_maya, about_leo = reviews.session.scalars(select(Target).order_by(Target.id)).all()
    reviews.answer(reviews.assignment(about_maya, reviews.school.leo), 4, at=THEN + 6 * A_DAY)
    assert [freezing.snapshot_of(reviews.session, each) for each in (about_maya, about_leo)] == [None, None]

    deliver(app, reviews.session, at=THEN + 15 * A_DAY)

    found = [freezing.snapshot_of(reviews.session, each) for each in (about_maya, about_leo)]
    assert [each.released for each in found if each] == [THEN + 15 * A_DAY] * 2
    assert reviews.states(about_leo) == {"Maya Okafor": "expired"}
    assert campaign.phase is Phase.COLLECTING


def test_a_review_that_nobody_has_to_release_is_when_it_closes(app: Flask, reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo, released_by=ReleasedBy.AT_CLOSE)
    reviews.collect(campaign)

    deliver(app, reviews.session, at=LATER)

    snapshot = freezing.snapshot_of(reviews.session, target)
    assert snapshot is not None
    assert (snapshot.released, snapshot.released_by) == (LATER, None)
    assert campaign.phase is Phase.RELEASED


def test_whoever_is_to_be_matched_is_reviewed_once_before(app: Flask, reviews: Reviews):
    school = reviews.school
    school.mentors(maya=1)
    join(reviews.session, school.cohort, [school.leo], at=THEN)
    campaign = reviews.campaign(
        moment=Moment.BASELINE, closes=None, open_days=7, cohort=school.cohort, released_by=ReleasedBy.AT_CLOSE
    )
    reviews.collect(campaign)
    join(reviews.session, school.cohort, [school.zoe], at=THEN)
    cohort = school.cohort
    for _twice in range(2):
        ready = ReadyForMatching(
            at=THEN + A_DAY, where=school.course.where, cohort=cohort.public_id, program=cohort.program.public_id
        )
        announce(reviews.session, ready)
    reviews.session.commit()

    assert opened(reviews) == [("Leo Baum", THEN), ("Zoe Lind", THEN + A_DAY)]
    deliver(app, reviews.session, at=THEN + 7 * A_DAY)
    closed = [each.closed is not None for each in reviews.session.scalars(select(Target).order_by(Target.id))]
    assert closed == [True, False]


def left(reviews: Reviews, who: Any, at: datetime) -> PersonLeftCourse:
    return PersonLeftCourse(at=at, who=who.who, where=reviews.school.course.where, role="learner")


def test_a_rater_who_leaves_is_asked_no_more_and_asked_again_when_they_return(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    ana, ben = reviews.join("Ana", "Ben")
    first, second = reviews.name(target, [ana, ben])
    reviews.collect(campaign)
    writing.keep(reviews.session, first, Said(ratings={"asks": 2}), at=THEN)
    reviews.session.commit()

    announce(reviews.session, left(reviews, ana, THEN + A_DAY))
    reviews.session.commit()
    assert (first.state, first.sealed_draft, second.state) == (
        AssignmentState.EXPIRED,
        None,
        AssignmentState.INVITED,
    )

    announce(
        reviews.session, PersonReturned(at=THEN + 2 * A_DAY, who=ana.who, where=campaign.course.where, role="learner")
    )
    reviews.session.commit()
    assert first.state is AssignmentState.INVITED


def test_who_returns_after_the_end_or_has_answered_is_not_asked_again(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    ana, ben = reviews.join("Ana", "Ben")
    first, second = reviews.name(target, [ana, ben])
    reviews.collect(campaign)
    reviews.answer(second, 4)
    for each in (ana, ben):
        announce(reviews.session, left(reviews, each, THEN + A_DAY))
    running.close(reviews.session, campaign, by=None, at=LATER)
    for each in (ana, ben):
        announce(reviews.session, PersonReturned(at=LATER, who=each.who, where=campaign.course.where, role="learner"))
    reviews.session.commit()

    states = {each.rater_name: each.state.value for each in reviews.session.scalars(select(Assignment))}
    assert states == {"Leo Baum": "expired", "Ana": "expired", "Ben": "submitted"}
    assert first.target_id == target.id
