"""A learner says whether their manager may get their report; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from quizzes.models import Quiz
from quizzes.reports.mailing import hearing
from quizzes.reports.mailing.models import ReportConsent
from quizzes.reports.mailing.scheduling import schedule_of
from quizzes.reports.mailing.standing import arrangement_of
from quizzes.reports.mailing.times import Rhythm


class ChangedMeanwhile(Exception):
    """Who it would go to, or whether anything goes at all, is not what the learner saw."""


def agree(session: Session, quiz: Quiz, learner: Enrolment, *, whom: str, at: datetime) -> None:
    """To whom they saw. Raises ChangedMeanwhile."""
    schedule = schedule_of(session, quiz, None)
    arrangement = arrangement_of(session, quiz, learner, at=at)
    if schedule is None or not schedule.is_on or not whom or arrangement.whom != whom:
        raise ChangedMeanwhile
    _say(session, quiz, learner, is_given=True, whom=whom, at=at)
    if schedule.rhythm is Rhythm.SETTLED and arrangement.progress.finished:
        session.flush()
        hearing.settled(session, quiz, [learner.id], at=at)


def refuse(session: Session, quiz: Quiz, learner: Enrolment, *, at: datetime) -> None:
    """Nobody gets it, whoever their manager is."""
    _say(session, quiz, learner, is_given=False, whom="", at=at)


def _say(session: Session, quiz: Quiz, learner: Enrolment, *, is_given: bool, whom: str, at: datetime) -> None:
    key = {"quiz_id": quiz.id, "enrolment_id": learner.id}
    consent, _new = find_or_create(session, ReportConsent, key, is_given=is_given, whom=whom, said=at)
    consent.is_given, consent.whom, consent.said = is_given, whom, at
