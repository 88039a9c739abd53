"""Who manages whom."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.contacts.models import ManagerLink
from lti_tool.models import Course, Enrolment


def managers_of(session: Session, course: Course) -> dict[int, int]:
    """The enrolments of this course whose manager is enrolled as well, each with the manager's; by row ids.

    Whoever has left the course stays in it: a manager's manager may be known through them.
    """
    rows = session.execute(
        select(ManagerLink.enrolment_id, ManagerLink.manager_enrolment_id)
        .join(ManagerLink.enrolment)
        .where(Enrolment.course_id == course.id, ManagerLink.manager_enrolment_id.is_not(None))
    )
    return {person: manager for person, manager in rows if manager is not None}


def manager_of(session: Session, enrolment: Enrolment) -> ManagerLink | None:
    """Who this person's manager is, in the course or outside, and who said so; None if nobody did."""
    return session.scalar(
        select(ManagerLink)
        .where(ManagerLink.enrolment_id == enrolment.id)
        .options(joinedload(ManagerLink.manager_enrolment), joinedload(ManagerLink.contact))
    )


def links_of(session: Session, course: Course) -> dict[int, ManagerLink]:
    """Everybody's manager in this course, by enrolment id."""
    found = session.scalars(
        select(ManagerLink)
        .join(ManagerLink.enrolment)
        .where(Enrolment.course_id == course.id)
        .options(
            joinedload(ManagerLink.manager_enrolment),
            joinedload(ManagerLink.contact),
            joinedload(ManagerLink.said_by),
        )
        .execution_options(populate_existing=True)
    )
    return {link.enrolment_id: link for link in found}
