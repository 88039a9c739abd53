"""What check-ins hold about a person: as a mentee about whom somebody was asked, or as somebody who was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import enrolments_of
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.programs.models import Cohort, Program, ProgramVersion
from mentoring.together.checkins.models import CheckIn, CheckInConsent, CheckInContact


def export(session: Session, person: Person, participants: Sequence[int]) -> list[dict[str, Any]]:
    """What was answered about them, which they could read all along, and what they answered about others."""
    managed = [each.id for each in enrolments_of(session, person)]
    about, answered_by = CheckIn.mentorship_id.in_(_as_mentee(participants)), CheckIn.manager_id.in_(managed)
    found = session.scalars(
        select(CheckIn)
        .where(or_(about, answered_by))
        .options(joinedload(CheckIn.mentorship, innerjoin=True))
        .order_by(CheckIn.id)
    )
    consents = session.scalars(
        select(CheckInConsent)
        .where(CheckInConsent.mentorship_id.in_(_as_mentee(participants)))
        .order_by(CheckInConsent.id)
    )
    contacts = session.scalars(
        select(CheckInContact)
        .where(or_(CheckInContact.mentorship_id.in_(_as_mentee(participants)), _is_about(person)))
        .order_by(CheckInContact.id)
    )
    return [
        *({"name": each.name, "mail": each.mail, "relation": each.relation} for each in contacts),
        *({"agreed": each.is_given, "said": each.said.isoformat()} for each in consents),
        *(
            {
                "mentorship": each.mentorship.public_id,
                "asked": each.asked.isoformat(),
                "answered": each.answered.isoformat() if each.answered else None,
                "change": each.seen.value if each.seen else None,
                "words": each.words,
            }
            for each in found
        ),
    ]


def forget(session: Session, person: Person, participants: Sequence[int]) -> None:
    """What was said about a mentee goes with them, and whom they named; what a person wrote goes with that person."""
    mine = _as_mentee(participants)
    session.execute(delete(CheckInContact).where(or_(CheckInContact.mentorship_id.in_(mine), _is_about(person))))
    session.execute(delete(CheckIn).where(CheckIn.mentorship_id.in_(mine)))
    session.execute(delete(CheckInConsent).where(CheckInConsent.mentorship_id.in_(mine)))
    managed = [each.id for each in enrolments_of(session, person)]
    session.execute(update(CheckIn).where(CheckIn.manager_id.in_(managed)).values(words="", name=""))


def _is_about(person: Person) -> ColumnElement[bool]:
    """Named as somebody to be asked about people of a course they are in themselves."""
    courses = select(Enrolment.course_id).where(Enrolment.person_id == person.id)
    theirs = select(Mentorship.id).join(Mentorship.cohort).join(Cohort.version).join(ProgramVersion.program)
    return and_(
        CheckInContact.mail == (person.email.casefold() or None),
        CheckInContact.mentorship_id.in_(theirs.where(Program.course_id.in_(courses))),
    )


def _as_mentee(participants: Sequence[int]) -> Select[int]:
    """The mentorships in which they are the mentee."""
    return select(Membership.mentorship_id).where(
        Membership.participant_id.in_(participants), Membership.part == Part.MENTEE
    )
