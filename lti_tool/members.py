"""Everybody who takes part in a course: no preview students, no onlookers, nobody who has left."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, lazyload

from lti_tool.access import MEMBERS
from lti_tool.models import Course, Enrolment, Person
from lti_tool.names import alphabetically


def people_of(session: Session, course: Course) -> list[Enrolment]:
    """The course's instructors, assistants and learners, by name."""
    found = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.course_id == course.id,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.role.in_(MEMBERS),
        )
        # Course and platform are known, and not read again beside each of them.
        .options(lazyload(Enrolment.course), joinedload(Enrolment.person, innerjoin=True).lazyload(Person.platform))
    )
    return sorted(found, key=alphabetically)
