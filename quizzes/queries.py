"""Reads that several acts and pages want."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from lti_tool.models import Course, Enrolment, Role
from lti_tool.prepared import Here, Prepared
from quizzes.designing.models import QuizRevision
from quizzes.designing.settings import Grading
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Question, QuestionVersion

_HOLD_QUIZ = Prepared(
    select(Quiz.id).where(Quiz.id == bindparam("quiz")).with_for_update(of=Quiz, read=True, key_share=True)
)
_CURRENT = select(QuizRevision.id).where(QuizRevision.quiz_id == bindparam("quiz"), QuizRevision.is_current)


def hold_published(session: Session, quiz: Quiz) -> bool:
    """Whether learners get the quiz; until the caller commits nobody takes it back or deletes it."""
    if not hold_quiz(session, quiz.id):
        return False
    current = session.scalar(_CURRENT, {"quiz": quiz.id})
    if current != (quiz.current and quiz.current.id):
        session.expire(quiz, ["current"])
    return current is not None


def hold_quiz(here: Here, quiz: int) -> bool:
    """Whether the quiz is there; until the caller commits nobody publishes it anew, takes it back or deletes it."""
    return _HOLD_QUIZ.one(here, quiz=quiz) is not None


def hold_learners(session: Session, condition: ColumnElement[bool]) -> None:
    """Let nobody else start, close or mark attempts of these learners until the caller commits.

    A grade is made of several attempts, so whoever changes one keeps the others as they are. Learners are always held
    before their attempts, in the order of their rows.
    """
    held = select(Enrolment.id).where(condition).order_by(Enrolment.id)
    session.execute(held.with_for_update(of=Enrolment, key_share=True)).all()


_HOLD_ONE = Prepared(
    select(Enrolment.id).where(Enrolment.id == bindparam("learner")).with_for_update(of=Enrolment, key_share=True)
)


def hold_one(here: Here, learner: int) -> None:
    """The same of one learner: when a class starts, of all of them at the same moment."""
    _HOLD_ONE.rows(here, learner=learner)


def attempt_to_change(session: Session, condition: ColumnElement[bool]) -> Attempt | None:
    """The attempt with its answers as the database has them now, held with its learner until the caller commits."""
    hold_learners(session, Enrolment.id.in_(select(Attempt.enrolment_id).where(condition)))
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


def versions(session: Session, ids: Collection[int]) -> Sequence[QuestionVersion]:
    return session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids))).all()


def quizzes_of(session: Session, course: Course) -> Sequence[Quiz]:
    """The published quizzes of a course, first to last."""
    return [quiz for quiz in all_quizzes_of(session, course) if quiz.is_published]


def all_quizzes_of(session: Session, course: Course) -> Sequence[Quiz]:
    """Those that are not published as well."""
    return session.scalars(select(Quiz).where(Quiz.course_id == course.id).order_by(Quiz.id)).all()


_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.quiz_id == bindparam("quiz"), Attempt.enrolment_id == bindparam("learner"))
    .order_by(Attempt.n)
)


def attempts_of(session: Session, quiz: Quiz, learner: Enrolment) -> Sequence[Attempt]:
    """A learner's attempts at this quiz, first to last."""
    return session.scalars(_ATTEMPTS, {"quiz": quiz.id, "learner": learner.id}).all()


def learners_of(session: Session, course: Course) -> Sequence[Enrolment]:
    """Everybody who is to take the course's quizzes: its active learners, without preview students."""
    return session.scalars(select(Enrolment).where(*_learners(course.id)).order_by(Enrolment.number)).all()


def _learners(course_id: int | BindParameter[int]) -> tuple[Any, ...]:
    return Enrolment.course_id == course_id, Enrolment.role == Role.LEARNER, Enrolment.is_active, ~Enrolment.is_test


_HOW_MANY = select(func.count()).select_from(Enrolment).where(*_learners(bindparam("course")))
_SHARE = func.coalesce(Attempt.raw, 0.0) / Attempt.maximum
_COUNTED = (
    Attempt.quiz_id == bindparam("quiz"),
    Attempt.submitted.is_not(None),
    Attempt.unmarked == 0,
    *_learners(bindparam("course")),
)


def _shares(which: Any) -> Select[Any]:
    return select(which).join(Enrolment, Enrolment.id == Attempt.enrolment_id).where(*_COUNTED)


def _at_one_end(*, is_first: bool) -> Select[Any]:
    """Of the first or last attempt of each."""
    end = func.min if is_first else func.max
    other = aliased(Attempt)
    closed = [other.submitted.is_not(None), *([] if is_first else [other.unmarked == 0])]
    mine = (other.quiz_id == Attempt.quiz_id) & (other.enrolment_id == Attempt.enrolment_id)
    n = select(end(other.n)).where(mine, *closed).scalar_subquery()
    return _shares(_SHARE).where(Attempt.n == n)


_GRADED = {
    Grading.HIGHEST: _shares(func.max(_SHARE)).group_by(Attempt.enrolment_id),
    Grading.AVERAGE: _shares(func.avg(_SHARE)).group_by(Attempt.enrolment_id),
    Grading.FIRST: _at_one_end(is_first=True),
    Grading.LAST: _at_one_end(is_first=False),
}


def best_shares(session: Session, quiz: Quiz) -> tuple[int, list[float]]:
    """How many are to take it, and the share that counts of each of them who has one."""
    learners = session.scalar(_HOW_MANY, {"course": quiz.course_id})
    shares = session.scalars(_GRADED[quiz.settings.grading], {"course": quiz.course_id, "quiz": quiz.id})
    return learners or 0, list(shares)
