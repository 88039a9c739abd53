"""Marking anew, page by page."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.gradebook.models import Grade
from lti_tool.models import Role
from quizzes.marking import Kind
from quizzes.marks.models import Grading, RegradeRun, RunState
from quizzes.models import Attempt
from quizzes.questions import Question
from tests.cast import Cast
from tests.quizzes.marks.conftest import HandIn, of_kind


@pytest.fixture
def as_ines(client: FlaskClient, cast: Cast, ines) -> FlaskClient:
    return cast.visit(client, ines)


def here(quiz, rest: str = "") -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/regrades{rest}"


def single(attempt: Attempt) -> Question:
    return of_kind(attempt, Kind.SINGLE).version.question


def said(attempt: Attempt, **rest: str) -> dict[str, str]:
    return {"question": single(attempt).public_id, "policy": "full", "reason": "Nobody could know", **rest}


def run_of(session) -> RegradeRun:
    session.expire_all()
    return session.scalars(select(RegradeRun)).one()


def test_foreseen_written_and_undone(as_ines, session, hand_in: HandIn, quiz):
    attempt = hand_in(is_right=False, essay="")

    page = as_ines.post(here(quiz), data=said(attempt), follow_redirects=True)

    assert "1 learner goes up." in page.text
    assert re.search(r"<bdi>Leo</bdi>.*0 of 2.*1 of 2", page.text, re.DOTALL)
    assert session.scalars(select(Grading)).all() == []
    there = here(quiz, f"/{run_of(session).public_id}")
    done = as_ines.post(f"{there}/marks", follow_redirects=True)
    assert "1 answer got another mark" in done.text
    assert attempt.raw == 1.0
    undone = as_ines.post(f"{there}/undoing", follow_redirects=True)
    assert "1 was brought back" in undone.text
    assert run_of(session).state is RunState.UNDONE
    assert attempt.raw == 0.0
    assert "Undone" in as_ines.get(here(quiz)).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": ""}, "Say why the answers are marked anew"),
        ({"question": "all"}, "Choose one question to give full marks for, or to leave out."),
        ({"question": "nobody"}, "Not a valid choice"),
        ({"policy": "lottery"}, "Not a valid choice"),
        ({"worth": "0"}, "Write a number of points above 0 and at most 1000"),
        ({"worth": "NaN"}, "Write a number of points above 0 and at most 1000"),
        ({"question": "all", "policy": "new version", "worth": "2"}, "Choose one question to change what it is worth."),
        ({"reason": "x" * 1_001}, "Write at most 1000 characters."),
    ],
)
def test_what_cannot_be_marked_anew_is_refused_in_words(as_ines, session, hand_in: HandIn, quiz, wrong, sentence):
    answer = as_ines.post(here(quiz), data=said(hand_in(essay=""), **wrong))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalars(select(RegradeRun)).all() == []


def test_nothing_to_change_is_said(as_ines, session, hand_in: HandIn, quiz):
    page = as_ines.post(here(quiz), data=said(hand_in(essay="")), follow_redirects=True)

    assert "There is nothing to change." in page.text


def test_who_comes_second_waits(as_ines, session, hand_in: HandIn, quiz):
    attempt = hand_in(is_right=False, essay="")
    as_ines.post(here(quiz), data=said(attempt))
    run_of(session).state = RunState.WRITING
    session.commit()

    second = as_ines.post(here(quiz), data=said(attempt))

    assert second.status_code == 409
    assert "being marked anew just now" in second.text
    there = here(quiz, f"/{run_of(session).public_id}")
    assert "Being marked" in as_ines.get(there).text
    assert "Stopped" in as_ines.post(f"{there}/stop", follow_redirects=True).text


def test_only_instructors_of_the_course_mark_anew(app, cast, client, hand_in: HandIn, quiz, tom):
    as_tom = cast.visit(client, tom)
    stranger = cast.enrol(cast.course("Elsewhere"), "Ivo", Role.INSTRUCTOR)
    as_ivo = cast.visit(app.test_client(), stranger)

    assert as_tom.get(here(quiz)).status_code == 403
    assert as_ivo.get(here(quiz).replace(quiz.course.public_id, stranger.course.public_id)).status_code == 404


def test_what_undoing_leaves_in_the_gradebook_of_the_course_is_said(as_ines, session, hand_in: HandIn, quiz, leo):
    attempt = hand_in()
    essay = of_kind(attempt, Kind.ESSAY).version.question.public_id
    there = here(quiz)
    as_ines.post(there, data=said(attempt, question=essay, policy="full"))
    one = here(quiz, f"/{run_of(session).public_id}")

    done = as_ines.post(f"{one}/marks", follow_redirects=True).text
    grades = session.scalars(select(Grade.score).where(Grade.enrolment_id == leo.id)).all()
    undone = as_ines.post(f"{one}/undoing", follow_redirects=True).text

    assert grades == [2.0]
    assert "1 learner had no grade before. Undoing cannot take theirs out of the gradebook of your course" in done
    assert "1 learner has no grade any more" in undone
    assert "The gradebook of your course still shows the grade that was sent, until the answer is marked." in undone
    session.expire_all()
    assert session.get_one(Attempt, attempt.id).unmarked == 1
    assert session.scalars(select(Grade.score).where(Grade.enrolment_id == leo.id)).all() == [2.0]


def test_where_everybody_had_a_grade_nothing_is_left(as_ines, session, hand_in: HandIn, quiz):
    attempt = hand_in(is_right=False, essay="")
    as_ines.post(here(quiz), data=said(attempt))
    one = here(quiz, f"/{run_of(session).public_id}")

    done = as_ines.post(f"{one}/marks", follow_redirects=True).text
    undone = as_ines.post(f"{one}/undoing", follow_redirects=True).text

    assert "gradebook of your course" not in done + undone
