"""A Launch becomes rows: course, person, enrolment and placement, found or made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from lti_tool import outbox
from lti_tool.claims import CourseClaim, Launch
from lti_tool.db import create_or_find, db, find_or_create
from lti_tool.events import CourseEntered
from lti_tool.models import Course, Deployment, Enrolment, Person, Placement


@dataclass(frozen=True)
class Arrival:
    """Where somebody has arrived, and by which link."""

    enrolment: Enrolment
    placement: Placement | None
    is_first: bool


def welcome(launch: Launch, deployment: Deployment, *, at: datetime) -> Arrival:
    """Bring the rows up to what the launch says and announce the visit; the caller commits."""
    assert launch.course is not None, "A launch without a course has no place to arrive at"
    if launch.family:
        deployment.platform.family = launch.family
    course = _course(launch, launch.course, deployment, at)
    person = _person(launch, deployment, at)
    enrolment, is_first = _enrolment(launch, course, person, at)
    placement = _placement(launch, course, at)
    db.session.flush()
    if not enrolment.is_test:
        outbox.announce(
            db.session,
            CourseEntered(at=at, who=person.who, where=course.where, role=enrolment.role.value, is_first=is_first),
        )
    return Arrival(enrolment, placement, is_first)


def _course(launch: Launch, claim: CourseClaim, deployment: Deployment, at: datetime) -> Course:
    course, _ = find_or_create(
        db.session,
        Course,
        {"deployment_id": deployment.id, "context_id": claim.id},
        title=claim.title,
        label=claim.label,
        line_item_scopes=[],
        created=at,
    )
    course.title, course.label = claim.title or course.title, claim.label or course.label
    if launch.roster_url:
        course.roster_url = launch.roster_url
    if launch.gradebook:
        course.line_items_url = launch.gradebook.line_items or course.line_items_url
        course.line_item_scopes = list(launch.gradebook.scopes)
    return course


def _person(launch: Launch, deployment: Deployment, at: datetime) -> Person:
    claim = launch.person
    person, _ = find_or_create(
        db.session,
        Person,
        {"platform_id": deployment.platform_id, "subject": claim.subject},
        name=claim.name,
        given_name=claim.given_name,
        email=claim.email,
        locale=claim.locale,
        time_zone=claim.time_zone,
        created=at,
    )
    # What a launch does not say (an administrator may switch off sharing) does not erase what was said before.
    person.name = claim.name or person.name
    person.given_name = claim.given_name or person.given_name
    person.email = claim.email or person.email
    person.locale = claim.locale or person.locale
    person.time_zone = claim.time_zone or person.time_zone
    return person


def _enrolment(launch: Launch, course: Course, person: Person, at: datetime) -> tuple[Enrolment, bool]:
    enrolment = enrol(course, person, role=launch.role, at=at)
    is_first = enrolment.last_launch is None
    enrolment.role, enrolment.is_test = launch.role, launch.is_test
    enrolment.is_active, enrolment.last_launch = True, at
    return enrolment, is_first


def enrol(course: Course, person: Person, *, role: str, at: datetime) -> Enrolment:
    """This person's enrolment in this course, made with the course's next number if there is none."""
    key = {"course_id": course.id, "person_id": person.id}
    if (known := db.session.scalar(select(Enrolment).filter_by(**key))) is not None:
        return known
    number = db.session.scalar(
        update(Course)
        .where(Course.id == course.id)
        .values(next_number=Course.next_number + 1)
        .returning(Course.next_number)
    )
    assert number is not None
    enrolment, _ = create_or_find(db.session, Enrolment, key, role=role, number=number - 1, created=at)
    return enrolment


def _placement(launch: Launch, course: Course, at: datetime) -> Placement | None:
    if launch.placement is None:
        return None
    placement, _ = find_or_create(
        db.session,
        Placement,
        {"deployment_id": course.deployment_id, "resource_link_id": launch.placement.id},
        course_id=course.id,
        title=launch.placement.title,
        created=at,
    )
    placement.title, placement.course_id = launch.placement.title or placement.title, course.id
    placement.activity = launch.custom.get("activity", placement.activity)[:64]
    if launch.gradebook and launch.gradebook.line_item:
        placement.line_item = launch.gradebook.line_item
    return placement
