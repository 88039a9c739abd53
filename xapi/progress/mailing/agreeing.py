"""A learner says whether their manager may get their progress report; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.manager_mail.agreeing import ChangedMeanwhile, say
from lti_tool.models import Enrolment
from xapi.progress.mailing.models import ProgressConsent
from xapi.progress.mailing.scheduling import schedule_of
from xapi.progress.mailing.standing import of_one


def agree(session: Session, learner: Enrolment, *, whom: str, at: datetime) -> None:
    """To whom they saw. Raises ChangedMeanwhile."""
    schedule = schedule_of(session, learner.course)
    if schedule is None or not schedule.is_on or not whom or of_one(session, learner, None).whom != whom:
        raise ChangedMeanwhile
    say(session, ProgressConsent, {"enrolment_id": learner.id}, whom, at=at)


def refuse(session: Session, learner: Enrolment, *, at: datetime) -> None:
    """Nobody gets it, whoever their manager is."""
    say(session, ProgressConsent, {"enrolment_id": learner.id}, "", at=at)
