"""What the page of progress reports by mail shows: what is arranged, who gets what, and what it would say now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.manager_mail.arranging import part_of
from lti_tool.members import people_of
from lti_tool.models import Course, Enrolment, Role
from xapi.progress.mailing import showing, standing
from xapi.progress.mailing.models import ProgressReport
from xapi.progress.mailing.scheduling import schedule_of
from xapi.progress.reading import report_of
from xapi.progress.report import Part


def given(session: Session, me: Enrolment, *, at: datetime) -> Mapping[str, Any]:
    course, issuer = me.course, me.course.deployment.platform.issuer
    learners = [each for each in people_of(session, course) if each.role is Role.LEARNER]
    told = {each.account: each for each in report_of(session, course, Part(), at).learners}
    accounts = {each.id: (issuer, each.person.subject) for each in learners}
    found = {each: told[account] for each, account in accounts.items() if account in told}
    lines = standing.of_all(session, course, learners, found)
    example = next((each for each in lines if each.has_news), None)
    return {
        "schedule": schedule_of(session, course),
        **part_of([(each, each.obstacle) for each in lines]),
        "last_sent": _last_sent(session, course),
        "example": showing.example_of(example, me, at) if example else None,
    }


def _last_sent(session: Session, course: Course) -> datetime | None:
    sent = select(func.max(ProgressReport.sent)).join(ProgressReport.enrolment)
    return session.scalar(sent.where(Enrolment.course_id == course.id))
