"""Which manager a learner's report would go to, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.contacts.models import ManagerLink
from lti_tool.manager_mail.models import Consent, Stop
from lti_tool.models import Enrolment, Role
from lti_tool.outgoing.mail_settings import mail_address


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
class ReportToManager:
    """What is known about one learner's report to their manager, whatever it would say."""

    learner: Enrolment
    link: ManagerLink | None
    consent: Consent | None
    is_stopped: bool

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

    @property
    def objection(self) -> Obstacle | None:
        """Why it would not be sent, whatever it said; the first of several."""
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


def known_of(
    session: Session,
    people: Sequence[int],
    links: Mapping[int, ManagerLink],
    *,
    consents: Select[Any],
    reports: Select[Any],
    stops: type[Stop],
) -> dict[int, dict[str, Any]]:
    """What is known of each of these learners, by row, in as many statements however many they are: `link`, `consent`,
    `is_stopped`, and `last`, which was sent last.

    `consents` and `reports` choose among the feature's own.
    """
    said = {each.enrolment_id: each for each in session.scalars(consents.execution_options(populate_existing=True))}
    made = reports.selected_columns
    in_order = reports.where(made.sent.is_not(None)).order_by(made.sent, made.id)
    last = {each.enrolment_id: each for each in session.scalars(in_order)}
    mails = {person: hash_of(links[person].mail) for person in people if person in links}
    stopped = set(session.scalars(select(stops.mail).where(stops.mail.in_(set(mails.values())))))
    return {
        person: {
            "link": links.get(person),
            "consent": said.get(person),
            "is_stopped": mails.get(person) in stopped,
            "last": last.get(person),
        }
        for person in people
    }


def hash_of(mail: str) -> str:
    return hashed(mail.strip().casefold())
