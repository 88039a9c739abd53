"""Which mentorships somebody may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload, selectinload

from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Membership, Mentorship, Part, Place
from mentoring.mentorships.states import OPEN, STANDING
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort, Program, ProgramVersion


def of_course(course: Course) -> Select[Mentorship]:
    """The mentorships of this course: what an instructor may see."""
    return (
        select(Mentorship)
        .join(Mentorship.cohort)
        .join(Cohort.version)
        .join(ProgramVersion.program)
        .where(Program.course_id == course.id)
    )


def seen_by(me: Enrolment) -> Select[Mentorship]:
    """Those I may open: as an instructor all of the course, as a member mine while they are not over."""
    if me.is_instructor:
        return of_course(me.course)
    return of_course(me.course).where(_is_mine(me), Mentorship.state.in_(STANDING | OPEN))


def once_seen_by(me: Enrolment) -> Select[Mentorship]:
    """Those I may have a page of, opened before they came to their end: so that a late answer is told what happened."""
    return of_course(me.course) if me.is_instructor else of_course(me.course).where(_is_mine(me))


def _is_mine(me: Enrolment) -> ColumnElement[bool]:
    """I belong to it, or did when it came to its end."""
    mine = (
        select(Membership.id)
        .join(Membership.participant)
        .where(
            Membership.mentorship_id == Mentorship.id,
            Participant.enrolment_id == me.id,
            or_(Membership.until.is_(None), Membership.until == Mentorship.ended),
        )
    )
    return mine.exists()


def asks_of(session: Session, me: Enrolment, part: Part) -> Sequence[Mentorship]:
    """The open asks in which I have this part, whoever has waited longest first."""
    return session.scalars(_ASKS_OF, {"me": me.id, "part": part}).all()


_ASKS_OF = (
    select(Mentorship)
    .join(Membership, Membership.mentorship_id == Mentorship.id)
    .join(Membership.participant)
    .where(
        Participant.enrolment_id == bindparam("me"),
        Membership.part == bindparam("part", type_=Membership.__table__.c.part.type),
        Mentorship.state.in_(OPEN),
    )
    .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
    .order_by(Mentorship.asked, Mentorship.id)
)


Side = InstrumentedAttribute[Participant] | InstrumentedAttribute[Participant | None]


def _places(mine: Side, theirs: Side) -> Select[Place]:
    """The standing places on my side that a mentor gives, each with who is on the other; put together once."""
    return (
        select(Place)
        .join(mine)
        .join(Place.mentorship)
        .where(
            Participant.enrolment_id == bindparam("me"), Place.mentor_id.is_not(None), Mentorship.state.in_(STANDING)
        )
        .options(selectinload(theirs), joinedload(Place.kind, innerjoin=True), contains_eager(Place.mentorship))
        .order_by(Place.id)
    )


_MENTORS_OF = _places(Place.mentee, Place.mentor)
_MENTEES_OF = _places(Place.mentor, Place.mentee)


def mentors_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places in which I am the mentee, oldest first."""
    return session.scalars(_MENTORS_OF, {"me": me.id}).all()


_CIRCLES_OF = (
    select(Mentorship)
    .join(Place, Place.mentorship_id == Mentorship.id)
    .join(Place.mentee)
    .where(Participant.enrolment_id == bindparam("me"), Place.mentor_id.is_(None), Mentorship.state.in_(STANDING))
    .options(
        selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True),
        selectinload(Mentorship.tasks),
    )
    .order_by(Mentorship.id)
)


def circles_of(session: Session, me: Enrolment) -> Sequence[Mentorship]:
    """The circles I belong to, oldest first."""
    return session.scalars(_CIRCLES_OF, {"me": me.id}).all()


def mentees_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places I have given as a mentor, oldest first."""
    return session.scalars(_MENTEES_OF, {"me": me.id}).all()
