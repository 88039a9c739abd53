"""A quiz with two questions of which one waits for people, Leo who takes it, Ines and Tom who mark."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Happening
from quizzes import closing, starting
from quizzes.kinds import CHOSEN, TEXT
from quizzes.marking import Kind
from quizzes.marks import giving
from quizzes.marks.giving import Given
from quizzes.models import Answer, Attempt, Quiz
from quizzes.queries import attempt_to_change
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import BODIES, a_quiz_of_all_kinds

LATER = THEN + timedelta(days=2)
RUBRIC = [
    {
        "id": "facts",
        "text": "Facts",
        "levels": [{"text": "Wrong", "points": "0"}, {"text": "Some", "points": "1"}, {"text": "All", "points": "2"}],
    },
    {"id": "words", "text": "Words", "levels": [{"text": "Dull", "points": 0}, {"text": "Fine", "points": 1}]},
]
HandIn = Callable[..., Attempt]
Give = Callable[..., Any]


@pytest.fixture
def ines(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Ines", Role.INSTRUCTOR)


@pytest.fixture
def tom(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Tom", Role.ASSISTANT)


@pytest.fixture
def essay(monkeypatch: pytest.MonkeyPatch):
    """The essay has a rubric."""
    monkeypatch.setitem(BODIES, Kind.ESSAY, {"lines": 5, "rubric": RUBRIC})


@pytest.fixture
def quiz(session: Session, course: Course) -> Quiz:
    return a_quiz_of_all_kinds(session, course, Kind.SINGLE, Kind.ESSAY)


@pytest.fixture
def hand_in(session: Session, quiz: Quiz, leo: Enrolment) -> HandIn:
    """An attempt handed in after ten minutes: the single choice right or wrong, the essay written or not."""

    def do(*, who: Enrolment = leo, is_right: bool = True, essay: str = "Once upon a time", at=THEN) -> Attempt:
        attempt = starting.start(session, quiz, who, seed=b"1" * 16, at=at)
        answers = {of_kind(attempt, Kind.SINGLE).place: {CHOSEN: ["a" if is_right else "b"]}}
        if essay:
            answers[of_kind(attempt, Kind.ESSAY).place] = {TEXT: [essay]}
        closing.hand_in(session, attempt, answers, at=at + timedelta(minutes=10))
        session.commit()
        return attempt

    return do


@pytest.fixture
def give(session: Session, ines: Enrolment) -> Give:
    """Mark the essay, having seen the newest mark there is."""

    def do(attempt: Attempt, fraction: float, *, by: Enrolment = ines, kind=Kind.ESSAY, at=LATER, seen=None, **rest):
        held = attempt_to_change(session, Attempt.id == attempt.id)
        assert held is not None
        answer = of_kind(held, kind)
        newest = giving.newest_of(session, answer)
        if seen is None:
            seen = newest.id if newest else 0
        given = Given(fraction=fraction, **rest)
        grading = giving.give(session, held, answer.place, given, by=by, seen=seen, at=at)
        session.commit()
        return grading

    return do


def of_kind(attempt: Attempt, kind: Kind) -> Answer:
    return next(answer for answer in attempt.answers if answer.version.kind is kind)


def told(session: Session, *names: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Happening).where(Happening.name.in_(names)).order_by(Happening.id))
    return [json.loads(row.body) for row in rows]


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Happening.name).order_by(Happening.id)))
