"""When a mentorship is over, what was still planned in it is called off."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from mentoring.events import CircleCompleted, CircleEnded, MentorshipCompleted, MentorshipEnded, OfCircle, OfMentorship
from mentoring.mentorships.models import Mentorship
from mentoring.together.meetings import scheduling


def init_app(app: Flask) -> None:
    outbox.subscribe(app, OfMentorship, _hear_of_pair)
    outbox.subscribe(app, OfCircle, _hear_of_circle)


def _hear_of_pair(session: Session, event: OfMentorship) -> None:
    if isinstance(event, MentorshipCompleted | MentorshipEnded):
        _call_off(session, event.mentorship, event.at)


def _hear_of_circle(session: Session, event: OfCircle) -> None:
    if isinstance(event, CircleCompleted | CircleEnded):
        _call_off(session, event.circle, event.at)


def _call_off(session: Session, public_id: str, at: datetime) -> None:
    """Whoever ended it holds it with its people."""
    mentorship = session.scalar(select(Mentorship).where(Mentorship.public_id == public_id))
    if mentorship is not None:
        scheduling.cancel_all(session, mentorship, at=at)
