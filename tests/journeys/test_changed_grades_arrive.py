"""Whatever changes somebody's grade after they handed in is announced, and arrives in the gradebook of the campus."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.outbox import Happening
from lti_tool.running.delivering import drain
from quizzes.models import Attempt
from tests.conftest import Arrive
from tests.journeys.walking import public_id_in, right_answers, start_quiz, sure

COLUMN = "Onboarding quiz"
Later = Callable[[int], None]


@pytest.fixture
def later(app: Flask) -> Later:
    """Let the delivery loop work so many seconds from now: scores of one second follow one another."""

    def deliver(seconds: int) -> None:
        with clock.moved_by(timedelta(seconds=seconds)):
            drain(app)

    return deliver


class Quiz:
    """The campus's onboarding quiz, taught by Ines and taken by Leo."""

    def __init__(self, session: Session, campus: CampusInHand, arrive: Arrive) -> None:
        self.session, self.campus = session, campus
        self.ines, self.leo = arrive("ines", "quiz"), arrive("leo", "quiz")
        self.page = str(self.leo.page)  # type: ignore[attr-defined]

    def take(self, right: int) -> str:
        address = start_quiz(self.leo, self.page)
        self.hand_in(address, right)
        return address

    def hand_in(self, address: str, right: int) -> None:
        answer = self.leo.post(address, data=sure(right_answers(self.session, address, how_many=right)))
        assert answer.status_code == 302, answer.text

    def press(self, rest: str, **fields: str) -> str:
        answer = self.ines.post(self.page + rest, data=fields)
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def row(self, address: str) -> Attempt:
        self.session.rollback()
        return self.session.scalars(select(Attempt).where(Attempt.public_id == public_id_in(address))).one()

    @property
    def told(self) -> list[float]:
        """Every score that was announced."""
        self.session.rollback()
        wanted = select(Happening.body).where(Happening.name == "GradeChanged").order_by(Happening.id)
        return [json.loads(body)["score"] for body in self.session.scalars(wanted)]

    @property
    def in_the_gradebook(self) -> float | None:
        return self.campus.gradebook().get(("leo", COLUMN))

    @property
    def arrived(self) -> list[float]:
        return [entry["score"] for entry in self.campus.score_log()]


@pytest.fixture
def quiz(session: Session, campus: CampusInHand, arrive: Arrive) -> Quiz:
    return Quiz(session, campus, arrive)


def first_wrong(attempt: Attempt) -> str:
    return next(answer.version.question.public_id for answer in attempt.answers if answer.fraction == 0)


def regraded(quiz: Quiz, attempt: str) -> str:
    """Full marks for a question that Leo had wrong, foreseen and written; the address of the run."""
    run = quiz.press("/regrades", question=first_wrong(quiz.row(attempt)), policy="full", reason="Nobody could know")
    answer = quiz.ines.post(f"{run}/marks")
    assert answer.status_code == 302, answer.text
    return run


def test_marking_anew(quiz: Quiz, later: Later):
    attempt = quiz.take(10)
    later(0)

    regraded(quiz, attempt)
    later(5)

    assert (quiz.told, quiz.arrived, quiz.in_the_gradebook) == ([10, 11], [10, 11], 11)


def test_marking_anew_undone(quiz: Quiz, later: Later):
    attempt = quiz.take(10)
    later(0)
    run = regraded(quiz, attempt)
    later(5)

    undone = quiz.ines.post(f"{run}/undoing")
    later(10)

    assert undone.status_code == 302
    assert (quiz.told, quiz.arrived, quiz.in_the_gradebook) == ([10, 11, 10], [10, 11, 10], 10)


def test_a_mark_given_by_hand(quiz: Quiz, later: Later):
    attempt = quiz.take(10)
    later(0)
    row = quiz.row(attempt)
    place = next(answer.place for answer in row.answers if answer.fraction == 0)

    quiz.press(f"/marking/{row.public_id}/{place}", points="1/2", reason="Half of it is right", comment="", seen="0")
    later(5)

    assert (quiz.told, quiz.arrived, quiz.in_the_gradebook) == ([10, 10.5], [10, 10.5], 10.5)


def test_an_attempt_more_that_was_granted(quiz: Quiz, later: Later):
    quiz.take(5)
    quiz.take(6)
    later(0)
    refused = quiz.leo.post(f"{quiz.page}/attempts")

    quiz.press(f"/accommodations/{leo_of(quiz)}", percent="", minutes="", attempts="1", extends="y", reason="agreed")
    quiz.take(18)
    later(5)

    assert "/attempts/" not in (refused.location or "")
    assert (quiz.told, quiz.arrived[-1], quiz.in_the_gradebook) == ([5, 6, 18], 18, 18)


def test_time_that_was_granted_while_an_attempt_ran(app: Flask, quiz: Quiz, later: Later):
    """What is answered in the time that was added counts, and nothing was closed before it."""
    attempt = start_quiz(quiz.leo, quiz.page)
    with clock.moved_by(timedelta(minutes=29)):
        quiz.press(
            f"/accommodations/{leo_of(quiz)}", percent="50", minutes="", attempts="", extends="y", reason="agreed"
        )
    with clock.moved_by(timedelta(minutes=35)):
        drain(app)
        assert (quiz.told, quiz.row(attempt).is_open) == ([], True)
        saved = quiz.leo.post(f"{attempt}/answers", data=right_answers(quiz.session, attempt, how_many=15))
        assert saved.status_code in (200, 302), saved.text

    later(46 * 60 + 5)

    assert (quiz.told, quiz.arrived, quiz.in_the_gradebook) == ([15], [15], 15)


def leo_of(quiz: Quiz) -> str:
    quiz.session.rollback()
    leo = quiz.campus.person("leo")
    wanted = select(Enrolment.public_id).where(Enrolment.person.has(subject=leo.id))
    return quiz.session.scalars(wanted).one()
