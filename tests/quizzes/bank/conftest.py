"""A course with a bank of its own, and Ines who writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from quizzes.bank import sorting, writing
from quizzes.bank.writing import Said
from quizzes.kinds import Kind
from quizzes.questions import Bank, Question, QuestionState
from quizzes.rich import TextFormat
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import BODIES

Write = Callable[..., Question]


@pytest.fixture
def ines(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Ines", Role.INSTRUCTOR)


@pytest.fixture
def bank(session: Session, course: Course) -> Bank:
    bank = sorting.new_bank(session, course, title="Our questions", language="en", first_category="General")
    session.commit()
    return bank


def said(kind: Kind = Kind.SINGLE, **more: Any) -> Said:
    body = {"text": "Which one?", "why": "", **BODIES.get(kind, {}), **more}
    return Said(kind=kind, text_format=TextFormat.MARKDOWN, body=body, difficulty=1, maximum=1.0)


@pytest.fixture
def write(session: Session, bank: Bank, ines: Enrolment) -> Write:
    """A question of Ines's, committed."""

    def made(what: Said | None = None, *, state: QuestionState = QuestionState.READY, **more: Any) -> Question:
        category = more.pop("category", None) or bank.categories[0]
        question = writing.create(session, what or said(**more), category=category, state=state, by=ines, at=THEN)
        session.commit()
        return question

    return made
