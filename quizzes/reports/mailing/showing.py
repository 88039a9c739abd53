"""What a learner's page of a quiz shows of the report to their manager."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.manager_mail.showing import SHOWN, ToMyManager
from quizzes.progress import Progress
from quizzes.reports.mailing import standing
from quizzes.reports.mailing.models import ManagerReport, ReportSchedule
from quizzes.reports.mailing.scheduling import schedule_of


@dataclass(frozen=True, kw_only=True)
class QuizToMyManager(ToMyManager):
    schedule: ReportSchedule


def to_my_manager(session: Session, progress: Progress) -> QuizToMyManager | None:
    """None where nothing is mailed to managers, and nothing was about them."""
    quiz, me = progress.quiz, progress.learner
    schedule = schedule_of(session, quiz, None)
    if schedule is None or quiz.settings.is_practice:
        return None
    sent = session.scalars(
        select(ManagerReport)
        .where(ManagerReport.quiz_id == quiz.id, ManagerReport.enrolment_id == me.id, ManagerReport.sent.is_not(None))
        .order_by(ManagerReport.sent.desc())
        .limit(SHOWN)
    ).all()
    arrangement = standing.of_one(session, progress)
    found = QuizToMyManager(is_on=schedule.is_on, arrangement=arrangement, sent=sent, schedule=schedule)
    return found if found.is_on or sent else None
