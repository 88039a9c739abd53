"""A learner says whether their manager may get their report; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.manager_mail.agreeing import ChangedMeanwhile, say
from lti_tool.models import Enrolment
from quizzes.models import Quiz
from quizzes.reports.mailing import hearing
from quizzes.reports.mailing.models import ReportConsent
from quizzes.reports.mailing.scheduling import schedule_of
from quizzes.reports.mailing.standing import arrangement_of
from quizzes.reports.mailing.times import Rhythm


def agree(session: Session, quiz: Quiz, learner: Enrolment, *, whom: str, at: datetime) -> None:
    """To whom they saw. Raises ChangedMeanwhile."""
    schedule = schedule_of(session, quiz, None)
    arrangement = arrangement_of(session, quiz, learner, at=at)
    if schedule is None or not schedule.is_on or not whom or arrangement.whom != whom:
        raise ChangedMeanwhile
    say(session, ReportConsent, _key(quiz, learner), whom, at=at)
    if schedule.rhythm is Rhythm.SETTLED and arrangement.progress.finished:
        session.flush()
        hearing.settled(session, quiz, [learner.id], at=at)


def refuse(session: Session, quiz: Quiz, learner: Enrolment, *, at: datetime) -> None:
    """Nobody gets it, whoever their manager is."""
    say(session, ReportConsent, _key(quiz, learner), "", at=at)


def _key(quiz: Quiz, learner: Enrolment) -> dict[str, object]:
    return {"quiz_id": quiz.id, "enrolment_id": learner.id}
