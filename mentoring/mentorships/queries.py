"""Which mentorships somebody may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from lti_tool.models import Course, Enrolment
from lti_tool.panels import once_a_page
from mentoring.mentorships.models import Membership, Mentorship, Part, Place
from mentoring.mentorships.states import OPEN, STANDING
from mentoring.participants.models import Participant
from mentoring.participants.queries import of_one_course, parts_in_all
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
    return [ask for ask, mine in _open_asks(session, me) if mine is part]


@once_a_page
def _open_asks(session: Session, me: Enrolment) -> Sequence[tuple[Mentorship, Part]]:
    """Those I am in, and as what."""
    parts = parts_in_all(session, me)
    return [(ask, part) for ask, part in session.execute(_OPEN_ASKS, {"parts": parts})] if parts else ()


# Put together once: home pages ask. Nothing of whoever looks or of their course is read again beside what they look at.
_OPEN_ASKS = (
    select(Mentorship, Membership.part)
    .join(Membership, Membership.mentorship_id == Mentorship.id)
    .where(
        Membership.participant_id.in_(bindparam("parts", expanding=True)),
        Membership.part.in_((Part.MENTOR, Part.MENTEE)),
        Mentorship.state.in_(OPEN),
    )
    .options(
        *of_one_course(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True)),
        lazyload(Mentorship.cohort),
        lazyload(Mentorship.kind),
    )
    .order_by(Mentorship.asked, Mentorship.id)
)
_PLACES = (
    select(Place)
    .join(Place.mentorship)
    .where(
        or_(
            Place.mentee_id.in_(bindparam("parts", expanding=True)),
            Place.mentor_id.in_(bindparam("parts", expanding=True)),
        ),
        Mentorship.state.in_(STANDING),
    )
    .options(
        joinedload(Place.kind, innerjoin=True),
        contains_eager(Place.mentorship).options(lazyload(Mentorship.cohort), lazyload(Mentorship.kind)),
    )
    .order_by(Place.id)
)
_OTHERS = select(Participant).where(Participant.id.in_(bindparam("others", expanding=True))).options(*of_one_course())


@once_a_page
def _standing_places(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places I have or give in mentorships that stand, oldest first, each with who is on the other side."""
    mine = parts_in_all(session, me)
    places = session.scalars(_PLACES, {"parts": mine}).all() if mine else ()
    others = {each for place in places for each in (place.mentor_id, place.mentee_id) if each and each not in mine}
    found = session.scalars(_OTHERS, {"others": list(others)}).all() if others else ()
    by_id = {each.id: each for each in found}
    for place in places:
        if place.mentor_id in by_id:
            set_committed_value(place, "mentor", by_id[place.mentor_id])
        if place.mentee_id in by_id:
            set_committed_value(place, "mentee", by_id[place.mentee_id])
    return places


def mentors_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places in which I am the mentee, oldest first."""
    mine = parts_in_all(session, me)
    return [place for place in _standing_places(session, me) if place.mentor_id and place.mentee_id in mine]


def mentees_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places I have given as a mentor, oldest first."""
    mine = parts_in_all(session, me)
    return [place for place in _standing_places(session, me) if place.mentor_id in mine]


def circles_of(session: Session, me: Enrolment) -> Sequence[Mentorship]:
    """The circles I belong to, oldest first."""
    ids = [place.mentorship_id for place in _standing_places(session, me) if place.mentor_id is None]
    return session.scalars(_CIRCLES, {"ids": ids}).all() if ids else ()


_CIRCLES = (
    select(Mentorship)
    .where(Mentorship.id.in_(bindparam("ids", expanding=True)))
    .options(
        *of_one_course(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True)),
        selectinload(Mentorship.tasks),
    )
    .order_by(Mentorship.id)
)


def is_paired(session: Session, me: Enrolment) -> bool:
    """Whether I have or give a place in a mentorship that stands, or belong to a circle."""
    return bool(_standing_places(session, me))


def has_place(session: Session, me: Enrolment, mine: Participant) -> bool:
    """Whether a place of this part of mine is taken: somebody mentors me, or a circle has me."""
    return any(place.mentee_id == mine.id for place in _standing_places(session, me))
