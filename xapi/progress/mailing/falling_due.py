"""The moment of progress reports has come: they are posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.contacts.models import ManagerLink
from lti_tool.models import Course, Enrolment
from lti_tool.outbox import Done, Outcome
from xapi.progress.mailing import sending
from xapi.progress.mailing.models import ProgressConsent, ProgressSchedule
from xapi.progress.mailing.scheduling import post_next


def fall_due(session: Session, schedule: ProgressSchedule, due: datetime, at: datetime) -> Outcome:
    assert schedule.rhythm is not None, "whatever was stopped falls due no more"
    post_next(session, schedule, at=at)
    learners = may_be_reported(session, schedule.course)
    sending.post(session, learners, schedule.rhythm, f"{schedule.rhythm}:{due.isoformat()}", at=at)
    return Done()


def may_be_reported(session: Session, course: Course) -> Sequence[int]:
    """Who has a manager and agreed, by row; what else is asked is asked when it goes."""
    return session.scalars(
        select(Enrolment.id)
        .join(ProgressConsent, ProgressConsent.enrolment_id == Enrolment.id)
        .join(ManagerLink, ManagerLink.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course.id, ProgressConsent.is_given, Enrolment.is_active, ~Enrolment.is_test)
        .order_by(Enrolment.id)
    ).all()
