"""What a rater's pages read."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.models import Course, Enrolment, Person
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState

IN_GROUP = (*TO_ANSWER, AssignmentState.SUBMITTED)


def mine(session: Session, me: Enrolment, public_id: str) -> Assignment | None:
    """What I am asked under this id."""
    return session.scalar(
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(Assignment.public_id == public_id, Assignment.rater_id == me.id, Campaign.course_id == me.course_id)
        .options(
            contains_eager(Assignment.target).options(
                contains_eager(Target.campaign), joinedload(Target.enrolment), joinedload(Target.coach)
            )
        )
    )


def size_of_group(session: Session, assignment: Assignment) -> int:
    """How many are asked about the same in the same group now; those who have left the course are not."""
    wanted = (
        select(func.count())
        .select_from(Assignment)
        .outerjoin(Assignment.rater)
        .where(
            Assignment.target_id == assignment.target_id,
            Assignment.group_id == assignment.group_id,
            Assignment.state.in_(IN_GROUP),
            or_(Assignment.rater_id.is_(None), Enrolment.is_active, Assignment.state == AssignmentState.SUBMITTED),
        )
    )
    return session.scalar(wanted) or 0


def names_in(session: Session, course: Course) -> list[str]:
    """What everybody in the course is called."""
    wanted = select(Person.name).join(Enrolment, Enrolment.person_id == Person.id)
    return list(session.scalars(wanted.where(Enrolment.course_id == course.id, Person.name != "")))
