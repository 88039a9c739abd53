"""Attempts that are handed in, with so many right answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Role
from quizzes import closing
from quizzes.models import Attempt, Quiz
from tests.cast import THEN, Cast
from tests.lti_tool.mail_server import MailServerInHand
from tests.quizzes.conftest import Start, right_answers
from tests.quizzes.reports.mailing import Office

HandIn = Callable[..., Attempt]


@pytest.fixture
def hand_in(session: Session, start: Start, leo: Enrolment) -> HandIn:
    """An attempt with its first so many answers right and the others open, ten minutes after it began."""

    def finish(right: int, *, seed: int = 1, who: Enrolment = leo, at=THEN) -> Attempt:
        attempt = start(seed, who=who, at=at)
        answers = right_answers(attempt, range(1, right + 1)) if right else {}
        closing.hand_in(session, attempt, answers, at=at + timedelta(minutes=10))
        session.commit()
        return attempt

    return finish


@pytest.fixture
def office(app: Flask, session: Session, cast: Cast, quiz: Quiz, leo: Enrolment, there: MailServerInHand) -> Office:
    """Ines teaches and has an address; what is mailed reaches a server of the tests' own."""
    ines = cast.enrol(quiz.course, "Ines", Role.INSTRUCTOR)
    ines.person.email = "ines@school.example"
    session.commit()
    return Office(app, session, cast, quiz, ines, leo, there)
