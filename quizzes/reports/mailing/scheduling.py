"""When reports go: arranged, followed when the quiz closes at another time, and stopped; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.manager_mail import falling_due
from lti_tool.models import Enrolment
from quizzes.models import Quiz
from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.times import Rhythm, next_due

LANE = "quiz-report-times"


def schedule_of(session: Session, quiz: Quiz, reader: Enrolment | None) -> ReportSchedule | None:
    """What this reader arranged for themselves; of nobody, what was arranged for managers."""
    return session.scalar(
        select(ReportSchedule).where(
            ReportSchedule.quiz_id == quiz.id, ReportSchedule.reader_id == (reader.id if reader else None)
        )
    )


def arrange(
    session: Session,
    quiz: Quiz,
    reader: Enrolment | None,
    rhythm: Rhythm,
    weekday: int | None,
    *,
    by: Enrolment,
    at: datetime,
) -> ReportSchedule:
    key = {"quiz_id": quiz.id, "reader_id": reader.id if reader else None}
    found, _new = find_or_create(session, ReportSchedule, key, said=at)
    found.rhythm, found.weekday = rhythm, weekday if rhythm is Rhythm.WEEKLY else None
    found.said_by_id, found.said = by.id, at
    session.flush()
    session.refresh(found, ["said_by"])
    post_next(session, found, at=at)
    return found


def post_next(session: Session, schedule: ReportSchedule, *, at: datetime) -> None:
    assert schedule.rhythm is not None, "what was stopped falls due no more"
    quiz = schedule.quiz
    closes = quiz.settings.closes if quiz.is_published else None
    due = next_due(schedule.rhythm, weekday=schedule.weekday, zone=schedule.zone, closes=closes, at=at)
    falling_due.post(session, LANE, schedule, due)


def follow(session: Session, quiz: Quiz, *, at: datetime) -> None:
    """The quiz was published anew and may close at another time."""
    found = session.scalars(
        select(ReportSchedule)
        .where(ReportSchedule.quiz_id == quiz.id, ReportSchedule.rhythm == Rhythm.CLOSING)
        .order_by(ReportSchedule.id)
        .with_for_update()
    )
    for each in found:
        post_next(session, each, at=at)
