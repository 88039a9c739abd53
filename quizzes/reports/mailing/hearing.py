"""Grades changed: whoever is ready, or has no attempt left, is reported to their manager where that is arranged so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import new_public_id
from lti_tool.events import ActivityCompleted, GradeChanged
from lti_tool.models import Course, Enrolment, Person, Platform
from quizzes.models import Quiz
from quizzes.reports.mailing import sending
from quizzes.reports.mailing.models import ReportConsent, ReportSchedule
from quizzes.reports.mailing.times import Rhythm

News = GradeChanged | ActivityCompleted
OF_QUIZ = "quiz:"


def hear(session: Session, events: Sequence[News]) -> None:
    """One look where nothing is arranged: a class hands in all at once."""
    found: dict[str, list[News]] = defaultdict(list)
    for event in events:
        if event.activity.startswith(OF_QUIZ):
            found[event.activity.removeprefix(OF_QUIZ)].append(event)
    for public_id, news in found.items():
        if (quiz := _arranged(session, public_id)) is not None:
            settled(session, quiz, _learners(session, quiz, news), at=news[-1].at)


def _arranged(session: Session, public_id: str) -> Quiz | None:
    return session.scalar(
        select(Quiz)
        .join(ReportSchedule, ReportSchedule.quiz_id == Quiz.id)
        .where(
            Quiz.public_id == public_id,
            ReportSchedule.reader_id.is_(None),
            ReportSchedule.rhythm == Rhythm.SETTLED,
        )
    )


def _learners(session: Session, quiz: Quiz, news: Sequence[News]) -> Sequence[int]:
    """Those who agreed, by row."""
    return session.scalars(
        select(Enrolment.id)
        .join(Enrolment.person)
        .join(Person.platform)
        .join(Enrolment.course)
        .join(ReportConsent, ReportConsent.enrolment_id == Enrolment.id)
        .where(
            Course.id == quiz.course_id,
            Platform.public_id == news[0].who.platform,
            Person.subject.in_({event.who.subject for event in news}),
            ReportConsent.quiz_id == quiz.id,
            ReportConsent.is_given,
        )
        .order_by(Enrolment.id)
    ).all()


def settled(session: Session, quiz: Quiz, learners: Sequence[int], *, at: datetime) -> None:
    """Whether they are is looked at when the report goes; the caller commits."""
    sending.post(session, quiz, learners, Rhythm.SETTLED, f"{Rhythm.SETTLED}:{new_public_id()}", at=at)


def init_app(app: Flask) -> None:
    outbox.subscribe_to_many(app, GradeChanged, hear)
    outbox.subscribe_to_many(app, ActivityCompleted, hear)
