"""Somebody suggests somebody as a mentor, and sees no more of it than: invited, accepted, declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Enrolment, Role
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Came, Nomination, ParticipantState
from mentoring.participants.queries import is_here, part_of
from mentoring.programs.models import Cohort

MOST_OPEN = 10
"""Nominations of one person that nobody has answered yet."""


class Obstacle(StrEnum):
    """Why somebody cannot be nominated."""

    ONESELF = "oneself"
    NOT_HERE = "not_here"
    MENTORS = "mentors"
    """They do already."""
    ALREADY = "already"
    """By the same person."""
    TOO_MANY = "too_many"
    """Are open."""


def nominate(session: Session, cohort: Cohort, whom: Enrolment, *, by: Enrolment, at: datetime) -> Obstacle | None:
    """Ask somebody whether they would mentor; the caller commits. What stands in the way, if anything does."""
    if (obstacle := _obstacle(session, cohort, whom, by)) is not None:
        return obstacle
    key = {"cohort_id": cohort.id, "whom_id": whom.id, "by_id": by.id}
    _nomination, is_new = find_or_create(session, Nomination, key, created=at)
    if not is_new:
        return Obstacle.ALREADY
    _invite(session, cohort, whom, by, at)
    session.flush()
    return None


def _obstacle(session: Session, cohort: Cohort, whom: Enrolment, by: Enrolment) -> Obstacle | None:
    participant = part_of(session, cohort, whom)
    if whom.id == by.id:
        return Obstacle.ONESELF
    if not is_here(whom):
        return Obstacle.NOT_HERE
    if participant is not None and participant.as_mentor:
        return Obstacle.MENTORS
    is_open = Nomination.cohort_id == cohort.id, Nomination.by_id == by.id, Nomination.answer.is_(None)
    number = session.scalar(select(func.count()).where(*is_open))
    return Obstacle.TOO_MANY if (number or 0) >= MOST_OPEN else None


def _invite(session: Session, cohort: Cohort, whom: Enrolment, by: Enrolment, at: datetime) -> None:
    """Somebody who takes no part is invited to; a learner goes on as the mentee they are."""
    participant = part_of(session, cohort, whom)
    if participant is None and whom.role != Role.LEARNER:
        join(session, cohort, [whom], at=at)
        participant = hold(session, cohort, [whom])[whom.id]
        participant.came = Came.NOMINATED
        participant.state = ParticipantState.INVITED
    if participant is not None:
        participant.nominated_by_id = participant.nominated_by_id or by.id


# Put together once: home pages ask.
_WAITING = (
    select(Nomination)
    .where(
        Nomination.cohort_id == bindparam("cohort"),
        Nomination.whom_id == bindparam("person"),
        Nomination.answer.is_(None),
    )
    .order_by(Nomination.id)
)


def waiting_for(session: Session, cohort: Cohort, person: Enrolment) -> Sequence[Nomination]:
    """The nominations this person has still to answer, the oldest first."""
    return session.scalars(_WAITING, {"cohort": cohort.id, "person": person.id}).all()


def nominated_by(session: Session, cohort: Cohort, person: Enrolment) -> Sequence[Nomination]:
    """Whom this person has nominated, the newest first."""
    return session.scalars(
        select(Nomination)
        .where(Nomination.cohort_id == cohort.id, Nomination.by_id == person.id)
        .order_by(Nomination.id.desc())
    ).all()
