"""What the page of reports by mail shows: what is arranged, who gets what, and what it would say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.manager_mail.arranging import part_of
from lti_tool.manager_mail.making import ToManager
from lti_tool.models import Enrolment
from lti_tool.notifying.wishes import can_be_mailed, wish_of
from lti_tool.pages import read_by
from quizzes.models import Quiz
from quizzes.reports.mailing import saying, sending, standing
from quizzes.reports.mailing.models import ManagerReport
from quizzes.reports.mailing.scheduling import schedule_of
from quizzes.reports.mailing.standing import Arrangement
from quizzes.reports.mailing.telling import KIND
from quizzes.reports.mailing.whole_class import report_of, results_now
from quizzes.reports.people import listed


def given(session: Session, quiz: Quiz, me: Enrolment, *, at: datetime) -> Mapping[str, Any]:
    results = results_now(session, quiz, at=at)
    everybody = standing.of_all(session, quiz, [line.progress for line in listed(results)])
    return {
        "mine": schedule_of(session, quiz, me),
        "managers": schedule_of(session, quiz, None),
        **part_of([(each, each.obstacle(at)) for each in everybody]),
        "last_sent": _last_sent(session, quiz),
        "preview": saying.of_class(quiz, report_of(session, results)),
        "example": _example(session, everybody),
        "has_address": can_be_mailed(me),
        "is_mailed": wish_of(session, me, KIND).is_mailed,
    }


def _last_sent(session: Session, quiz: Quiz) -> datetime | None:
    return session.scalar(select(func.max(ManagerReport.sent)).where(ManagerReport.quiz_id == quiz.id))


def _example(session: Session, everybody: Sequence[Arrangement]) -> ToManager | None:
    """What the manager of the first who has a result would read; None while nobody has one."""
    first = next((each for each in everybody if each.progress.best is not None), None)
    if first is None or (found := sending.standing_of(session, first)) is None:
        return None
    with read_by(first.reader):
        return saying.to_manager(first, found)
