"""The revisions of a quiz: the draft that is worked on, publishing it, taking it back; a quiz made, copied, deleted.

The caller commits. A quiz is held by its row, so that two who change it follow one another.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.db import new_public_id
from lti_tool.models import Course, Enrolment
from quizzes.accommodations.models import Grant
from quizzes.accommodations.overrides import Override
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import Plan
from quizzes.designing.settings import Settings
from quizzes.entering import WrongTry
from quizzes.models import Attempt, Quiz
from quizzes.questions import Bank


class Begun(Exception):
    """Somebody has begun an attempt, so the quiz cannot be taken back or deleted."""


def make(
    session: Session,
    course: Course,
    bank: Bank,
    title: str,
    plan: Plan,
    settings: Settings,
    *,
    by: Enrolment | None = None,
    name: str = "",
    at: datetime,
) -> Quiz:
    """A quiz with a draft."""
    quiz = Quiz(course=course, name=name or new_public_id(), title=title, created=at)
    session.add(quiz)
    session.flush()
    first(session, quiz, bank, plan, settings, by=by, at=at)
    return quiz


def first(
    session: Session,
    quiz: Quiz,
    bank: Bank,
    plan: Plan,
    settings: Settings,
    *,
    by: Enrolment | None = None,
    at: datetime,
) -> QuizRevision:
    """The first revision of a quiz that was made just now, as a draft."""
    revision = QuizRevision(
        quiz=quiz,
        n=1,
        title=quiz.title,
        bank=bank,
        plan=plan.as_json(),
        settings=settings.as_json(),
        made_by=by,
        created=at,
    )
    session.add(revision)
    session.flush()
    return revision


def newest(session: Session, quiz: Quiz) -> QuizRevision:
    """The draft, or what was published last."""
    return session.scalars(
        select(QuizRevision).where(QuizRevision.quiz_id == quiz.id).order_by(QuizRevision.n.desc()).limit(1)
    ).one()


def draft(session: Session, quiz: Quiz, by: Enrolment, *, at: datetime) -> QuizRevision:
    """The draft to change: the one there is, or a new one that says what was published last."""
    _hold(session, quiz)
    last = newest(session, quiz)
    if last.is_draft:
        last.made_by = by
        return last
    made = QuizRevision(
        quiz=quiz,
        n=last.n + 1,
        title=last.title,
        bank=last.bank,
        plan=last.plan,
        settings=last.settings,
        made_by=by,
        created=at,
    )
    session.add(made)
    session.flush()
    return made


def publish(session: Session, quiz: Quiz, *, at: datetime) -> None:
    """From now on attempts are drawn from the newest revision; those that run go on with theirs."""
    _hold(session, quiz)
    last = newest(session, quiz)
    last.published = last.published or at
    quiz.title = last.title
    session.flush()
    session.execute(
        update(QuizRevision).where(QuizRevision.quiz_id == quiz.id, QuizRevision.is_current).values(is_current=False)
    )
    session.execute(update(QuizRevision).where(QuizRevision.id == last.id).values(is_current=True))
    session.refresh(last)
    session.expire(quiz, ["current"])


def take_back(session: Session, quiz: Quiz) -> None:
    """Learners do not find it any more, and what was published is a draft again. Raises Begun."""
    _hold(session, quiz)
    if has_begun(session, quiz):
        raise Begun
    last = newest(session, quiz)
    session.execute(delete(QuizRevision).where(QuizRevision.quiz_id == quiz.id, QuizRevision.id != last.id))
    last.n, last.published, last.is_current = 1, None, False
    session.flush()
    session.expire(quiz, ["current", "revisions"])


def drop_draft(session: Session, quiz: Quiz) -> None:
    """Back to what is published; nothing happens where nothing else is there."""
    _hold(session, quiz)
    last = newest(session, quiz)
    if last.is_draft and last.n > 1:
        session.delete(last)
        session.flush()
        session.expire(quiz, ["revisions"])


def copy(session: Session, quiz: Quiz, title: str, by: Enrolment, *, at: datetime) -> Quiz:
    """Another quiz of the same course that says the same, as a draft."""
    last = newest(session, quiz)
    return make(session, quiz.course, last.bank, title, last.outlined, last.rules, by=by, at=at)


def remove(session: Session, quiz: Quiz) -> None:
    """It is gone, with all its revisions. Raises Begun."""
    _hold(session, quiz)
    if has_begun(session, quiz):
        raise Begun
    for kept in (Grant, Override, WrongTry):
        session.execute(delete(kept).where(kept.quiz_id == quiz.id))
    session.delete(quiz)
    session.flush()


def has_begun(session: Session, quiz: Quiz) -> bool:
    """Whether there is an attempt at it."""
    return bool(session.scalar(select(func.count()).select_from(Attempt).where(Attempt.quiz_id == quiz.id)))


def has_been_practice(session: Session, quiz: Quiz) -> bool:
    """Whether somebody has begun an attempt at it when it was practice."""
    begun = select(Attempt.revision_id).where(Attempt.quiz_id == quiz.id)
    return any(
        each.rules.is_practice for each in session.scalars(select(QuizRevision).where(QuizRevision.id.in_(begun)))
    )


def _hold(session: Session, quiz: Quiz) -> None:
    session.execute(select(Quiz.id).where(Quiz.id == quiz.id).with_for_update(of=Quiz))
