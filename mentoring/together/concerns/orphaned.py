"""Whoever looks after a concern cannot any more: whoever raised it is told, so that it does not lie where nobody reads.

They leave the course, or step into the very mentorship it is about and stand outside no longer.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.events import PersonLeftCourse, Who
from lti_tool.models import Course, Enrolment, Person, Platform
from mentoring.events import CircleJoined, MentorSubstituted
from mentoring.mentorships.models import Mentorship
from mentoring.together.concerns import telling
from mentoring.together.concerns.models import Concern, ConcernState


def init_app(app: Flask) -> None:
    outbox.subscribe(app, PersonLeftCourse, _hear_of_leaving)
    outbox.subscribe(app, MentorSubstituted, _hear_of_stepping_in)
    outbox.subscribe(app, CircleJoined, _hear_of_joining)


def _hear_of_leaving(session: Session, event: PersonLeftCourse) -> None:
    _tell(session, event.who, Course.public_id == event.where.course, at=event.at)


def _hear_of_stepping_in(session: Session, event: MentorSubstituted) -> None:
    _tell(session, event.mentor, _is_about(event.mentorship), at=event.at)


def _hear_of_joining(session: Session, event: CircleJoined) -> None:
    _tell(session, event.who, _is_about(event.circle), at=event.at)


def _is_about(public_id: str) -> ColumnElement[bool]:
    return Concern.mentorship.has(Mentorship.public_id == public_id)


def _tell(session: Session, owner: Who, which: ColumnElement[bool], *, at: datetime) -> None:
    """Of each of these that is still open, whoever raised it."""
    found = session.scalars(
        select(Concern)
        .join(Enrolment, Enrolment.id == Concern.owner_id)
        .join(Enrolment.person)
        .join(Person.platform)
        .join(Enrolment.course)
        .where(
            Platform.public_id == owner.platform,
            Person.subject == owner.subject,
            Concern.state != ConcernState.CLOSED,
            which,
        )
        .order_by(Concern.id)
    ).all()
    for concern in found:
        telling.orphaned(session, concern, at=at)
