"""How things stand with the check-ins of a mentorship: who would be asked, how often, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.contacts.models import ManagerLink
from lti_tool.contacts.queries import manager_of
from lti_tool.outgoing.mail_settings import mail_address
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import MentorshipState
from mentoring.together.checkins.models import (
    AskedAs,
    CheckIn,
    CheckInConsent,
    CheckInContact,
    CheckInOwnRhythm,
    CheckInRhythm,
    CheckInStop,
)


class Obstacle(StrEnum):
    """Why somebody is not asked."""

    OFF = "off"
    REPLACED = "replaced"
    NOT_UNDER_WAY = "not_under_way"
    NO_MANAGER = "no_manager"
    NO_MAIL = "no_mail"
    STOPPED = "stopped"
    NOT_ASKED = "not_asked"
    SAID_NO = "said_no"
    SOMEBODY_ELSE = "somebody_else"


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """Who would be asked."""

    name: str
    mail: str
    relation: str = ""
    """Who they are to the mentee, where they are not the manager."""
    manager_id: int | None = None
    """The manager, where they are in the course."""

    @property
    def address(self) -> Address | None:
        return mail_address(self.mail)

    @property
    def whom(self) -> str:
        """As consent is given to them; empty for nobody who can be mailed."""
        return hash_of(self.mail) if self.address else ""


def manager_as(link: ManagerLink) -> Somebody:
    return Somebody(name=link.name, mail=link.mail, manager_id=link.manager_enrolment_id)


def contact_as(contact: CheckInContact) -> Somebody:
    return Somebody(name=contact.name, mail=contact.mail, relation=contact.relation)


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """What is known about asking one person in one mentorship."""

    mentorship: Mentorship
    asked_as: AskedAs
    weeks: int | None
    """From one question to the next; None while it is switched off."""
    consent: CheckInConsent | None
    person: Somebody | None
    is_stopped: bool
    is_replaced: bool = False
    """Whether somebody else is asked instead."""

    @property
    def address(self) -> Address | None:
        return self.person.address if self.person else None

    @property
    def whom(self) -> str:
        return self.person.whom if self.person else ""

    @property
    def length(self) -> timedelta:
        assert self.weeks is not None, "it is switched on"
        return timedelta(weeks=self.weeks)

    @property
    def obstacle(self) -> Obstacle | None:
        """What stands against asking them now; the first of several."""
        mentee, consent = self.mentorship.mentee.enrolment, self.consent
        is_here = mentee.is_active and is_let_in(mentee.course.deployment)
        found = {
            Obstacle.OFF: self.weeks is None,
            Obstacle.REPLACED: self.is_replaced,
            Obstacle.NOT_UNDER_WAY: self.mentorship.state is not MentorshipState.ACTIVE or not is_here,
            Obstacle.SAID_NO: consent is not None and not consent.is_given,
            Obstacle.NO_MANAGER: self.person is None,
            Obstacle.NO_MAIL: self.address is None,
            Obstacle.STOPPED: self.is_stopped,
            Obstacle.NOT_ASKED: consent is None,
            Obstacle.SOMEBODY_ELSE: consent is not None and consent.whom != self.whom,
        }
        return next((obstacle for obstacle, is_there in found.items() if is_there), None)

    @property
    def waits_for_mentee(self) -> bool:
        """Whether the mentee could say yes and has not, to whoever it is now."""
        is_unsaid = self.obstacle in (Obstacle.NOT_ASKED, Obstacle.SOMEBODY_ELSE)
        return is_unsaid or (self.obstacle is Obstacle.NOT_UNDER_WAY and self._would_wait)

    @property
    def _would_wait(self) -> bool:
        can_be_asked = self.weeks is not None and self.address is not None and not self.is_stopped
        has_said = self.consent is not None and (not self.consent.is_given or self.consent.whom == self.whom)
        return self.mentorship.is_standing and can_be_asked and not has_said


def hash_of(mail: str) -> str:
    return hashed(mail.strip().casefold())


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said about a mentorship's check-ins, by whom it may concern."""

    weeks: int | None
    contact: CheckInContact | None
    consents: Mapping[AskedAs, CheckInConsent]


def arrangements_of(session: Session, mentorship: Mentorship, *, to_change: bool = False) -> list[Arrangement]:
    """Of the manager, and of somebody else where there is one.

    With `to_change`, as the database has it now; the mentorship is held.
    """
    said, link = _said(session, mentorship, to_change), manager_of(session, mentorship.mentee.enrolment)
    return arranged(mentorship, said, link, who_stopped(session, whom_of(said.contact, link)))


def whom_of(contact: CheckInContact | None, link: ManagerLink | None) -> list[str]:
    people = [*([contact_as(contact)] if contact else []), *([manager_as(link)] if link else [])]
    return [each.whom for each in people if each.whom]


def arranged(
    mentorship: Mentorship, said: Said, link: ManagerLink | None, stopped: Collection[str]
) -> list[Arrangement]:
    manager = manager_as(link) if link else None
    contact = contact_as(said.contact) if said.contact else None

    def of(asked_as: AskedAs, person: Somebody | None, is_replaced: bool) -> Arrangement:
        return Arrangement(
            mentorship=mentorship,
            asked_as=asked_as,
            weeks=said.weeks,
            consent=said.consents.get(asked_as),
            person=person,
            is_stopped=person is not None and person.whom in stopped,
            is_replaced=is_replaced,
        )

    is_replaced = said.contact is not None and (said.contact.is_instead or not manager or _are_one(manager, contact))
    others = [of(AskedAs.CONTACT, contact, is_replaced=False)] if contact else []
    return [of(AskedAs.MANAGER, manager, is_replaced), *others]


def _are_one(manager: Somebody, contact: Somebody | None) -> bool:
    """Whoever was named twice is asked once."""
    return contact is not None and manager.whom == contact.whom


def asked_in(arrangements: Sequence[Arrangement]) -> list[Arrangement]:
    """Without those whom somebody else replaces."""
    return [each for each in arrangements if not each.is_replaced]


def _said(session: Session, mentorship: Mentorship, to_change: bool) -> Said:
    wanted = (
        select(CheckInRhythm, CheckInOwnRhythm, CheckInContact, CheckInConsent)
        .select_from(Mentorship)
        .outerjoin(CheckInRhythm, CheckInRhythm.cohort_id == Mentorship.cohort_id)
        .outerjoin(CheckInOwnRhythm, CheckInOwnRhythm.mentorship_id == Mentorship.id)
        .outerjoin(CheckInContact, CheckInContact.mentorship_id == Mentorship.id)
        .outerjoin(CheckInConsent, CheckInConsent.mentorship_id == Mentorship.id)
        .where(Mentorship.id == mentorship.id)
        .execution_options(populate_existing=to_change)
    )
    rows = session.execute(wanted).all()
    rhythm, own, contact, _consent = rows[0]
    return Said(
        weeks=weeks_of(rhythm, own),
        contact=contact,
        consents={consent.asked_as: consent for *_rest, consent in rows if consent is not None},
    )


def weeks_of(rhythm: CheckInRhythm | None, own: CheckInOwnRhythm | None) -> int | None:
    """What was said of a single mentorship counts before what holds for all."""
    if own is not None:
        return own.weeks
    return rhythm.weeks if rhythm is not None else None


def has_stopped(session: Session, mail: str) -> bool:
    return session.scalar(select(CheckInStop.id).where(CheckInStop.mail == mail)) is not None


def is_anything(look: Look) -> bool:
    """Whether there is anything to say of check-ins here: they are switched on, or were, or some were answered."""
    rhythm = select(CheckInRhythm.id).where(CheckInRhythm.cohort_id == look.mentorship.cohort_id).exists()
    own = select(CheckInOwnRhythm.id).where(CheckInOwnRhythm.mentorship_id == look.mentorship.id).exists()
    asked = select(CheckIn.id).where(CheckIn.mentorship_id == look.mentorship.id).exists()
    return bool(look.session.scalar(select(rhythm | own | asked)))


def seen_in(look: Look, most: int, first: int = 0) -> Sequence[CheckIn]:
    """What was asked, the newest first."""
    wanted = _seen(look).options(joinedload(CheckIn.manager))
    return look.session.scalars(
        wanted.order_by(CheckIn.asked.desc(), CheckIn.id.desc()).limit(most).offset(first)
    ).all()


def count_seen(look: Look) -> int:
    return look.session.scalar(select(func.count()).select_from(_seen(look).subquery())) or 0


def _seen(look: Look) -> Select[CheckIn]:
    """Whoever mentors since later, reads what was asked since then."""
    wanted = select(CheckIn).where(CheckIn.mentorship_id == look.mentorship.id, CheckIn.sent.is_not(None))
    if look.mine is not None:
        since = min(each.since for each in look.mentorship.members if each.participant_id == look.mine.id)
        wanted = wanted.where(CheckIn.asked >= since)
    return wanted


def own_rhythm_of(session: Session, mentorship: Mentorship) -> CheckInOwnRhythm | None:
    return session.scalar(select(CheckInOwnRhythm).where(CheckInOwnRhythm.mentorship_id == mentorship.id))


def contact_of(session: Session, mentorship: Mentorship) -> CheckInContact | None:
    return session.scalar(select(CheckInContact).where(CheckInContact.mentorship_id == mentorship.id))


def rhythm_of(session: Session, cohort_id: int) -> CheckInRhythm | None:
    return session.scalar(select(CheckInRhythm).where(CheckInRhythm.cohort_id == cohort_id))


def who_stopped(session: Session, mails: Sequence[str]) -> set[str]:
    """Those of these who want no more mails."""
    return set(session.scalars(select(CheckInStop.mail).where(CheckInStop.mail.in_(mails)))) if mails else set()
