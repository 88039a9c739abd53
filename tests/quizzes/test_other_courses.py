"""Whatever a form of ours asks for, what belongs to another course is none of the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.models import Course, Role
from quizzes.bank import sorting, writing
from quizzes.designing.models import QuizRevision
from quizzes.kinds import Kind
from quizzes.marks.models import RegradeRun
from quizzes.models import Quiz
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from tests.cast import THEN, Cast
from tests.quizzes.bank.conftest import said
from tests.quizzes.conftest import Start
from tests.quizzes.designing.test_pages import send

pytestmark = pytest.mark.sqlite
"""What belongs to whom is decided by the same queries on both databases."""


@dataclass(frozen=True)
class Stock:
    """A course's own bank, with one topic and one question."""

    bank: Bank
    topic: Category
    question: Question


@pytest.fixture
def stocked(session: Session) -> Callable[[Course], Stock]:
    def fill(course: Course) -> Stock:
        bank = sorting.new_bank(session, course, title=f"Bank of {course.title}", language="en", first_category="Topic")
        question = writing.create(
            session, said(Kind.SINGLE), category=bank.categories[0], state=QuestionState.READY, by=None, at=THEN
        )
        session.commit()
        return Stock(bank, bank.categories[0], question)

    return fill


@pytest.fixture
def ours(course: Course, stocked) -> Stock:
    return stocked(course)


@pytest.fixture
def theirs(cast: Cast, stocked) -> Stock:
    return stocked(cast.course("Another course"))


@pytest.fixture
def ines(app, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


def of_both(session: Session, theirs: Stock) -> list[Any]:
    """Whatever belongs to two courses at once, and everything of theirs that is not as it was."""
    inner, outer = aliased(Category), aliased(Category)
    plans = session.scalars(select(QuizRevision.plan).join(QuizRevision.quiz).where(QuizRevision.bank != theirs.bank))
    named = {f"'bank': {theirs.bank.id},", f"'category': {theirs.topic.id},", f"'question': {theirs.question.id},"}
    now = session.execute(
        select(Question.state, Question.category_id, Question.enemy_set_id).where(Question.bank_id == theirs.bank.id)
    ).all()
    return [
        *(plan for plan in plans if any(each in str(plan) for each in named)),
        *session.scalars(select(Question).join(Question.category).where(Category.bank_id != Question.bank_id)),
        *session.scalars(select(inner).join(outer, outer.id == inner.parent_id).where(outer.bank_id != inner.bank_id)),
        *session.scalars(select(QuizRevision).where(QuizRevision.bank_id == theirs.bank.id)),
        *session.scalars(select(RegradeRun).where(RegradeRun.question_id == theirs.question.id)),
        *(row for row in now if row != (QuestionState.READY, theirs.topic.id, None)),
    ]


CASES: dict[str, tuple[str, Callable[[Stock, Stock], dict[str, Any]]]] = {
    "a new quiz draws": ("quizzes/new", lambda _ours, theirs: {"title": "Mine", "bank": str(theirs.bank.id)}),
    "a rule draws from a bank": (
        "{quiz}/design/sections/1/rules/new",
        lambda _ours, theirs: {"source": str(theirs.bank.id)},
    ),
    "a rule draws from a topic": (
        "{quiz}/design/sections/1/rules/new",
        lambda ours, theirs: {"source": f"{ours.bank.id}-{theirs.topic.id}"},
    ),
    "a rule of a quiz is changed": ("{quiz}/design/slots/1", lambda _ours, theirs: {"source": str(theirs.bank.id)}),
    "a quiz asks a question": (
        "{quiz}/design/sections/1/questions/new",
        lambda _ours, theirs: {"question": str(theirs.question.id), "is_pinned": "y"},
    ),
    "a question is marked anew": (
        "{quiz}/regrades",
        lambda _ours, theirs: {"question": theirs.question.public_id, "reason": "x"},
    ),
    "a question is written": (
        "{bank}/questions/new?kind=short_text",
        lambda _ours, theirs: {"text": "Which?", "answers-0-text": "This", "category": theirs.topic.public_id},
    ),
    "a topic is put inside": (
        "{bank}/categories",
        lambda _ours, theirs: {"title": "Mine", "parent": theirs.topic.public_id},
    ),
    "questions are moved": (
        "{bank}/selected",
        lambda ours, theirs: {"do": "move", "question": ours.question.public_id, "category": theirs.topic.public_id},
    ),
    "questions are retired": (
        "{bank}/selected",
        lambda _ours, theirs: {"do": "retire", "question": theirs.question.public_id},
    ),
    "questions are copied": (
        "{bank}/selected",
        lambda ours, theirs: {"do": "copy", "question": theirs.question.public_id, "bank": ours.bank.public_id},
    ),
    "questions are copied to a bank": (
        "{bank}/selected",
        lambda ours, theirs: {"do": "copy", "question": ours.question.public_id, "bank": theirs.bank.public_id},
    ),
    "a question is kept apart": (
        "{bank}/questions/{question}/enemies",
        lambda _ours, theirs: {"other": theirs.question.public_id},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_of_another_course_is_taken(
    session: Session, course: Course, quiz: Quiz, start: Start, ines: FlaskClient, ours: Stock, theirs: Stock, case: str
):
    attempt = start()
    attempt.submit({}, THEN)
    session.commit()
    before = [len(session.scalars(select(table.id)).all()) for table in (Quiz, Question, QuestionVersion, Category)]
    path, said_of = CASES[case]
    here = path.format(
        quiz=f"quizzes/{quiz.public_id}", bank=f"banks/{ours.bank.public_id}", question=ours.question.public_id
    )
    address, said = f"/courses/{course.public_id}/{here}", said_of(ours, theirs)

    is_page = not here.endswith(("/selected", "/enemies", "/categories"))
    answer = send(ines, address, **said) if is_page else ines.post(address, data=said)

    assert answer.status_code in (302, 404, 422)
    session.rollback()
    assert of_both(session, theirs) == []
    assert [
        len(session.scalars(select(table.id)).all()) for table in (Quiz, Question, QuestionVersion, Category)
    ] == before
