"""When progress reports go: arranged, and stopped; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.manager_mail import falling_due
from lti_tool.models import Course, Enrolment
from xapi.progress.mailing.models import ProgressSchedule
from xapi.progress.mailing.times import Rhythm, next_due

LANE = "progress-report-times"


def schedule_of(session: Session, course: Course) -> ProgressSchedule | None:
    return session.scalar(select(ProgressSchedule).where(ProgressSchedule.course_id == course.id))


def arrange(
    session: Session, course: Course, rhythm: Rhythm, weekday: int | None, *, by: Enrolment, at: datetime
) -> ProgressSchedule:
    found, _new = find_or_create(session, ProgressSchedule, {"course_id": course.id}, said=at)
    found.rhythm, found.weekday = rhythm, None if rhythm is Rhythm.REQUEST else weekday
    found.said_by_id, found.said = by.id, at
    session.flush()
    session.refresh(found, ["said_by"])
    post_next(session, found, at=at)
    return found


def post_next(session: Session, schedule: ProgressSchedule, *, at: datetime) -> None:
    assert schedule.rhythm is not None, "what was stopped falls due no more"
    due = next_due(schedule.rhythm, weekday=schedule.weekday, zone=schedule.zone, at=at)
    falling_due.post(session, LANE, schedule, due)
