"""360-degree reviews, program evaluations and surveys that open by mentorships: each when it gets there, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.models import Enrolment
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.programs.choices import ForWhom
from mentoring.together.goals import acts as goals
from mentoring.together.goals.acts import Progress, Wording
from mentoring.together.goals.models import Goal, HowFar
from reviews.campaigns import arranging
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.rules import CampaignKind, Milestone, Moment
from tests.cast import THEN
from tests.mentoring.asking import deliver
from tests.mentoring.meetings import a_circle
from tests.reviews.conftest import Reviews

A_DAY = timedelta(days=1)


@pytest.fixture
def pair(reviews: Reviews) -> Mentorship:
    """Leo and Maya, whose mentorship lasts ninety days from THEN on; they have met."""
    reviews.school.mentors(maya=3)
    pair = reviews.school.paired(reviews.school.leo, reviews.school.maya)
    living.begin(reviews.session, pair, by=reviews.school.leo, at=THEN)
    reviews.session.commit()
    return pair


def started(
    reviews: Reviews, moment: Moment, kind: CampaignKind = CampaignKind.REVIEW, *, at: datetime = THEN, **others: Any
) -> Campaign:
    usual = {"closes": None, "open_days": 10, "cohort": reviews.school.cohort}
    campaign = reviews.campaign(kind, moment=moment, **{**usual, **others})
    reviews.collect(campaign, at=at)
    return campaign


def opened(reviews: Reviews) -> list[tuple[str, datetime]]:
    """Who is reviewed, and since when."""
    reviews.session.expire_all()
    targets = reviews.session.scalars(select(Target).order_by(Target.id))
    return [(each.enrolment.name, each.opens) for each in targets if each.enrolment and each.opens]


def asked(reviews: Reviews) -> dict[str, str]:
    """Who is asked, in which group."""
    rows = reviews.session.scalars(select(Assignment).order_by(Assignment.id))
    return {each.rater_name: each.group.key for each in rows}


@pytest.mark.parametrize(
    ("moment", "days", "after"), [(Moment.DAYS, 30, 30), (Moment.MID, None, 45), (Moment.END, None, 90)]
)
def test_a_review_of_each_mentee_opens_when_it_is_due_and_closes_by_itself(
    app: Flask, reviews: Reviews, pair: Mentorship, moment: Moment, days: int | None, after: int
):
    started(reviews, moment, days=days)
    due = THEN + after * A_DAY

    deliver(app, reviews.session, at=due - timedelta(minutes=1))
    assert opened(reviews) == []
    deliver(app, reviews.session, at=due)
    deliver(app, reviews.session, at=due + A_DAY)

    assert opened(reviews) == [("Leo Baum", due)]
    assert asked(reviews) == {"Leo Baum": "self", "Maya Okafor": "mentor"}
    deliver(app, reviews.session, at=due + 10 * A_DAY)
    assert reviews.session.scalars(select(Target)).one().closed == due + 10 * A_DAY


def test_a_review_can_be_about_the_mentors_or_about_both(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.DAYS, days=5, reviewed=ForWhom.MENTOR)
    started(reviews, Moment.DAYS, days=6, reviewed=ForWhom.BOTH)

    deliver(app, reviews.session, at=THEN + 5 * A_DAY)
    assert [name for name, _opens in opened(reviews)] == ["Maya Okafor"]
    deliver(app, reviews.session, at=THEN + 6 * A_DAY)

    assert sorted(name for name, _opens in opened(reviews)) == ["Leo Baum", "Maya Okafor", "Maya Okafor"]


def test_whoever_is_paired_later_is_reviewed_as_well(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.DAYS, days=5)
    reviews.school.paired(reviews.school.zoe, reviews.school.maya)

    deliver(app, reviews.session, at=THEN + 5 * A_DAY)

    assert [name for name, _opens in opened(reviews)] == ["Leo Baum", "Zoe Lind"]


def test_whoever_is_in_two_mentorships_is_reviewed_once(app: Flask, reviews: Reviews, pair: Mentorship):
    """Maya mentors two."""
    started(reviews, Moment.DAYS, days=5, reviewed=ForWhom.MENTOR)
    reviews.school.paired(reviews.school.zoe, reviews.school.maya)

    deliver(app, reviews.session, at=THEN + 5 * A_DAY)
    deliver(app, reviews.session, at=THEN + 6 * A_DAY)

    assert opened(reviews) == [("Maya Okafor", THEN + 5 * A_DAY)]
    assert asked(reviews) == {"Maya Okafor": "self", "Leo Baum": "mentee", "Zoe Lind": "mentee"}


def test_a_mentorship_that_rests_opens_its_round_when_its_people_go_on(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.DAYS, days=30)
    living.pause(reviews.session, pair, until=THEN + 50 * A_DAY, by=reviews.school.leo, at=THEN + 20 * A_DAY)

    deliver(app, reviews.session, at=THEN + 30 * A_DAY)
    assert opened(reviews) == []
    living.resume(reviews.session, pair, by=reviews.school.leo, at=THEN + 40 * A_DAY)
    deliver(app, reviews.session, at=THEN + 40 * A_DAY)
    deliver(app, reviews.session, at=THEN + 50 * A_DAY)

    assert opened(reviews) == [("Leo Baum", THEN + 40 * A_DAY)]


def test_of_the_times_that_fell_into_a_pause_one_opens_after_it(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.INTERVAL, CampaignKind.PAIR, days=10)
    deliver(app, reviews.session, at=THEN + 10 * A_DAY)
    living.pause(reviews.session, pair, until=THEN + 50 * A_DAY, by=reviews.school.leo, at=THEN + 15 * A_DAY)

    for day in (20, 30, 40, 50, 60):
        deliver(app, reviews.session, at=THEN + day * A_DAY)

    days = [(opens - THEN).days for name, opens in opened(reviews) if name == "Leo Baum"]
    assert days == [10, 50, 60]


def test_one_that_ended_early_opens_nothing(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.DAYS, days=30)
    ending.end(reviews.session, pair, by=reviews.school.leo, at=THEN + A_DAY, reason="no_more_time")

    deliver(app, reviews.session, at=THEN + 30 * A_DAY)

    assert opened(reviews) == []


def test_at_an_early_completion_the_mentor_is_still_asked(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.END)

    living.complete(reviews.session, pair, by=reviews.school.leo, at=THEN + 60 * A_DAY)
    reviews.session.commit()

    assert opened(reviews) == [("Leo Baum", THEN + 60 * A_DAY)]
    assert asked(reviews) == {"Leo Baum": "self", "Maya Okafor": "mentor"}


# Milestones


def a_goal(reviews: Reviews, pair: Mentorship) -> Goal:
    wording = Wording(statement="Lead a meeting", due=THEN + 30 * A_DAY)
    return goals.set_goal(reviews.session, pair, wording, by=pair.mentee, at=THEN)


def reached(reviews: Reviews, goal: Goal, *, at: datetime) -> None:
    said = Progress(words=f"Done by {at}.", far=HowFar.REACHED)
    goals.tell_progress(reviews.session, goal, said, by=goal.participant, at=at)
    reviews.session.commit()


def test_the_kick_off_opens_a_review(app: Flask, reviews: Reviews):
    reviews.school.mentors(maya=3)
    pair = reviews.school.paired(reviews.school.leo, reviews.school.maya)
    started(reviews, Moment.MILESTONE, milestone=Milestone.KICK_OFF)
    at = THEN + 3 * A_DAY

    deliver(app, reviews.session, at=at)
    assert opened(reviews) == []
    living.begin(reviews.session, pair, by=reviews.school.leo, at=at)
    deliver(app, reviews.session, at=at)

    assert opened(reviews) == [("Leo Baum", at)]


def test_a_goal_that_is_reached_twice_opens_it_once(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.MILESTONE, milestone=Milestone.GOAL)
    goal = a_goal(reviews, pair)

    for day in (10, 20):
        reached(reviews, goal, at=THEN + day * A_DAY)
        deliver(app, reviews.session, at=THEN + day * A_DAY)
        goals.reopen(reviews.session, goal, by=goal.participant, at=THEN + day * A_DAY)
    reached(reviews, a_goal(reviews, pair), at=THEN + 30 * A_DAY)
    deliver(app, reviews.session, at=THEN + 30 * A_DAY)

    assert opened(reviews) == [("Leo Baum", THEN + 10 * A_DAY)]


def test_a_milestone_reached_before_it_started_opens_nothing(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.MILESTONE, milestone=Milestone.KICK_OFF, at=THEN + A_DAY)

    deliver(app, reviews.session, at=THEN + 2 * A_DAY)

    assert opened(reviews) == []


def test_one_reached_in_a_pause_opens_when_they_go_on(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.MILESTONE, milestone=Milestone.GOAL)
    goal = a_goal(reviews, pair)
    living.pause(reviews.session, pair, until=THEN + 50 * A_DAY, by=reviews.school.leo, at=THEN + 5 * A_DAY)

    reached(reviews, goal, at=THEN + 10 * A_DAY)
    deliver(app, reviews.session, at=THEN + 10 * A_DAY)
    assert opened(reviews) == []
    deliver(app, reviews.session, at=THEN + 50 * A_DAY)

    assert opened(reviews) == [("Leo Baum", THEN + 50 * A_DAY)]


def test_the_two_of_a_pair_evaluate_each_other_by_a_milestone(app: Flask, reviews: Reviews, pair: Mentorship):
    started(reviews, Moment.MILESTONE, CampaignKind.PAIR, milestone=Milestone.GOAL)

    reached(reviews, a_goal(reviews, pair), at=THEN + 10 * A_DAY)
    deliver(app, reviews.session, at=THEN + 10 * A_DAY)

    assert opened(reviews) == [("Maya Okafor", THEN + 10 * A_DAY), ("Leo Baum", THEN + 10 * A_DAY)]


def test_the_people_of_a_circle_are_each_reviewed(app: Flask, reviews: Reviews):
    circle = a_circle(reviews.school)
    started(reviews, Moment.MILESTONE, milestone=Milestone.KICK_OFF)
    living.begin(reviews.session, circle, by=reviews.school.leo, at=THEN + A_DAY)

    deliver(app, reviews.session, at=THEN + A_DAY)

    assert sorted(name for name, _opens in opened(reviews)) == ["Leo Baum", "Maya Okafor", "Zoe Lind"]


# Of nobody


@pytest.mark.parametrize(
    ("kind", "groups"),
    [(CampaignKind.PROGRAM, ("mentee", "mentor")), (CampaignKind.SURVEY, ("everyone", "everyone"))],
)
def test_each_is_asked_about_the_program_when_their_mentorship_gets_there(
    app: Flask, reviews: Reviews, pair: Mentorship, kind: CampaignKind, groups: tuple[str, str]
):
    campaign = started(reviews, Moment.MID, kind)
    assert asked(reviews) == {}

    deliver(app, reviews.session, at=THEN + 45 * A_DAY)
    deliver(app, reviews.session, at=THEN + 46 * A_DAY)

    assert asked(reviews) == dict(zip(("Leo Baum", "Maya Okafor"), groups, strict=True))
    [target] = campaign.targets
    assert (target.key, target.takes_answers(THEN + 80 * A_DAY)) == (arranging.WHOLE, True)


def test_the_people_of_a_mentorship_are_those_of_its_side(reviews: Reviews, pair: Mentorship):
    def names(whom: ForWhom) -> list[str]:
        people: list[Enrolment] = arranging.people_of(pair, whom)
        return sorted(each.name for each in people)

    assert [names(whom) for whom in ForWhom] == [["Leo Baum"], ["Maya Okafor"], ["Leo Baum", "Maya Okafor"]]
