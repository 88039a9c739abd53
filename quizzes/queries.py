"""Reads that several acts and pages want."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from lti_tool.models import Course, Enrolment, Role
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Question, QuestionVersion


def attempt_to_change(session: Session, condition: ColumnElement[bool]) -> Attempt | None:
    """The attempt with its answers as the database has them now, held until the caller commits."""
    return session.scalar(
        select(Attempt)
        .where(condition)
        .options(with_answers())
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def with_answers() -> ORMOption:
    """Loads an attempt's answers with everything that showing, marking and telling them needs."""
    versions = selectinload(Attempt.answers).joinedload(Answer.version, innerjoin=True)
    return versions.joinedload(QuestionVersion.question, innerjoin=True).joinedload(Question.bank, innerjoin=True)


def quizzes_of(session: Session, course: Course) -> Sequence[Quiz]:
    return session.scalars(select(Quiz).where(Quiz.course_id == course.id).order_by(Quiz.id)).all()


def attempts_of(session: Session, quiz: Quiz, learner: Enrolment) -> Sequence[Attempt]:
    """A learner's attempts at this quiz, first to last."""
    return session.scalars(
        select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.enrolment_id == learner.id).order_by(Attempt.n)
    ).all()


def learners_of(session: Session, course: Course) -> Sequence[Enrolment]:
    """Everybody who is to take the course's quizzes: its active learners, without preview students."""
    return session.scalars(select(Enrolment).where(*_learners(course.id)).order_by(Enrolment.number)).all()


def _learners(course_id: int | BindParameter[int]) -> tuple[Any, ...]:
    return Enrolment.course_id == course_id, Enrolment.role == Role.LEARNER, Enrolment.is_active, ~Enrolment.is_test


_HOW_MANY = select(func.count()).select_from(Enrolment).where(*_learners(bindparam("course")))
_BEST_SHARES = (
    select(func.max(func.coalesce(Attempt.raw, 0.0) / Attempt.maximum))
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(
        Attempt.quiz_id == bindparam("quiz"),
        Attempt.submitted.is_not(None),
        Attempt.unmarked == 0,
        *_learners(bindparam("course")),
    )
    .group_by(Attempt.enrolment_id)
)


def best_shares(session: Session, quiz: Quiz) -> tuple[int, list[float]]:
    """How many are to take it, and the best share of each of them who has handed in."""
    learners = session.scalar(_HOW_MANY, {"course": quiz.course_id})
    best = session.scalars(_BEST_SHARES, {"course": quiz.course_id, "quiz": quiz.id})
    return learners or 0, list(best)
