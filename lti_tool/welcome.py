"""A Launch becomes rows: course, person, enrolment and placement, found or made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import lazyload
from sqlalchemy.orm.attributes import set_committed_value

from lti_tool import groups, notice_handlers, observing, outbox
from lti_tool.claims import DEEP_LINKING_REQUEST, CourseClaim, GradebookClaim, Launch, PlacementClaim
from lti_tool.db import bring_up, create_or_find, db, table
from lti_tool.events import ActedAs, CourseEntered, PersonReturned
from lti_tool.models import Course, Deployment, Enrolment, Person, Placement, Role


@dataclass(frozen=True)
class Arrival:
    """Where somebody has arrived, and by which link."""

    enrolment: Enrolment
    placement: Placement | None
    is_first: bool
    is_gradebook_new: bool = False
    """Whether the launch tells something new of the gradebook: another address, other rights."""


_COURSE, _ENROLMENT = table(Course), table(Enrolment)
# Put together once: building a statement takes longer than running it.
_KNOWN = (
    select(Course, Person, Enrolment, Placement)
    .select_from(Deployment)
    .outerjoin(Course, and_(Course.deployment_id == Deployment.id, Course.context_id == bindparam("context")))
    .outerjoin(Person, and_(Person.platform_id == Deployment.platform_id, Person.subject == bindparam("who")))
    .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == Person.id))
    .outerjoin(
        Placement, and_(Placement.deployment_id == Deployment.id, Placement.resource_link_id == bindparam("link"))
    )
    .where(Deployment.id == bindparam("deployment"))
    .options(lazyload("*"))
)
_LAUNCHED = update(_ENROLMENT).where(_ENROLMENT.c.id == bindparam("enrolment")).values(last_launch=bindparam("at"))
_NEXT_NUMBER = (
    update(_COURSE)
    .where(_COURSE.c.id == bindparam("course"))
    .values(next_number=_COURSE.c.next_number + 1)
    .returning(_COURSE.c.next_number)
)


@dataclass(frozen=True)
class _Known:
    """What is there already of what a launch names."""

    course: Course | None = None
    person: Person | None = None
    enrolment: Enrolment | None = None
    placement: Placement | None = None


def welcome(launch: Launch, deployment: Deployment, *, at: datetime) -> Arrival:
    """Bring the rows up to what the launch says and announce the visit; the caller commits."""
    assert launch.course is not None, "A launch without a course has no place to arrive at"
    bring_up(deployment.platform, family=launch.family or deployment.platform.family)
    known = _known(launch, launch.course, deployment)
    course = _course(launch, launch.course, deployment, known.course, at)
    person = _person(launch, deployment, known.person, at)
    enrolment, is_first = _enrolment(launch, course, person, known.enrolment, at)
    placement = _placement(launch, course, known.placement, at)
    is_new = launch.gradebook is not None and _take_over_gradebook(launch.gradebook, course, placement)
    db.session.flush()
    if launch.acted_by:
        outbox.announce(db.session, ActedAs(at=at, who=person.who, where=course.where, by=launch.acted_by))
    elif not enrolment.is_test:
        outbox.announce(
            db.session,
            CourseEntered(at=at, who=person.who, where=course.where, role=enrolment.role.value, is_first=is_first),
        )
    if enrolment.role == Role.OBSERVER:
        observing.note(db.session, enrolment, launch.observes)
    notice_handlers.hear(db.session, launch, deployment, at=at)
    return Arrival(enrolment, placement, is_first, is_gradebook_new=is_new)


def _known(launch: Launch, claim: CourseClaim, deployment: Deployment) -> _Known:
    """All of it in one query: most launches are of people and links that were here before."""
    said = {
        "deployment": deployment.id,
        "context": claim.id,
        "who": launch.person.subject,
        "link": launch.placement.id if launch.placement else "",
    }
    found = db.session.execute(_KNOWN, said).one_or_none()
    return _Known(*found) if found else _Known()


def _course(launch: Launch, claim: CourseClaim, deployment: Deployment, known: Course | None, at: datetime) -> Course:
    course = known or _make_course(claim, deployment, at)
    bring_up(
        course,
        title=claim.title or course.title,
        label=claim.label or course.label,
        roster_url=launch.roster_url or course.roster_url,
        groups_url=launch.groups_url or course.groups_url,
    )
    return course


def _make_course(claim: CourseClaim, deployment: Deployment, at: datetime) -> Course:
    key = {"deployment_id": deployment.id, "context_id": claim.id}
    said = {"title": claim.title, "label": claim.label, "line_item_scopes": list[str](), "created": at}
    return create_or_find(db.session, Course, key, **said)[0]


def _take_over_gradebook(claim: GradebookClaim, course: Course, placement: Placement | None) -> bool:
    """Where the gradebook is and what we may do there; whether that is news."""
    is_new = bring_up(
        course, line_item_scopes=list(claim.scopes), line_items_url=claim.line_items or course.line_items_url
    )
    if claim.line_item and placement is not None:
        is_new |= bring_up(placement, line_item=claim.line_item)
    return is_new


def person_of(launch: Launch, deployment: Deployment, *, at: datetime) -> Person:
    """Who is launching, found or made."""
    known = db.session.scalar(
        select(Person).where(Person.platform_id == deployment.platform_id, Person.subject == launch.person.subject)
    )
    return _person(launch, deployment, known, at)


def _person(launch: Launch, deployment: Deployment, known: Person | None, at: datetime) -> Person:
    claim = launch.person
    said = {
        "name": claim.name,
        "given_name": claim.given_name,
        "email": claim.email,
        "locale": claim.locale,
        "time_zone": claim.time_zone,
    }
    key = {"platform_id": deployment.platform_id, "subject": claim.subject}
    person = known or create_or_find(db.session, Person, key, **said, created=at)[0]
    # What a launch does not say (an administrator may switch off sharing) does not erase what was said before.
    bring_up(person, **{name: value for name, value in said.items() if value})
    return person


def _enrolment(
    launch: Launch, course: Course, person: Person, known: Enrolment | None, at: datetime
) -> tuple[Enrolment, bool]:
    enrolment = known or _enrol(course, person, launch.role, at)
    is_first = enrolment.last_launch is None
    has_returned = not (enrolment.is_active or enrolment.is_test)
    # Whoever the LMS lets in is in the course, whatever an earlier roster said.
    bring_up(enrolment, role=launch.role, is_test=launch.is_test, is_active=True, left=None)
    db.session.execute(_LAUNCHED, {"enrolment": enrolment.id, "at": at})
    for name, value in (("last_launch", at), ("course", course), ("person", person)):
        set_committed_value(enrolment, name, value)
    groups.take_over_launch(db.session, enrolment, launch.custom)
    if has_returned:
        db.session.flush()
        outbox.announce(
            db.session, PersonReturned(at=at, who=person.who, where=course.where, role=enrolment.role.value)
        )
    return enrolment, is_first


def _enrol(course: Course, person: Person, role: str, at: datetime) -> Enrolment:
    """A new enrolment with the course's next number."""
    number = db.session.scalar(_NEXT_NUMBER, {"course": course.id})
    assert number is not None
    key = {"course_id": course.id, "person_id": person.id}
    return create_or_find(db.session, Enrolment, key, role=role, number=number - 1, created=at)[0]


def _placement(launch: Launch, course: Course, known: Placement | None, at: datetime) -> Placement | None:
    if launch.placement is None or launch.message_type == DEEP_LINKING_REQUEST:
        return None
    placement = known or _make_placement(launch.placement, course, at)
    bring_up(
        placement,
        title=launch.placement.title or placement.title,
        course_id=course.id,
        activity=launch.custom.get("activity", placement.activity)[:64],
        resource=launch.custom.get("resource", placement.resource)[:128],
        is_graded=launch.custom.get("graded") != "no",
    )
    return placement


def _make_placement(claim: PlacementClaim, course: Course, at: datetime) -> Placement:
    key = {"deployment_id": course.deployment_id, "resource_link_id": claim.id}
    return create_or_find(db.session, Placement, key, course_id=course.id, title=claim.title, created=at)[0]
