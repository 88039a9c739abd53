"""The mentorships that somebody's notebook may name: all that they are or were in, in whatever course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool.models import Enrolment, Person
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.naming import names_of
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort, Program, ProgramVersion

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """A mentorship as one of its people knows it."""

    mentorship: Mentorship
    name: str
    """The others in it, and the course where it is another one."""
    is_mine: bool
    """Whether it stands and they belong to it: only then can something be shared with it."""
    has_notes: bool
    """Whether they open its notes from this course: they belong to it, or did to its end."""

    @property
    def key(self) -> str:
        return self.mentorship.public_id


def known_to(session: Session, me: Enrolment) -> Sequence[Known]:
    """Those they are in come first, then the others; the newest first. What came to nothing is none."""
    mine = (
        select(Membership.mentorship_id)
        .join(Membership.participant)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(Enrolment.person_id == me.person_id)
    )
    found = session.scalars(
        select(Mentorship)
        .where(Mentorship.id.in_(mine), Mentorship.started.is_not(None))
        .options(
            selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True),
            joinedload(Mentorship.cohort, innerjoin=True)
            .joinedload(Cohort.version, innerjoin=True)
            .joinedload(ProgramVersion.program, innerjoin=True)
            .joinedload(Program.course, innerjoin=True),
        )
        .order_by(Mentorship.id.desc())
    ).all()
    return sorted((_known(each, me) for each in found), key=lambda known: not known.is_mine)


def _known(mentorship: Mentorship, me: Enrolment) -> Known:
    names = names_of(_others(mentorship, me.person)) or mentorship.kind.label
    course, belongs = mentorship.cohort.course, any(_is(each, me.person) for each in mentorship.people)
    is_here = course.id == me.course_id
    return Known(
        mentorship,
        names if is_here else str(_("%(names)s (%(course)s)", names=names, course=course.title)),
        is_mine=belongs and mentorship.is_standing,
        has_notes=belongs and is_here,
    )


def _others(mentorship: Mentorship, person: Person) -> Iterable[Participant]:
    """Who belongs to it beside them; to somebody who left before its end, whoever was in it while they were."""
    people = mentorship.people
    if any(_is(each, person) for each in people):
        return [each for each in people if not _is(each, person)]
    own = [member for member in mentorship.members if _is(member.participant, person)]
    met = (each for each in mentorship.members if any(_overlap(each, mine) for mine in own))
    return {each.participant.id: each.participant for each in met if not _is(each.participant, person)}.values()


def _is(participant: Participant, person: Person) -> bool:
    return participant.enrolment.person_id == person.id


def _overlap(one: Membership, other: Membership) -> bool:
    return one.since < (other.until or _FOREVER) and other.since < (one.until or _FOREVER)
