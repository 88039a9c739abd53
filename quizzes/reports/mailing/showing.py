"""What a learner's page of a quiz shows of the report to their manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.reporting import Progress
from quizzes.reports.mailing import standing
from quizzes.reports.mailing.models import ManagerReport, ReportSchedule
from quizzes.reports.mailing.scheduling import schedule_of
from quizzes.reports.mailing.standing import Arrangement, Obstacle

SHOWN = 5


@dataclass(frozen=True)
class ToMyManager:
    """How it stands with the report to the manager of whoever reads this."""

    schedule: ReportSchedule | None
    arrangement: Arrangement
    sent: Sequence[ManagerReport]
    """The newest few that were sent, to whomever it was then."""

    @property
    def is_on(self) -> bool:
        return self.schedule is not None and self.schedule.is_on

    @property
    def objection(self) -> Obstacle | None:
        return self.arrangement.objection

    @property
    def goes(self) -> bool:
        """Whether their manager is to get it, whenever there is something to say."""
        return self.is_on and self.objection is None

    @property
    def waits(self) -> bool:
        """Whether they have not decided yet."""
        return self.is_on and self.objection in (Obstacle.NOT_ASKED, Obstacle.SOMEBODY_ELSE)

    def is_to_manager(self, report: ManagerReport) -> bool:
        """Whether it went to whoever is their manager now."""
        return report.whom == self.arrangement.whom


def to_my_manager(session: Session, progress: Progress) -> ToMyManager | None:
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
    found = ToMyManager(schedule, standing.of_one(session, progress), sent)
    return found if found.is_on or sent else None
