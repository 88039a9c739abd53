"""What staff sees of one learner, and what learners are told of their grade's way to the gradebook."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.gradebook import Grade, Trouble
from lti_tool.models import Course, Enrolment, Role
from quizzes.models import Quiz
from tests.cast import THEN, Cast
from tests.quizzes.conftest import Start, right_answers


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


def page_of(quiz: Quiz, learner: Enrolment) -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/learners/{learner.public_id}"


def words(answer: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def graded(session: Session, quiz: Quiz, learner: Enrolment, **values: Any) -> Grade:
    grade = Grade(
        enrolment_id=learner.id,
        activity=quiz.reference,
        title=quiz.title,
        score=15.0,
        maximum=20.0,
        earned=THEN,
        **values,
    )
    session.add(grade)
    session.commit()
    return grade


def test_staff_sees_each_attempt_and_the_best_one_explained(
    as_ines: FlaskClient, session: Session, quiz: Quiz, leo: Enrolment, start: Start
):
    attempts = []
    for n, right in enumerate((9, 15), start=1):
        attempts.append(start(n))
        attempts[-1].submit(right_answers(attempts[-1], range(1, right + 1)), THEN + timedelta(minutes=10))
        session.commit()
    graded(session, quiz, leo, sent_version=1, sent=THEN)

    page = as_ines.get(page_of(quiz, leo))

    said = words(page)
    assert "Passed Earned 15 of 20. The best one counts." in said
    assert ("Attempt 1" in said, "Attempt 2" in said) == (True, True)
    assert "In the gradebook: Entered" in said
    assert "Ready or not yet Ready The quiz is passed." in said
    assert attempts[1].answers[-1].version.why in said


def test_somebody_who_has_not_begun_has_a_page_that_says_so(as_ines: FlaskClient, quiz: Quiz, leo: Enrolment):
    said = words(as_ines.get(page_of(quiz, leo)))

    assert "Nothing has been handed in yet." in said


def test_a_first_attempt_that_runs_is_said_to_run(as_ines: FlaskClient, quiz: Quiz, leo: Enrolment, start: Start):
    start()

    assert "The first attempt is running." in words(as_ines.get(page_of(quiz, leo)))


@pytest.mark.parametrize("role", [Role.LEARNER, Role.OBSERVER, Role.DESIGNER, Role.GUEST])
def test_others_do_not_see_a_learners_page(
    app: Flask, cast: Cast, course: Course, quiz: Quiz, leo: Enrolment, role: Role
):
    somebody = cast.visit(app.test_client(), cast.enrol(course, "Somebody", role))

    assert somebody.get(page_of(quiz, leo)).status_code == 403


def test_a_learner_or_quiz_of_another_course_is_not_there(as_ines: FlaskClient, cast: Cast, quiz: Quiz, leo: Enrolment):
    stranger = cast.enrol(cast.course("Another course"), "Zoe")

    assert as_ines.get(page_of(quiz, stranger)).status_code == 404
    assert as_ines.get(page_of(quiz, leo).replace(quiz.public_id, "a" * 16)).status_code == 404


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Your grade is on its way to your gradebook."),
        ({"trouble": Trouble.NO_ANSWER}, "Your grade is on its way to your gradebook."),
        ({"sent_version": 1, "sent": THEN}, "Your grade is in your gradebook."),
        (
            {"trouble": Trouble.REFUSED},
            "Your grade could not be entered in your gradebook: your instructor has been told.",
        ),
        (
            {"trouble": Trouble.DELETED},
            "Your grade could not be entered in your gradebook: your instructor has been told.",
        ),
        (
            {"sent_version": 1, "sent": THEN, "seen": THEN, "seen_score": 3.0, "seen_maximum": 20.0},
            "Your grade has reached your gradebook, where your instructor has set the value that counts.",
        ),
    ],
)
def test_a_learner_reads_how_far_their_grade_has_come(
    app: Flask,
    session: Session,
    cast: Cast,
    quiz: Quiz,
    leo: Enrolment,
    start: Start,
    values: dict[str, Any],
    sentence: str,
):
    attempt = start()
    attempt.submit(right_answers(attempt, range(1, 16)), THEN + timedelta(minutes=10))
    session.commit()
    graded(session, quiz, leo, **values)
    client = cast.visit(app.test_client(), leo)
    course = quiz.course.public_id

    pages = [
        words(client.get(path))
        for path in (
            f"/courses/{course}/",
            f"/courses/{course}/quizzes/{quiz.public_id}",
            f"/courses/{course}/quizzes/attempts/{attempt.public_id}",
        )
    ]

    assert [sentence in page for page in pages] == [True] * 3


def test_where_no_gradebook_waits_for_it_nothing_is_said_of_one(
    app: Flask, session: Session, cast: Cast, quiz: Quiz, leo: Enrolment, start: Start
):
    attempt = start()
    attempt.submit(right_answers(attempt, range(1, 16)), THEN + timedelta(minutes=10))
    session.commit()
    graded(session, quiz, leo, trouble=Trouble.NO_COLUMN)
    client = cast.visit(app.test_client(), leo)

    page = words(client.get(f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}"))

    assert "gradebook" not in page
