"""The moment of a report has come: the class report is told its reader, or managers' reports are posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.access import is_let_in
from lti_tool.contacts.models import ManagerLink
from lti_tool.manager_mail.falling_due import wait
from lti_tool.models import Enrolment
from lti_tool.outbox import Done, Outcome
from quizzes.models import Attempt, Quiz
from quizzes.reports.mailing import sending, telling
from quizzes.reports.mailing.models import ReportConsent, ReportSchedule
from quizzes.reports.mailing.scheduling import post_next
from quizzes.reports.mailing.times import Rhythm
from quizzes.reports.mailing.whole_class import report_of, results_now
from quizzes.timing import GRACE

STILL_RUNNING = "attempts still run"


def fall_due(session: Session, schedule: ReportSchedule, due: datetime, at: datetime) -> Outcome:
    if not schedule.quiz.is_published:
        return Done()
    if schedule.rhythm is Rhythm.CLOSING and (end := _end(session, schedule.quiz, at)) is not None:
        return wait(end, STILL_RUNNING, at=at)
    post_next(session, schedule, at=at)
    if schedule.reader is None:
        _to_managers(session, schedule, due, at)
    else:
        _to_reader(session, schedule, schedule.reader, due, at)
    return Done()


def _end(session: Session, quiz: Quiz, at: datetime) -> datetime | None:
    """When the last attempt that runs on by granted time will have been closed; None where none does."""
    last = session.scalar(
        select(func.max(Attempt.deadline))
        .join(Attempt.enrolment)
        .where(Attempt.quiz_id == quiz.id, Attempt.submitted.is_(None), ~Enrolment.is_test)
    )
    return last + GRACE if last is not None and last + GRACE > at else None


def _to_reader(session: Session, schedule: ReportSchedule, reader: Enrolment, due: datetime, at: datetime) -> None:
    """If it says something new; whoever teaches here no more gets no more of them."""
    if not (reader.is_active and reader.is_instructor and is_let_in(reader.course.deployment)):
        schedule.rhythm = schedule.next_due = None
        return
    tell(session, schedule, reader, f"{due:%Y-%m-%dT%H:%M}", at=at, is_asked_for=False)


def tell(
    session: Session, schedule: ReportSchedule, reader: Enrolment, occasion: str, *, at: datetime, is_asked_for: bool
) -> None:
    """Tell them how the class stands; the caller commits."""
    report = report_of(session, results_now(session, schedule.quiz, at=at))
    if is_asked_for or schedule.told != report.digest:
        telling.of_class(session, reader, schedule.quiz, report, occasion, at=at)
        schedule.last, schedule.told = at, report.digest


def _to_managers(session: Session, schedule: ReportSchedule, due: datetime, at: datetime) -> None:
    assert schedule.rhythm is not None, "whatever was stopped falls due no more"
    learners = may_be_reported(session, schedule.quiz)
    sending.post(session, schedule.quiz, learners, schedule.rhythm, f"{schedule.rhythm}:{due.isoformat()}", at=at)


def may_be_reported(session: Session, quiz: Quiz) -> Sequence[int]:
    """Who has handed in something, has a manager and agreed, by row; what else is asked is asked when it goes."""
    handed_in = select(Attempt.enrolment_id).where(Attempt.quiz_id == quiz.id, Attempt.submitted.is_not(None))
    return session.scalars(
        select(Enrolment.id)
        .join(ReportConsent, ReportConsent.enrolment_id == Enrolment.id)
        .join(ManagerLink, ManagerLink.enrolment_id == Enrolment.id)
        .where(
            ReportConsent.quiz_id == quiz.id,
            ReportConsent.is_given,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.id.in_(handed_in),
        )
        .order_by(Enrolment.id)
    ).all()
