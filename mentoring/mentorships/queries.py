"""Which mentorships somebody may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort, Program, ProgramVersion


def mentorship_to_change(session: Session, course: Course, public_id: str) -> Mentorship | None:
    """A mentorship of this course as the database has it now, held until the caller commits."""
    return session.scalar(
        select(Mentorship)
        .join(Mentorship.cohort)
        .join(Cohort.version)
        .join(ProgramVersion.program)
        .where(Program.course_id == course.id, Mentorship.public_id == public_id)
        .with_for_update(of=Mentorship)
        .execution_options(populate_existing=True)
    )


_MENTORS_OF = (
    select(Place)
    .join(Place.mentee)
    .join(Place.mentorship)
    .where(Participant.enrolment_id == bindparam("me"), Mentorship.state.in_(STANDING))
    .options(selectinload(Place.mentor), joinedload(Place.kind, innerjoin=True), contains_eager(Place.mentorship))
    .order_by(Place.id)
)
_MENTEES_OF = (
    select(Place)
    .join(Place.mentor)
    .join(Place.mentorship)
    .where(Participant.enrolment_id == bindparam("me"), Mentorship.state.in_(STANDING))
    .options(selectinload(Place.mentee), joinedload(Place.kind, innerjoin=True), contains_eager(Place.mentorship))
    .order_by(Place.id)
)


def mentors_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places in which I am the mentee, oldest first."""
    return session.scalars(_MENTORS_OF, {"me": me.id}).all()


def mentees_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places I have given as a mentor, oldest first."""
    return session.scalars(_MENTEES_OF, {"me": me.id}).all()
