"""What staff read of how an attempt went: what and when, never which answers or networks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.models import Course, Enrolment, Role
from lti_tool.running import delivering
from quizzes import closing
from quizzes.attempts import log
from quizzes.attempts.log import AttemptEntry
from quizzes.models import Attempt
from tests.cast import THEN, Cast
from tests.quizzes.attempts.test_saving import option, send, there
from tests.quizzes.conftest import Start


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


def address(attempt: Attempt) -> str:
    quiz = attempt.quiz
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/results/{attempt.public_id}/log"


def test_staff_read_what_happened_in_order(as_leo, as_ines, start: Start):
    attempt = start()
    for page in ("1" * 16, "2" * 16):
        as_leo.post(there(attempt, "opening"), data={"page": page})
    send(as_leo, attempt, [3, 20001, option(attempt, 3)], epoch=2)
    as_leo.post(there(attempt, "").rstrip("/"), data={"sure": "1"})

    page = as_ines.get(address(attempt)).text

    told = [
        "Started",
        "Gone on with in another tab or on another device",
        "Answer to question 3 kept, as number 20001",
        "Handed in",
    ]
    assert [page.index(words) for words in told] == sorted(page.index(words) for words in told)
    assert "Each line is kept for 365 days and then cleared away." in page
    assert attempt.answers[2].options[0].text not in page


def test_only_staff_of_the_course_read_it(app, cast, as_leo, as_ines, start: Start):
    attempt = start()
    as_omar = cast.visit(app.test_client(), cast.enrol(cast.course("Another course"), "Omar", Role.INSTRUCTOR))

    assert [who.get(address(attempt)).status_code for who in (as_ines, as_leo, as_omar)] == [200, 403, 404]


def test_it_is_cleared_away_a_year_later(app: Flask, session, start: Start):
    attempt = start()
    closing.hand_in(session, attempt, {}, at=THEN)
    session.commit()

    with clock.moved_to(THEN + timedelta(hours=1)):
        delivering.deliver_due(app)
    assert session.scalar(select(func.count()).select_from(AttemptEntry)) == 2
    session.rollback()
    log.forget(session, THEN + log.KEPT + timedelta(seconds=1))

    assert log.entries(session, attempt) == []
