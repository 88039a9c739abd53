"""Who could take part, who offers what, and how many places are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Load, Session, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlalchemy.sql.base import ExecutableOption

from lti_tool.access import MEMBERS
from lti_tool.members import people_of
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.panels import once_a_page
from mentoring.mentorships.models import Place
from mentoring.participants.models import Participant, ParticipantState
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current


@dataclass(frozen=True)
class ClassRow:
    """Somebody in the course, and what they are as a mentor."""

    person: Enrolment
    capacity: int
    load: int
    kinds: tuple[str, ...] = ()
    """Keys of the kinds of mentor they would be; none named is all of them."""

    @property
    def free(self) -> int:
        return max(self.capacity - self.load, 0)


def is_here(person: Enrolment) -> bool:
    """Whether they count: in the course, no preview student, no onlooker."""
    return person.is_active and not person.is_test and person.role in MEMBERS


def is_seeking(person: Enrolment, participant: Participant | None) -> bool:
    """Whether they are to have a mentor: learners are, unless they mentor and have not had one themselves.

    Nobody is who has left or stands on the waiting list. In a program of peers it says whether they are to be in a
    circle: there whoever has something to share learns, too.
    """
    is_learner = person.role == Role.LEARNER
    if participant is None:
        return is_learner
    if participant.state in (ParticipantState.LEFT, ParticipantState.WAITING_LIST):
        return False
    return participant.as_mentee or (is_learner and (not participant.as_mentor or participant.is_peer))


def of_one_course(beside: _AbstractLoad | None = None) -> tuple[ExecutableOption, ...]:
    """For participants of one course, loaded beside something else or by themselves: course and platform are known, and
    not read again beside each of them."""
    enrolment = (beside or Load(Participant)).joinedload(Participant.enrolment, innerjoin=True)
    person = enrolment.joinedload(Enrolment.person, innerjoin=True)
    return person.lazyload(Person.platform), enrolment.lazyload(Enrolment.course)


def participants_of(session: Session, cohort: Cohort | None) -> dict[int, Participant]:
    """The cohort's participants with their offers, by enrolment id."""
    if cohort is None:
        return {}
    found = session.scalars(
        select(Participant)
        .where(Participant.cohort_id == cohort.id)
        .options(joinedload(Participant.offer), *of_one_course())
    )
    return {participant.enrolment_id: participant for participant in found}


@once_a_page
def part_of(session: Session, cohort: Cohort | None, person: Enrolment) -> Participant | None:
    """Their part in the cohort with what they offer and need; none before anybody said anything."""
    if cohort is None:
        return None
    return session.scalar(_PART, {"cohort": cohort.id, "person": person.id})


@once_a_page
def parts_in_all(session: Session, person: Enrolment) -> Collection[int]:
    """The row numbers of what they are, or were, in every cohort."""
    return session.scalars(_PARTS_IN_ALL, {"person": person.id}).all()


def has_part(session: Session, person: Enrolment) -> bool:
    """Whether they have, or had, a part in any cohort: whoever has none is in no mentorship."""
    return bool(parts_in_all(session, person))


# Put together once: home pages ask.
_PARTS_IN_ALL = select(Participant.id).where(Participant.enrolment_id == bindparam("person"))
_PART = (
    select(Participant)
    .where(Participant.cohort_id == bindparam("cohort"), Participant.enrolment_id == bindparam("person"))
    .options(joinedload(Participant.offer), joinedload(Participant.need))
)


def joinable(session: Session, course: Course) -> Cohort | None:
    """The cohort that somebody who wants to take part means: the current one, as long as it makes new pairs."""
    cohort = current(session, course)
    return cohort if cohort is not None and cohort.state != CohortState.CLOSING else None


def takes_people(cohort: Cohort) -> bool:
    """Whether who joins by themselves takes part at once; otherwise they wait until an instructor lets them in."""
    is_open = cohort.state == CohortState.OPEN or (cohort.state == CohortState.RUNNING and cohort.ends is None)
    return is_open and not cohort.keeps_waiting_list


def person_of(session: Session, course: Course, public_id: str) -> Enrolment | None:
    """Somebody of this course who may take part, or has left it."""
    return session.scalar(
        select(Enrolment).where(
            Enrolment.course_id == course.id,
            Enrolment.public_id == public_id,
            ~Enrolment.is_test,
            Enrolment.role.in_(MEMBERS),
        )
    )


def parts_of(session: Session, cohort: Cohort | None) -> dict[int, Participant]:
    """The cohort's participants with what they offer and need, by enrolment id."""
    if cohort is None:
        return {}
    found = session.scalars(
        select(Participant)
        .where(Participant.cohort_id == cohort.id)
        .options(joinedload(Participant.offer), joinedload(Participant.need), *of_one_course())
    )
    return {participant.enrolment_id: participant for participant in found}


def loads(session: Session, mentors: Iterable[Participant]) -> Counter[int]:
    """How many places of each of these mentors are taken, by participant id."""
    ids = [mentor.id for mentor in mentors]
    taken = session.execute(
        select(Place.mentor_id, func.count()).where(Place.mentor_id.in_(ids)).group_by(Place.mentor_id)
    )
    return Counter({mentor: number for mentor, number in taken if mentor is not None})


def class_of(session: Session, course: Course, cohort: Cohort | None) -> list[ClassRow]:
    """The whole class by name, with places and load."""
    participants = participants_of(session, cohort)
    taken = loads(session, participants.values())
    rows = []
    for person in people_of(session, course):
        participant = participants.get(person.id)
        load = taken[participant.id] if participant else 0
        kinds = participant.offer.kinds if participant and participant.offer else ()
        rows.append(ClassRow(person, participant.capacity if participant else 0, load, tuple(kinds)))
    return rows
