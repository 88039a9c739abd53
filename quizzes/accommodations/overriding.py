"""A group or a learner gets other rules in one quiz, and whatever runs at that moment gets its time at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup
from quizzes.accommodations import granting, overrides
from quizzes.accommodations.overrides import Override
from quizzes.models import Quiz
from quizzes.queries import hold_learners
from quizzes.timing import Instead


def found(session: Session, quiz: Quiz, whom: CourseGroup | Enrolment) -> Override | None:
    """What is otherwise for them so far."""
    is_theirs = Override.enrolment_id == whom.id if isinstance(whom, Enrolment) else Override.group_id == whom.id
    return session.scalar(select(Override).where(Override.quiz_id == quiz.id, is_theirs))


def put(session: Session, quiz: Quiz, whom: CourseGroup | Enrolment, instead: Instead, *, at: datetime) -> Override:
    """From now on this holds for them in that quiz, in place of what held before; the caller commits.

    Attempts that run get their later deadline in the same transaction. Time they have already is never taken back.
    """
    row = found(session, quiz, whom) or _new(session, quiz, whom)
    # Whoever starts an attempt meanwhile waits, and sees what holds.
    people = overrides.learners_of(session, row)
    hold_learners(session, Enrolment.id.in_([each.id for each in people]))
    row.opens, row.closes, row.attempts = instead.opens, instead.closes, instead.attempts
    row.minutes = int(instead.limit.total_seconds()) // 60 if instead.limit else None
    row.access_code = next(iter(instead.access_codes), "")
    session.flush()
    for learner in people:
        granting.lengthen(session, learner, quiz, at=at)
    return row


def _new(session: Session, quiz: Quiz, whom: CourseGroup | Enrolment) -> Override:
    is_person = isinstance(whom, Enrolment)
    row = Override(
        quiz_id=quiz.id, enrolment_id=whom.id if is_person else None, group_id=None if is_person else whom.id
    )
    session.add(row)
    session.flush()
    return row


def remove(session: Session, row: Override) -> None:
    """From their next attempt on it does not hold; the caller commits."""
    session.delete(row)
    session.flush()
