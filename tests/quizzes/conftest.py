"""A course with a quiz, and Leo who takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool.db import db
from lti_tool.models import Course, Enrolment
from quizzes import offering, starting
from quizzes.kinds import CHOSEN
from quizzes.models import Answers, Attempt, Quiz
from tests.cast import THEN, Cast

Start = Callable[..., Attempt]


@pytest.fixture
def course(cast: Cast) -> Course:
    return cast.course()


@pytest.fixture
def leo(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Leo")


@pytest.fixture
def quiz(session: Session, course: Course) -> Quiz:
    quiz = offering.offer(session, course, at=THEN)
    session.commit()
    return quiz


@pytest.fixture
def start(session: Session, quiz: Quiz, leo: Enrolment) -> Start:
    """Start an attempt of Leo's, from a seed of sixteen equal bytes."""

    def begin(seed: int = 1, *, who: Enrolment = leo, at=THEN) -> Attempt:
        attempt = starting.start(session, quiz, who, seed=bytes([seed]) * 16, at=at)
        session.commit()
        return attempt

    return begin


def right_answers(attempt: Attempt, places: Iterable[int] | None = None) -> Answers:
    """The key as answers, for these questions or all."""
    wanted = set(places or range(1, len(attempt.answers) + 1))
    return {answer.place: answer.version.right_answer for answer in attempt.answers if answer.place in wanted}


def hand_in(session: Session, attempt: Attempt, right: int) -> Attempt:
    """Ten minutes after the beginning of all, with so many of its first questions answered rightly."""
    answers = right_answers(attempt, range(1, right + 1)) if right else {}
    attempt.submit(answers, THEN + timedelta(minutes=10))
    session.commit()
    return attempt


def as_form(answers: Answers) -> dict[str, list[str]]:
    return {f"q{place}": list(response[CHOSEN]) for place, response in answers.items()}


@pytest.fixture
def queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Listen to what the database is asked within a block."""

    @contextmanager
    def listen() -> Iterator[list[str]]:
        asked: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", hear)
        yield asked
        event.remove(engine, "before_cursor_execute", hear)

    return listen
