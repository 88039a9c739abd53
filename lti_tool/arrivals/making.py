"""Everything a launch names is there: course, person, enrolment and placement, found or made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from lti_tool.arrivals.seen import CourseSeen, EnrolmentSeen, PersonSeen, PlacementSeen, Seen, look
from lti_tool.arrivals.verifying import Verified
from lti_tool.claims import DEEP_LINKING_REQUEST, Launch
from lti_tool.db import new_public_id, table
from lti_tool.models import Course, Enrolment, Person, Placement
from lti_tool.prepared import Here, Prepared, insert_into

_COURSE = table(Course).c
_NEW_COURSE = insert_into(
    Course,
    *("public_id", "deployment_id", "context_id", "title", "label", "line_item_scopes", "next_number", "created"),
    unless_there=True,
)
_NEW_PERSON = insert_into(
    Person,
    *("public_id", "platform_id", "subject", "name", "given_name", "email", "locale", "time_zone", "created"),
    gives="id",
    unless_there=True,
)
_NEW_ENROLMENT = insert_into(
    Enrolment,
    *(
        "public_id",
        "course_id",
        "person_id",
        "role",
        "number",
        "is_active",
        "is_test",
        "is_namesake",
        "last_launch",
        "created",
    ),
    gives="id",
    unless_there=True,
)
_NEW_PLACEMENT = insert_into(
    Placement,
    *("public_id", "deployment_id", "course_id", "resource_link_id", "title"),
    *("activity", "reference", "resource", "is_graded", "created"),
    gives="id",
    unless_there=True,
)
_NEXT_NUMBER = Prepared(
    update(table(Course))
    .where(_COURSE.id == bindparam("course"))
    .values(next_number=_COURSE.next_number + 1)
    .returning(_COURSE.next_number)
)


def present(here: Here, verified: Verified, at: datetime) -> Seen:
    """Everything the launch names, made where it was not there; of two who make it at once, both find one row."""
    seen, launch = _look(here, verified), verified.launch
    if seen.course is None:
        _make_course(here, verified, at)
        seen = _look(here, verified)
    assert seen.course is not None
    person = seen.person or _make_person(here, verified, at)
    enrolment = seen.enrolment
    if enrolment is None and person is not None:
        enrolment = _make_enrolment(here, seen.course, person, launch, at)
    placement = seen.placement or (_make_placement(here, seen.course, verified, at) if _is_placed(launch) else None)
    if person is None or enrolment is None or (placement is None and _is_placed(launch)):
        return present(here, verified, at)  # Somebody else has made one of them in this very moment.
    return Seen(family=seen.family, course=seen.course, person=person, enrolment=enrolment, placement=placement)


def person_of(here: Here, verified: Verified, at: datetime) -> PersonSeen:
    """Whoever is launching, found or made: for launches without a course."""
    person = _look(here, verified).person or _make_person(here, verified, at) or _look(here, verified).person
    assert person is not None
    return person


def _look(here: Here, verified: Verified) -> Seen:
    launch = verified.launch
    return look(
        here,
        deployment=verified.deployment.id,
        context=launch.course.id if launch.course else "",
        subject=launch.person.subject,
        link=launch.placement.id if _is_placed(launch) and launch.placement else "",
    )


def _is_placed(launch: Launch) -> bool:
    """Whether it came by a link in the course page; whoever places one has come by none."""
    return launch.placement is not None and launch.message_type != DEEP_LINKING_REQUEST


def _make_course(here: Here, verified: Verified, at: datetime) -> None:
    claim = verified.launch.course
    assert claim is not None, "A launch without a course has no place to arrive at"
    _NEW_COURSE.run(
        here,
        public_id=new_public_id(),
        deployment_id=verified.deployment.id,
        context_id=claim.id,
        title=claim.title,
        label=claim.label,
        line_item_scopes=[],
        next_number=1,
        created=at,
    )


def _make_person(here: Here, verified: Verified, at: datetime) -> PersonSeen | None:
    claim = verified.launch.person
    said = {
        "name": claim.name,
        "given_name": claim.given_name,
        "email": claim.email,
        "locale": claim.locale,
        "time_zone": claim.time_zone,
    }
    made = _NEW_PERSON.one(
        here,
        public_id=new_public_id(),
        platform_id=verified.platform.id,
        subject=claim.subject,
        created=at,
        **said,
    )
    return PersonSeen(id=made[0], **said) if made else None


def _make_enrolment(
    here: Here, course: CourseSeen, person: PersonSeen, launch: Launch, at: datetime
) -> EnrolmentSeen | None:
    """With the course's next number."""
    number = _NEXT_NUMBER.one(here, course=course.id)
    assert number is not None
    made = _NEW_ENROLMENT.one(
        here,
        public_id=new_public_id(),
        course_id=course.id,
        person_id=person.id,
        role=launch.role,
        number=number[0] - 1,
        is_active=True,
        is_test=launch.is_test,
        is_namesake=False,
        last_launch=at,
        created=at,
    )
    if made is None:
        return None
    return EnrolmentSeen(
        id=made[0],
        role=launch.role,
        roster_role=None,
        is_test=launch.is_test,
        is_active=True,
        left=None,
        last_launch=at,
    )


def _make_placement(here: Here, course: CourseSeen, verified: Verified, at: datetime) -> PlacementSeen | None:
    claim = verified.launch.placement
    assert claim is not None
    said: dict[str, Any] = {
        "course_id": course.id,
        "title": claim.title,
        "activity": "",
        "resource": "",
        "is_graded": True,
    }
    made = _NEW_PLACEMENT.one(
        here,
        public_id=new_public_id(),
        deployment_id=verified.deployment.id,
        resource_link_id=claim.id,
        reference="",
        created=at,
        **said,
    )
    return PlacementSeen(id=made[0], line_item=None, **said) if made else None
