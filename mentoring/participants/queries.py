"""Who could take part, who offers what, and how many places are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.access import MEMBERS
from lti_tool.models import Course, Enrolment, Role
from mentoring.mentorships.models import Place
from mentoring.names import alphabetically
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort


@dataclass(frozen=True)
class ClassRow:
    """Somebody in the course, and what they are as a mentor."""

    person: Enrolment
    capacity: int
    load: int

    @property
    def free(self) -> int:
        return max(self.capacity - self.load, 0)


def is_here(person: Enrolment) -> bool:
    """Whether they count: in the course, no preview student, no onlooker."""
    return person.is_active and not person.is_test and person.role in MEMBERS


def is_seeking(person: Enrolment, participant: Participant | None) -> bool:
    """Whether they are to have a mentor: learners are, unless they mentor and have not had one themselves."""
    is_learner = person.role == Role.LEARNER
    if participant is None:
        return is_learner
    return participant.as_mentee or (is_learner and not participant.as_mentor)


def people_of(session: Session, course: Course) -> list[Enrolment]:
    """Everybody who may mentor or be mentored, by name."""
    found = session.scalars(
        select(Enrolment).where(
            Enrolment.course_id == course.id,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.role.in_(MEMBERS),
        )
    )
    return sorted(found, key=alphabetically)


def participants_of(session: Session, cohort: Cohort | None) -> dict[int, Participant]:
    """The cohort's participants with their offers, by enrolment id."""
    if cohort is None:
        return {}
    found = session.scalars(
        select(Participant).where(Participant.cohort_id == cohort.id).options(joinedload(Participant.offer))
    )
    return {participant.enrolment_id: participant for participant in found}


def loads(session: Session, mentors: Iterable[Participant]) -> Counter[int]:
    """How many places of each of these mentors are taken, by participant id."""
    ids = [mentor.id for mentor in mentors]
    taken = session.execute(
        select(Place.mentor_id, func.count()).where(Place.mentor_id.in_(ids)).group_by(Place.mentor_id)
    )
    return Counter(dict(iter(taken)))


def class_of(session: Session, course: Course, cohort: Cohort | None) -> list[ClassRow]:
    """The whole class by name, with places and load."""
    participants = participants_of(session, cohort)
    taken = loads(session, participants.values())
    rows = []
    for person in people_of(session, course):
        participant = participants.get(person.id)
        load = taken[participant.id] if participant else 0
        rows.append(ClassRow(person, participant.capacity if participant else 0, load))
    return rows
