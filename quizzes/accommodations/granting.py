"""Somebody is granted more time or attempts, and whatever runs at that moment gets it at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes.accommodations import standing
from quizzes.accommodations.models import Grant, Reason
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.models import Attempt, Quiz
from quizzes.queries import attempt_to_change, hold_learners
from quizzes.timing import Accommodation


def grant(
    session: Session,
    learner: Enrolment,
    quiz: Quiz | None,
    granted: Accommodation,
    *,
    reason: Reason,
    valid_until: datetime | None,
    by: Enrolment,
    at: datetime,
) -> Grant:
    """Give a learner this in one quiz, or in all of the course, in place of what was given before; the caller commits.

    Attempts that run get their new deadline in the same transaction. Time they have already is never taken back.
    """
    # Whoever starts an attempt of theirs meanwhile waits, and sees what was granted.
    hold_learners(session, Enrolment.id == learner.id)
    row = _found(session, learner, quiz) or Grant(enrolment_id=learner.id, quiz_id=quiz.id if quiz else None)
    row.put(granted, reason=reason, valid_until=valid_until)
    row.granted_by_id, row.granted = by.id, at
    session.add(row)
    session.flush()
    lengthen(session, learner, at=at)
    return row


def withdraw(session: Session, row: Grant) -> None:
    """From the next attempt on it does not hold; the caller commits."""
    hold_learners(session, Enrolment.id == row.enrolment_id)
    session.delete(row)
    session.flush()


def _found(session: Session, learner: Enrolment, quiz: Quiz | None) -> Grant | None:
    is_for = Grant.quiz_id.is_(None) if quiz is None else Grant.quiz_id == quiz.id
    return session.scalar(select(Grant).where(Grant.enrolment_id == learner.id, is_for))


def lengthen(session: Session, learner: Enrolment, quiz: Quiz | None = None, *, at: datetime) -> None:
    """Whatever this learner is taking, in that quiz or in any, ends as late as it may by now."""
    is_there = [] if quiz is None else [Attempt.quiz_id == quiz.id]
    running = session.scalars(
        select(Attempt.id)
        .where(Attempt.enrolment_id == learner.id, Attempt.submitted.is_(None), *is_there)
        .order_by(Attempt.id)
    ).all()
    for attempt_id in running:
        attempt = attempt_to_change(session, Attempt.id == attempt_id)
        if attempt is not None and attempt.is_taking(at):
            granted = standing.of(session, attempt.quiz, learner, at=attempt.started)
            rules = attempt.settings.for_one(granted.instead)
            _move(session, attempt, rules.timetable.deadline(attempt.started, granted), at=at)


def _move(session: Session, attempt: Attempt, deadline: datetime | None, *, at: datetime) -> None:
    """Later, or away; an earlier one would take time back. The closing letter follows by itself."""
    had = attempt.deadline
    if had is None or (deadline is not None and deadline <= had):
        return
    attempt.deadline = deadline
    session.flush()
    log.note(session, attempt.id, Kind.DEADLINE_MOVED, at=at, deadline=deadline)
