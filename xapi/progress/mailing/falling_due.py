"""The moment of progress reports has come: they are posted.

There is one letter for each next moment. A worker that was off for weeks sends once and not for each that was missed,
and the next ones go at the usual time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.contacts.models import ManagerLink
from lti_tool.db import transaction
from lti_tool.models import Course, Enrolment
from lti_tool.outbox import Done, Errand, Later, Outcome
from xapi.progress.mailing import sending
from xapi.progress.mailing.models import ProgressConsent, ProgressSchedule
from xapi.progress.mailing.scheduling import post_next

A_MOMENT = timedelta(milliseconds=1)


class TimesCarrier:
    batch = 5

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_carry(errand) for errand in errands]


def _carry(errand: Errand) -> Outcome:
    at, due = clock.now(), datetime.fromisoformat(errand.body["due"])
    if due > at:
        return Later("not yet", (due - at + A_MOMENT).total_seconds())
    with transaction() as session:
        schedule = session.get(ProgressSchedule, errand.body["schedule"], populate_existing=True, with_for_update=True)
        if schedule is None or schedule.rhythm is None or schedule.next_due != due:
            return Done()
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
