"""Which mentorships somebody may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload, selectinload

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


def _places(mine: InstrumentedAttribute[Participant], theirs: InstrumentedAttribute[Participant]) -> Select[Place]:
    """The standing places on my side, each with who is on the other; put together once."""
    return (
        select(Place)
        .join(mine)
        .join(Place.mentorship)
        .where(Participant.enrolment_id == bindparam("me"), Mentorship.state.in_(STANDING))
        .options(selectinload(theirs), joinedload(Place.kind, innerjoin=True), contains_eager(Place.mentorship))
        .order_by(Place.id)
    )


_MENTORS_OF = _places(Place.mentee, Place.mentor)
_MENTEES_OF = _places(Place.mentor, Place.mentee)


def mentors_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places in which I am the mentee, oldest first."""
    return session.scalars(_MENTORS_OF, {"me": me.id}).all()


def mentees_of(session: Session, me: Enrolment) -> Sequence[Place]:
    """The places I have given as a mentor, oldest first."""
    return session.scalars(_MENTEES_OF, {"me": me.id}).all()
