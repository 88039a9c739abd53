"""What somebody can raise a concern about, whom they know from their mentorships, and who stands outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.queries import of_course
from mentoring.names import alphabetically, in_sentence
from mentoring.participants.models import Participant

PROGRAM = "program"
MOST = 50
"""Mentorships that somebody is offered to choose from, the newest of theirs."""


@dataclass(frozen=True)
class Matter:
    """A mentorship of mine, somebody in it, or, where it is neither, the program."""

    mentorship: Mentorship | None = None
    others: Sequence[Enrolment] = ()
    """With whom I am or was in it."""
    person: Enrolment | None = None

    @property
    def key(self) -> str:
        """What stands in addresses and forms."""
        if self.mentorship is None:
            return PROGRAM
        return self.mentorship.public_id + (f".{self.person.public_id}" if self.person else "")

    @property
    def names(self) -> str:
        """Of the others: *Leo and Maya*."""
        return str(format_list([in_sentence(each.name) for each in self.others], locale=get_locale()))


def matters_of(session: Session, me: Enrolment) -> list[Matter]:
    """Everything I may raise a concern about: my mentorships, those that are over too, and whom I met in each."""
    found: list[Matter] = []
    for mentorship in _mentorships_of(session, me):
        others = met_in(mentorship, me)
        found += [Matter(mentorship, others, person) for person in others]
        found.append(Matter(mentorship, others))
    return [*found, Matter()]


def matter(session: Session, me: Enrolment, key: str) -> Matter | None:
    return next((each for each in matters_of(session, me) if each.key == key), None)


def known_to(session: Session, me: Enrolment) -> dict[str, Enrolment]:
    """Everybody I have, or had, a mentorship with, by public id."""
    return {
        person.public_id: person for mentorship in _mentorships_of(session, me) for person in met_in(mentorship, me)
    }


def who_may_own(session: Session, me: Enrolment, about: Matter) -> Sequence[Enrolment]:
    """The instructors of the course who stand outside: neither I nor anybody who belongs to it, or ever did."""
    wanted = select(Enrolment).where(
        Enrolment.course_id == me.course_id,
        Enrolment.role == Role.INSTRUCTOR,
        Enrolment.is_active,
        ~Enrolment.is_test,
        Enrolment.id != me.id,
    )
    if about.person is not None:
        wanted = wanted.where(Enrolment.id != about.person.id)
    if about.mentorship is not None:
        inside = (
            select(Participant.enrolment_id)
            .join(Membership, Membership.participant_id == Participant.id)
            .where(Membership.mentorship_id == about.mentorship.id)
        )
        wanted = wanted.where(Enrolment.id.not_in(inside))
    return sorted(session.scalars(wanted), key=alphabetically)


def _mentorships_of(session: Session, me: Enrolment) -> Sequence[Mentorship]:
    mine = select(Membership.mentorship_id).join(Membership.participant).where(Participant.enrolment_id == me.id)
    return session.scalars(
        of_course(me.course)
        .where(Mentorship.id.in_(mine))
        .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
        .order_by(Mentorship.id.desc())
        .limit(MOST)
    ).all()


def met_in(mentorship: Mentorship, me: Enrolment) -> list[Enrolment]:
    """Those who belonged to it while I did: who came after me, nobody has told me."""
    mine = [each for each in mentorship.members if each.participant.enrolment_id == me.id]
    met = {
        each.participant.enrolment_id: each.participant.enrolment
        for each in mentorship.members
        if each.participant.enrolment_id != me.id and any(_met(each, own) for own in mine)
    }
    return sorted(met.values(), key=alphabetically)


def _met(one: Membership, other: Membership) -> bool:
    if one.since == other.since:
        return True
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)
