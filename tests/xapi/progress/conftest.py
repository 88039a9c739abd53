"""A course in which much has happened: two pairs, meetings, goals, a quiz, a review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool import clock
from lti_tool.models import Enrolment
from mentoring.mentorships import living
from mentoring.together.goals.models import HowFar
from mentoring.together.nudges import stalling
from quizzes.events import QuizSubmitted
from reviews.events import ReviewProgressed, ReviewReleased
from tests.cast import THEN, Cast
from tests.mentoring.asking import held
from tests.mentoring.conftest import School, school
from tests.mentoring.goals import a_goal, moved
from tests.mentoring.meetings import booked, said
from xapi import retelling
from xapi.profile import examples

__all__ = ["school"]

A_DAY = timedelta(days=1)
NOW = THEN + 50 * A_DAY
LATER = THEN + 100 * A_DAY


class Year:
    """What happened, to be asked for by tests."""

    def __init__(self, school: School) -> None:
        self.school = school
        school.mentors(maya=3)
        self.leo = school.paired(school.leo, school.maya)
        self.zoe = school.paired(school.zoe, school.maya)
        self.nils = school.join("Nils Berg")
        self.idle = school.paired(self.nils, school.maya)

    def live(self) -> None:
        school, leo = self.school, self.leo
        for pair, by in ((leo, school.leo), (self.zoe, school.zoe)):
            living.begin(school.session, held(school, pair), by=by, at=THEN + A_DAY)
        school.session.commit()
        met, missed = booked(school, leo, leo.mentee, 2, times=2)
        said(school, met, leo.mentee)
        said(school, met, leo.mentor)
        said(school, missed, leo.mentor, was_there=False)
        booked(school, leo, leo.mentee, 60)
        reached = a_goal(school, leo, leo.mentee)
        a_goal(school, leo, leo.mentee, "I can name all of our customers")
        moved(school, reached, leo.mentee, HowFar.REACHED)
        living.complete(school.session, held(school, self.zoe), by=school.zoe, at=THEN + 3 * A_DAY)
        school.session.commit()

    def quiet(self) -> None:
        """A night comes when Leo and Maya have not met for too long."""
        with clock.moved_to(LATER):
            stalling.sweep(at=LATER)

    def take(self, who: Enrolment, n: int, raw: float, *, at: datetime = THEN + 4 * A_DAY) -> None:
        event = examples.made_up(QuizSubmitted)[0]
        taken = replace(
            event,
            event_id=f"22222222-2222-4333-8444-5555{n:08}",
            who=who.who,
            where=self.school.course.where,
            attempt=f"attempt{n}",
            raw=raw,
            has_passed=raw >= 5,
            submitted=at,
            at=at,
        )
        retelling.retell(self.school.session, [taken], who.who)
        self.school.session.commit()

    def review(self, *subjects: Enrolment) -> None:
        for who in subjects:
            far = replace(
                examples.made_up(ReviewProgressed)[0],
                event_id=f"33333333-2222-4333-8444-5555{who.id:08}",
                who=who.who,
                where=self.school.course.where,
            )
            released = replace(
                examples.made_up(ReviewReleased)[0],
                event_id=f"44444444-2222-4333-8444-5555{who.id:08}",
                who=who.who,
                where=self.school.course.where,
            )
            retelling.retell(self.school.session, [far, released], who.who)
        self.school.session.commit()


@pytest.fixture
def year(school: School) -> Year:
    year = Year(school)
    year.live()
    year.take(school.leo, 1, 3)
    year.take(school.leo, 2, 8)
    year.take(school.zoe, 3, 2)
    year.review(school.leo, school.zoe)
    return year


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Callable[[Enrolment], FlaskClient]:
    """Somebody comes in now, and stays."""

    def visit(person: Enrolment) -> FlaskClient:
        with clock.moved_to(NOW):
            return cast.visit(app.test_client(), person)

    return visit
