"""What is known of learners' progress reports: to whom each would go, what it would say, what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.contacts.models import ManagerLink
from lti_tool.contacts.queries import links_of, manager_of
from lti_tool.manager_mail.standing import Obstacle, ReportToManager, known_of
from lti_tool.models import Course, Enrolment
from xapi.progress.mailing.models import ProgressConsent, ProgressReport, ProgressStop
from xapi.progress.report import Learner


@dataclass(frozen=True, kw_only=True)
class Arrangement(ReportToManager):
    """What is known about one learner's progress report to their manager."""

    found: Learner | None
    """What statements say of them."""
    last: ProgressReport | None
    """What was sent last."""

    @property
    def obstacle(self) -> Obstacle | None:
        """The first of several."""
        return self.objection or (None if self.has_news else Obstacle.NOTHING_YET)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell at all."""
        return self.found is not None and bool(self.found.mentorships or self.found.quizzes)


def of_one(session: Session, learner: Enrolment, found: Learner | None) -> Arrangement:
    link = manager_of(session, learner)
    return _arranged(session, [learner], {learner.id: link} if link else {}, {learner.id: found})[0]


def of_all(
    session: Session, course: Course, learners: Sequence[Enrolment], found: Mapping[int, Learner]
) -> list[Arrangement]:
    """Of several learners of the course, in as many statements however many they are."""
    return _arranged(session, learners, links_of(session, course), found)


def _arranged(
    session: Session,
    learners: Sequence[Enrolment],
    links: Mapping[int, ManagerLink],
    found: Mapping[int, Learner | None],
) -> list[Arrangement]:
    people = [each.id for each in learners]
    consents = select(ProgressConsent).where(ProgressConsent.enrolment_id.in_(people))
    reports = select(ProgressReport).where(ProgressReport.enrolment_id.in_(people))
    known = known_of(session, people, links, consents=consents, reports=reports, stops=ProgressStop)
    return [Arrangement(learner=each, found=found.get(each.id), **known[each.id]) for each in learners]
