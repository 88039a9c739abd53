"""A group or a learner gets other rules in one quiz, and whatever runs at that moment gets its time at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup
from quizzes.accommodations import granting, overrides
from quizzes.accommodations.overrides import Override
from quizzes.models import Attempt, Quiz
from quizzes.queries import hold_learners
from quizzes.timing import Instead

IN_ONE = 500
"""People asked for in one statement."""


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


def follow_groups(session: Session, joined: Sequence[int]) -> None:
    """What these people, by row, are taking gets the time of a group that they have just come into; the caller commits.

    Like everything granted it never ends earlier by that. Who leaves a group keeps the time of an attempt that runs.
    """
    for start in range(0, len(joined), IN_ONE):
        taking = (
            select(Enrolment)
            .join(Attempt, Attempt.enrolment_id == Enrolment.id)
            .join(Override, Override.quiz_id == Attempt.quiz_id)
            .where(
                Enrolment.id.in_(joined[start : start + IN_ONE]),
                Attempt.submitted.is_(None),
                Override.group_id.is_not(None),
            )
            .order_by(Enrolment.id)
        )
        for learner in session.scalars(taking).unique().all():
            granting.lengthen(session, learner, at=clock.now())


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
