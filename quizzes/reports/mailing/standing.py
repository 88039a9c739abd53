"""Which manager a learner's report would go to, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.contacts.models import ManagerLink
from lti_tool.contacts.queries import links_of, manager_of
from lti_tool.models import Enrolment, Role
from lti_tool.outgoing.mail_settings import mail_address
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.designing.reviewing import JUST, Shown
from quizzes.models import Quiz
from quizzes.reporting import Progress
from quizzes.reports.mailing.models import ManagerReport, ReportConsent, ReportStop

SOON_AFTER = JUST + timedelta(seconds=1)


class Obstacle(StrEnum):
    """Why nothing is sent to somebody's manager."""

    NOT_HERE = "not_here"
    NO_MANAGER = "no_manager"
    NO_MAIL = "no_mail"
    STOPPED = "stopped"
    SAID_NO = "said_no"
    NOT_ASKED = "not_asked"
    SOMEBODY_ELSE = "somebody_else"
    NOTHING_YET = "nothing_yet"
    HIDDEN = "hidden"
    """The learner may not see it themselves, or not yet."""


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """What is known about one learner's report to their manager."""

    progress: Progress
    link: ManagerLink | None
    consent: ReportConsent | None
    is_stopped: bool
    last: ManagerReport | None
    """What was sent last."""

    @property
    def learner(self) -> Enrolment:
        return self.progress.learner

    @property
    def address(self) -> Address | None:
        return mail_address(self.link.mail) if self.link else None

    @property
    def whom(self) -> str:
        """As consent is given to them; empty for nobody who can be mailed."""
        return hash_of(self.link.mail) if self.link and self.address else ""

    @property
    def reader(self) -> Enrolment:
        """In whose language and by whose clocks it is written: the manager's as far as we know them."""
        inside = self.link.manager_enrolment if self.link else None
        return inside or self.learner

    def obstacle(self, at: datetime) -> Obstacle | None:
        """The first of several."""
        return self.objection or self._nothing_to_say(at)

    @property
    def objection(self) -> Obstacle | None:
        """Why it would not be sent, whatever became of the quiz."""
        learner, consent = self.learner, self.consent
        is_learning = learner.role is Role.LEARNER and learner.is_active and not learner.is_test
        found = {
            Obstacle.NOT_HERE: not is_learning or not is_let_in(learner.course.deployment),
            Obstacle.SAID_NO: consent is not None and not consent.is_given,
            Obstacle.NO_MANAGER: self.link is None,
            Obstacle.NO_MAIL: self.address is None,
            Obstacle.STOPPED: self.is_stopped,
            Obstacle.NOT_ASKED: consent is None,
            Obstacle.SOMEBODY_ELSE: consent is not None and consent.whom != self.whom,
        }
        return next((each for each, is_there in found.items() if is_there), None)

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


def hash_of(mail: str) -> str:
    return hashed(mail.strip().casefold())


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
    consents = {
        each.enrolment_id: each
        for each in session.scalars(
            select(ReportConsent)
            .where(ReportConsent.quiz_id == quiz.id, ReportConsent.enrolment_id.in_(people))
            .execution_options(populate_existing=True)
        )
    }
    sent = session.scalars(
        select(ManagerReport)
        .where(
            ManagerReport.quiz_id == quiz.id, ManagerReport.enrolment_id.in_(people), ManagerReport.sent.is_not(None)
        )
        .order_by(ManagerReport.sent, ManagerReport.id)
    )
    last = {each.enrolment_id: each for each in sent}
    mails = {person: hash_of(links[person].mail) for person in people if person in links}
    stopped = set(session.scalars(select(ReportStop.mail).where(ReportStop.mail.in_(set(mails.values())))))
    return [
        Arrangement(
            progress=row,
            link=links.get(row.learner.id),
            consent=consents.get(row.learner.id),
            is_stopped=mails.get(row.learner.id) in stopped,
            last=last.get(row.learner.id),
        )
        for row in rows
    ]
