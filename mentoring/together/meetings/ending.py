"""When a mentorship is over, or somebody else mentors, what was still planned in it is called off."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from mentoring.events import (
    CircleCompleted,
    CircleEnded,
    MentorshipCompleted,
    MentorshipEnded,
    MentorSubstituted,
    OfCircle,
    OfMentorship,
)
from mentoring.mentorships.models import Mentorship
from mentoring.together.meetings import scheduling, telling


def init_app(app: Flask) -> None:
    outbox.subscribe(app, OfMentorship, _hear_of_pair)
    outbox.subscribe(app, OfCircle, _hear_of_circle)


def _hear_of_pair(session: Session, event: OfMentorship) -> None:
    if isinstance(event, MentorshipCompleted | MentorshipEnded):
        _call_off(session, event.mentorship, event.at)
    elif isinstance(event, MentorSubstituted):
        _call_off_for_new_mentor(session, event)


def _hear_of_circle(session: Session, event: OfCircle) -> None:
    if isinstance(event, CircleCompleted | CircleEnded):
        _call_off(session, event.circle, event.at)


def _call_off(session: Session, public_id: str, at: datetime) -> None:
    """Whoever ended it holds it with its people."""
    mentorship = _one(session, public_id)
    if mentorship is not None:
        scheduling.cancel_all(session, mentorship, at=at)


def _call_off_for_new_mentor(session: Session, event: MentorSubstituted) -> None:
    """Times, places and what to talk about were settled with the mentor before: the new one has not agreed to them, and
    the one before keeps no list of who was there."""
    mentorship = _one(session, event.mentorship)
    if mentorship is None:
        return
    off = scheduling.cancel_all(session, mentorship, at=event.at)
    if off:
        before = [each.participant for each in mentorship.members if each.participant.enrolment.who == event.instead_of]
        telling.off_for_new_mentor(session, off, before=before, at=event.at)


def _one(session: Session, public_id: str) -> Mentorship | None:
    return session.scalar(select(Mentorship).where(Mentorship.public_id == public_id))
