"""What a learner's page of progress shows of the report to their manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.manager_mail.making import ToManager
from lti_tool.manager_mail.showing import SHOWN, ToMyManager
from lti_tool.models import Enrolment
from lti_tool.pages import read_by
from xapi.progress.mailing import saying, standing
from xapi.progress.mailing.models import ProgressReport
from xapi.progress.mailing.scheduling import schedule_of
from xapi.progress.mailing.standing import Arrangement
from xapi.progress.mailing.times import Rhythm
from xapi.progress.report import Learner


@dataclass(frozen=True, kw_only=True)
class ProgressToMyManager(ToMyManager):
    rhythm: Rhythm | None
    example: ToManager | None
    """What their manager would read now; None while there is nothing to tell."""


def to_my_manager(
    session: Session, me: Enrolment, found: Learner | None, *, at: datetime
) -> ProgressToMyManager | None:
    """None where nothing is mailed to managers, and nothing was about them."""
    schedule = schedule_of(session, me.course)
    if schedule is None:
        return None
    sent = session.scalars(
        select(ProgressReport)
        .where(ProgressReport.enrolment_id == me.id, ProgressReport.sent.is_not(None))
        .order_by(ProgressReport.sent.desc())
        .limit(SHOWN)
    ).all()
    arrangement = standing.of_one(session, me, found)
    mine = ProgressToMyManager(
        is_on=schedule.is_on,
        arrangement=arrangement,
        sent=sent,
        rhythm=schedule.rhythm,
        example=example_of(arrangement, me, at),
    )
    return mine if mine.is_on or sent else None


def example_of(arrangement: Arrangement, reader: Enrolment, at: datetime) -> ToManager | None:
    """What would be sent now, in the language and by the clocks of whoever looks at it; None if there is nothing."""
    if arrangement.found is None or not arrangement.has_news:
        return None
    with read_by(reader):
        return saying.to_manager(arrangement.learner, arrangement.found, at)
