"""Granting by form, and what the learner reads of it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Course, Enrolment, Role
from quizzes.accommodations.models import Grant, Reason
from quizzes.models import Attempt, Quiz
from tests.cast import THEN, Cast


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


def everywhere(leo: Enrolment, rest: str = "") -> str:
    return f"/courses/{leo.course.public_id}/quizzes/accommodations/{leo.public_id}{rest}"


def here(quiz: Quiz, leo: Enrolment, rest: str = "") -> str:
    return f"/courses/{leo.course.public_id}/quizzes/{quiz.public_id}/accommodations/{leo.public_id}{rest}"


def said(**more: str) -> dict[str, str]:
    return {"percent": "", "minutes": "", "attempts": "", "extends": "y", "reason": "agreed", **more}


def test_ines_grants_leo_half_as_much_time_again_and_he_reads_it(as_ines, as_leo, session, quiz, leo):
    answer = as_ines.post(everywhere(leo), data=said(percent="50", attempts="1"), follow_redirects=True)

    assert "Granted to Leo." in answer.text
    assert "50% more time, 1 more attempt" in answer.text
    assert "Every quiz of the course" in answer.text
    page = as_leo.get(f"/courses/{leo.course.public_id}/quizzes/{quiz.public_id}").text
    assert "You have 45 minutes from the moment you start." in page
    assert "3 attempts. The best one counts." in page
    assert "Granted to you: 50% more time, 1 more attempt." in " ".join(page.split())


def test_the_form_comes_back_as_it_was_granted(as_ines, quiz, leo, session):
    as_ines.post(here(quiz, leo), data=said(minutes="10", closes="2026-12-24", reason="technical"))

    page = as_ines.get(here(quiz, leo)).text

    assert 'value="10"' in page
    assert 'value="2026-12-24"' in page
    grant = session.scalars(select(Grant)).one()
    assert (grant.reason, grant.quiz_id, grant.extra_minutes) == (Reason.TECHNICAL, quiz.id, 10)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "Say what is granted: more time, more attempts, or a later day."),
        ({"percent": "-5"}, "Percent more time: write a whole number from 0 to 900."),
        ({"percent": "٥"}, "Percent more time: write a whole number from 0 to 900."),
        ({"minutes": "9999999999"}, "Minutes more: write a whole number from 0 to 1440."),
        ({"attempts": "21"}, "More attempts: write a whole number from 0 to 20."),
        ({"percent": "10", "valid_until": "soon"}, "Holds until the end of this day: give a day as 2026-09-14."),
        ({"percent": "10", "valid_until": "9999-12-31"}, "give a day of this century."),
        ({"percent": "10", "reason": "dyslexia"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_granted_is_refused_in_words(as_ines, session, leo, quiz, wrong, sentence):
    answer = as_ines.post(everywhere(leo), data=said(**wrong))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalars(select(Grant)).all() == []


def test_taken_back_it_is_gone_from_the_list(as_ines, session, leo, quiz):
    as_ines.post(everywhere(leo), data=said(percent="50"))

    answer = as_ines.post(everywhere(leo, "/withdrawal"), follow_redirects=True)

    assert "From their next attempt on, Leo has it no more." in answer.text
    assert "Nobody was granted anything beyond the others yet." in answer.text


def test_a_learner_without_a_limit_reads_that_they_have_none(as_ines, as_leo, session, quiz, leo):
    as_ines.post(here(quiz, leo), data=said(is_unlimited="y"))
    there = f"/courses/{leo.course.public_id}/quizzes/{quiz.public_id}"
    assert "You have as long as you need." in as_leo.get(there).text

    page = as_leo.post(f"{there}/attempts", follow_redirects=True).text

    assert "No time limit" in page
    assert session.scalars(select(Attempt)).one().deadline is None
    assert "Your attempt is running, without a time limit." in as_leo.get(there).text


def test_only_instructors_grant_and_only_of_their_own_course(app, cast, course, as_leo, as_ines, quiz, leo):
    as_ana = cast.visit(app.test_client(), cast.enrol(course, "Ana", Role.ASSISTANT))
    elsewhere = cast.course("Another course")
    as_omar = cast.visit(app.test_client(), cast.enrol(elsewhere, "Omar", Role.INSTRUCTOR))
    zoe = cast.enrol(elsewhere, "Zoe")
    index = f"/courses/{course.public_id}/quizzes/accommodations"

    assert [who.get(index).status_code for who in (as_ines, as_ana, as_leo, as_omar)] == [200, 200, 403, 404]
    assert [who.post(everywhere(leo), data=said(percent="9")).status_code for who in (as_ana, as_leo, as_omar)] == [
        403,
        403,
        404,
    ]
    assert as_ines.get(f"{index}/{zoe.public_id}").status_code == 404
