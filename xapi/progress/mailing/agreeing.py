"""A learner says whether their manager may get their progress report; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from xapi.progress.mailing.models import ProgressConsent
from xapi.progress.mailing.scheduling import schedule_of
from xapi.progress.mailing.standing import of_one


class ChangedMeanwhile(Exception):
    """Who it would go to, or whether anything goes at all, is not what the learner saw."""


def agree(session: Session, learner: Enrolment, *, whom: str, at: datetime) -> None:
    """To whom they saw. Raises ChangedMeanwhile."""
    schedule = schedule_of(session, learner.course)
    if schedule is None or not schedule.is_on or not whom or of_one(session, learner, None).whom != whom:
        raise ChangedMeanwhile
    _say(session, learner, is_given=True, whom=whom, at=at)


def refuse(session: Session, learner: Enrolment, *, at: datetime) -> None:
    """Nobody gets it, whoever their manager is."""
    _say(session, learner, is_given=False, whom="", at=at)


def _say(session: Session, learner: Enrolment, *, is_given: bool, whom: str, at: datetime) -> None:
    key = {"enrolment_id": learner.id}
    consent, _new = find_or_create(session, ProgressConsent, key, is_given=is_given, whom=whom, said=at)
    consent.is_given, consent.whom, consent.said = is_given, whom, at
