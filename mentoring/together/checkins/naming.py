"""Somebody else is named who is asked about a mentee; the caller commits.

A mentee who names somebody agrees with it. Whom an instructor names is asked when the mentee has agreed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool.contacts.models import Outsider
from lti_tool.models import Enrolment, Person
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal
from mentoring.names import in_sentence
from mentoring.together.checkins import telling
from mentoring.together.checkins.arranging import agree_to
from mentoring.together.checkins.models import AskedAs, CheckInConsent, CheckInContact
from mentoring.together.checkins.standing import arrangements_of, contact_of, hash_of


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody else, as a form names them."""

    outsider: Outsider
    relation: str
    is_instead: bool


def name(session: Session, mentorship: Mentorship, named: Named, *, by: Enrolment, at: datetime) -> None:
    """They are the one other person from now on; raises `Refusal` for one of the pair."""
    mail = named.outsider.mail.casefold()
    _not_of_the_pair(mentorship, mail)
    was = contact_of(session, mentorship)
    if was is None or was.mail != mail:
        _withdraw_consent(session, mentorship)
    contact = was or CheckInContact(mentorship_id=mentorship.id)
    session.add(contact)
    contact.name, contact.mail, contact.relation = named.outsider.name, mail, named.relation
    contact.is_instead, contact.said_by_id, contact.said = named.is_instead, by.id, at
    session.flush()
    arrangement = arrangements_of(session, mentorship, to_change=True)[-1]
    if by.id == mentorship.mentee.enrolment_id:
        agree_to(session, arrangement, at=at)
    elif arrangement.waits_for_mentee:
        telling.named(session, mentorship, hash_of(mail), at=at)


def _not_of_the_pair(mentorship: Mentorship, mail: str) -> None:
    for each in mentorship.people:
        if each.enrolment.person.email.casefold() == mail:
            raise Refusal(
                _("%(name)s is one of the pair. Name somebody outside of it.", name=in_sentence(each.enrolment.name))
            )


def take_away(session: Session, mentorship: Mentorship) -> None:
    """Their name and mail are gone, and what they were mailed leads nowhere. What they have answered stays."""
    if (contact := contact_of(session, mentorship)) is not None:
        session.delete(contact)
    _withdraw_consent(session, mentorship)


def _withdraw_consent(session: Session, mentorship: Mentorship) -> None:
    session.execute(
        delete(CheckInConsent).where(
            CheckInConsent.mentorship_id == mentorship.id, CheckInConsent.asked_as == AskedAs.CONTACT
        )
    )


def in_course(session: Session, mentorship: Mentorship, mail: str) -> int | None:
    """The enrolment of whoever has this mail in the mentee's course, if somebody has."""
    return session.scalar(
        select(Enrolment.id)
        .join(Enrolment.person)
        .where(
            Enrolment.course_id == mentorship.mentee.enrolment.course_id,
            Enrolment.is_active,
            func.lower(Person.email) == mail.casefold(),
        )
        .order_by(Enrolment.id)
        .limit(1)
    )
