"""Which manager a learner's report would go to, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.contacts.models import ManagerLink
from lti_tool.contacts.queries import links_of, manager_of
from lti_tool.manager_mail.standing import Obstacle, ReportToManager, known_of
from lti_tool.models import Enrolment
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.designing.reviewing import JUST, Shown
from quizzes.models import Quiz
from quizzes.progress import Progress
from quizzes.reports.mailing.models import ManagerReport, ReportConsent, ReportStop

SOON_AFTER = JUST + timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Arrangement(ReportToManager):
    """What is known about one learner's report to their manager."""

    progress: Progress
    last: ManagerReport | None
    """What was sent last."""

    def obstacle(self, at: datetime) -> Obstacle | None:
        """The first of several."""
        return self.objection or self._nothing_to_say(at)

    def _nothing_to_say(self, at: datetime) -> Obstacle | None:
        if self.progress.best is None:
            return Obstacle.NOTHING_YET
        seen = self.seen_from(at)
        return None if seen is not None and seen <= at else Obstacle.HIDDEN

    def seen_from(self, at: datetime) -> datetime | None:
        """When its learner may see how each topic went, now or later: no manager reads it before them."""
        best, closes = self.progress.best, self.progress.settings.closes
        if best is None or best.submitted is None:
            return None
        moments = [at, best.submitted + SOON_AFTER, *([closes] if closes else [])]
        found = (each for each in moments if each >= at and Shown.OVERALL in self.progress.shows(best, each))
        return min(found, default=None)


def arrangement_of(session: Session, quiz: Quiz, learner: Enrolment, *, at: datetime) -> Arrangement:
    progress = Progress(
        quiz=quiz,
        learner=learner,
        attempts=queries.attempts_of(session, quiz, learner),
        granted=standing.of(session, quiz, learner, at=at),
    )
    return of_one(session, progress)


def of_one(session: Session, progress: Progress) -> Arrangement:
    link = manager_of(session, progress.learner)
    links = {progress.learner.id: link} if link else {}
    return _arranged(session, [progress], links)[0]


def of_all(session: Session, quiz: Quiz, rows: Sequence[Progress]) -> list[Arrangement]:
    """Of several learners of its course, in as many statements however many they are."""
    return _arranged(session, rows, links_of(session, quiz.course)) if rows else []


def _arranged(session: Session, rows: Sequence[Progress], links: dict[int, ManagerLink]) -> list[Arrangement]:
    quiz, people = rows[0].quiz, [row.learner.id for row in rows]
    consents = select(ReportConsent).where(ReportConsent.quiz_id == quiz.id, ReportConsent.enrolment_id.in_(people))
    reports = select(ManagerReport).where(ManagerReport.quiz_id == quiz.id, ManagerReport.enrolment_id.in_(people))
    known = known_of(session, people, links, consents=consents, reports=reports, stops=ReportStop)
    return [Arrangement(learner=row.learner, progress=row, **known[row.learner.id]) for row in rows]
