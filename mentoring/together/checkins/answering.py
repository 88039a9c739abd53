"""What somebody outside answers, by the secret in the address they were mailed; the caller commits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import find_or_create
from mentoring.events import CheckInAnswered
from mentoring.mentorships.postcards import among
from mentoring.together.checkins import telling
from mentoring.together.checkins.models import CheckIn, CheckInConsent, CheckInStop, Seen


class Door(StrEnum):
    """Whether an address can be answered at."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CLOSED = "closed"
    """The mentorship is over, or the mentee does not agree any more."""


def find(session: Session, secret: str, *, to_change: bool = False) -> CheckIn | None:
    """The question with this address; held until the caller commits, if it is to be changed."""
    wanted = select(CheckIn).where(CheckIn.secret == hashed(secret))
    if to_change:
        wanted = wanted.with_for_update(of=CheckIn).execution_options(populate_existing=True)
    return session.scalar(wanted)


def door_of(session: Session, check_in: CheckIn, *, at: datetime) -> Door:
    if check_in.answered is not None:
        return Door.ANSWERED
    mentorship = check_in.mentorship
    consent = session.scalar(
        select(CheckInConsent).where(
            CheckInConsent.mentorship_id == mentorship.id, CheckInConsent.asked_as == check_in.asked_as
        )
    )
    is_wanted = consent is not None and consent.whom == check_in.mail
    if not (is_wanted and mentorship.is_standing and is_let_in(mentorship.cohort.course.deployment)):
        return Door.CLOSED
    return Door.EXPIRED if check_in.expires <= at else Door.OPEN


def answer(session: Session, check_in: CheckIn, seen: Seen, words: str, *, at: datetime) -> None:
    """Once. It is announced without a word of it; the two of the pair are told that there is an answer."""
    check_in.answered, check_in.seen, check_in.words = at, seen, words
    session.flush()
    mentorship = check_in.mentorship
    outbox.announce(session, CheckInAnswered(**among(mentorship, at), check_in=check_in.public_id))
    telling.answered(session, check_in, at=at)


def stop(session: Session, check_in: CheckIn, *, at: datetime) -> None:
    """Whoever was mailed this is mailed no more, about anybody."""
    find_or_create(session, CheckInStop, {"mail": check_in.mail}, at=at)


def go_on(session: Session, check_in: CheckIn) -> None:
    """They may be mailed again after all."""
    session.execute(delete(CheckInStop).where(CheckInStop.mail == check_in.mail))
