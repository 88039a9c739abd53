"""How things stand with the check-ins of a mentorship: who would be asked, how often, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.contacts.models import ManagerLink
from lti_tool.contacts.queries import manager_of
from lti_tool.outgoing.mail_settings import mail_address
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import MentorshipState
from mentoring.together.checkins.models import CheckIn, CheckInConsent, CheckInRhythm, CheckInStop


class Obstacle(StrEnum):
    """Why a manager is not asked."""

    OFF = "off"
    NOT_UNDER_WAY = "not_under_way"
    NO_MANAGER = "no_manager"
    NO_MAIL = "no_mail"
    STOPPED = "stopped"
    NOT_ASKED = "not_asked"
    SAID_NO = "said_no"
    SOMEBODY_ELSE = "somebody_else"


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """What is known about the check-ins of one mentorship."""

    mentorship: Mentorship
    rhythm: CheckInRhythm | None
    consent: CheckInConsent | None
    manager: ManagerLink | None
    is_stopped: bool

    @property
    def address(self) -> Address | None:
        return mail_address(self.manager.mail) if self.manager else None

    @property
    def whom(self) -> str:
        """The manager as consent is given to them; empty for nobody who can be mailed."""
        return whom(self.manager) if self.manager and self.address else ""

    @property
    def obstacle(self) -> Obstacle | None:
        """What stands against asking the manager now; the first of several."""
        mentee, consent = self.mentorship.mentee.enrolment, self.consent
        is_here = mentee.is_active and is_let_in(mentee.course.deployment)
        found = {
            Obstacle.OFF: self.rhythm is None,
            Obstacle.NOT_UNDER_WAY: self.mentorship.state is not MentorshipState.ACTIVE or not is_here,
            Obstacle.SAID_NO: consent is not None and not consent.is_given,
            Obstacle.NO_MANAGER: self.manager is None,
            Obstacle.NO_MAIL: self.address is None,
            Obstacle.STOPPED: self.is_stopped,
            Obstacle.NOT_ASKED: consent is None,
            Obstacle.SOMEBODY_ELSE: consent is not None and consent.whom != self.whom,
        }
        return next((obstacle for obstacle, is_there in found.items() if is_there), None)

    @property
    def waits_for_mentee(self) -> bool:
        """Whether the mentee could say yes and has not, to whoever is their manager now."""
        is_unsaid = self.obstacle in (Obstacle.NOT_ASKED, Obstacle.SOMEBODY_ELSE)
        return is_unsaid or (self.obstacle is Obstacle.NOT_UNDER_WAY and self._would_wait)

    @property
    def _would_wait(self) -> bool:
        can_be_asked = self.rhythm is not None and self.address is not None and not self.is_stopped
        has_said = self.consent is not None and (not self.consent.is_given or self.consent.whom == self.whom)
        return self.mentorship.is_standing and can_be_asked and not has_said


def whom(manager: ManagerLink) -> str:
    return hash_of(manager.mail)


def hash_of(mail: str) -> str:
    return hashed(mail.strip().casefold())


def arrangement_of(session: Session, mentorship: Mentorship, *, to_change: bool = False) -> Arrangement:
    """With `to_change`, as the database has it now; the mentorship is held."""
    rhythm, consent = _said(session, mentorship, to_change)
    manager = manager_of(session, mentorship.mentee.enrolment)
    is_stopped = bool(manager and manager.mail) and has_stopped(session, whom(manager))  # type: ignore[arg-type]
    return Arrangement(mentorship=mentorship, rhythm=rhythm, consent=consent, manager=manager, is_stopped=is_stopped)


def _said(
    session: Session, mentorship: Mentorship, to_change: bool
) -> tuple[CheckInRhythm | None, CheckInConsent | None]:
    wanted = (
        select(CheckInRhythm, CheckInConsent)
        .select_from(Mentorship)
        .outerjoin(CheckInRhythm, CheckInRhythm.cohort_id == Mentorship.cohort_id)
        .outerjoin(CheckInConsent, CheckInConsent.mentorship_id == Mentorship.id)
        .where(Mentorship.id == mentorship.id)
        .execution_options(populate_existing=to_change)
    )
    rhythm, consent = session.execute(wanted).one()
    return rhythm, consent


def has_stopped(session: Session, mail: str) -> bool:
    return session.scalar(select(CheckInStop.id).where(CheckInStop.mail == mail)) is not None


def is_anything(look: Look) -> bool:
    """Whether there is anything to say of check-ins here: they are switched on, or some were answered."""
    rhythm = select(CheckInRhythm.id).where(CheckInRhythm.cohort_id == look.mentorship.cohort_id).exists()
    asked = select(CheckIn.id).where(CheckIn.mentorship_id == look.mentorship.id).exists()
    return bool(look.session.scalar(select(rhythm | asked)))


def seen_in(look: Look, most: int) -> Sequence[CheckIn]:
    """What was asked, the newest first. Whoever mentors since later, reads what was asked since then."""
    wanted = select(CheckIn).where(CheckIn.mentorship_id == look.mentorship.id, CheckIn.sent.is_not(None))
    if look.mine is not None:
        since = min(each.since for each in look.mentorship.members if each.participant_id == look.mine.id)
        wanted = wanted.where(CheckIn.asked >= since)
    return look.session.scalars(wanted.order_by(CheckIn.asked.desc(), CheckIn.id.desc()).limit(most)).all()


def rhythm_of(session: Session, cohort_id: int) -> CheckInRhythm | None:
    return session.scalar(select(CheckInRhythm).where(CheckInRhythm.cohort_id == cohort_id))


def who_stopped(session: Session, mails: Sequence[str]) -> set[str]:
    """Those of these who want no more mails."""
    return set(session.scalars(select(CheckInStop.mail).where(CheckInStop.mail.in_(mails))))
