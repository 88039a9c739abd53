"""Attempts that are handed in, with so many right answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes import closing
from quizzes.models import Attempt
from tests.cast import THEN
from tests.quizzes.conftest import Start, right_answers

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
