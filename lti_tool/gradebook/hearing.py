"""A grade changed: its row takes the new value and a letter is due, inside the announcing transaction."""

from __future__ import annotations

import logging

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import find_or_create
from lti_tool.events import GradeChanged
from lti_tool.gradebook import columns
from lti_tool.gradebook.models import Grade, GradeColumn, is_grade
from lti_tool.models import Course, Enrolment, Person, Platform

log = logging.getLogger(__name__)


def hear(session: Session, event: GradeChanged) -> None:
    """Take over the new value and post a letter for it; what is no grade changes nothing."""
    if not is_grade(event.score, event.maximum):
        log.error("%s announced %r of %r, which is no grade", event.activity, event.score, event.maximum)
        return
    enrolment = _enrolment(session, event)
    column = columns.of_activity(session, enrolment.course, event)
    grade = _take_over(session, enrolment, event)
    if not enrolment.is_test:
        post(session, column, grade)


_ENROLMENT = (
    select(Enrolment)
    .join(Enrolment.person)
    .join(Person.platform)
    .join(Enrolment.course)
    .where(
        Platform.public_id == bindparam("platform"),
        Person.subject == bindparam("subject"),
        Course.public_id == bindparam("course"),
    )
)
"""Put together once: where a whole class is marked anew, all of them are asked for."""


def _enrolment(session: Session, event: GradeChanged) -> Enrolment:
    told = {"platform": event.who.platform, "subject": event.who.subject, "course": event.where.course}
    return session.scalars(_ENROLMENT, told).one()


def _take_over(session: Session, enrolment: Enrolment, event: GradeChanged) -> Grade:
    grade, is_new = find_or_create(
        session,
        Grade,
        {"enrolment_id": enrolment.id, "activity": event.activity},
        title=event.title,
        score=event.score,
        maximum=event.maximum,
        comment=event.comment,
        attempt=event.attempt,
        earned=event.at,
    )
    if not is_new:
        session.refresh(grade, with_for_update=True)
        grade.score, grade.maximum, grade.comment = event.score, event.maximum, event.comment
        grade.title, grade.attempt, grade.earned = event.title, event.attempt, event.at
        grade.version += 1
    return grade


def post(session: Session, column: GradeColumn, grade: Grade) -> None:
    """A letter to send this grade's newest value; the caller commits."""
    lane = f"gradebook:{column.course.platform.public_id}"
    outbox.post(session, lane, {"grade": grade.id}, key=f"grade:{grade.id}")
