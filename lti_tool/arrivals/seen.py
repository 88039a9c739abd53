"""What a launch finds of the rows it names: the columns it compares, and no row that could be changed by accident.

Most launches are of people and links that were here before and bring nothing new; loading whole rows for them costs
more than everything else a launch does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import accumulate
from typing import Any, TypeVar

from sqlalchemy import Column, and_, bindparam, select

from lti_tool.arrivals import verdicts
from lti_tool.arrivals.verdicts import Refused
from lti_tool.db import Base, table
from lti_tool.models import Course, Deployment, Enrolment, Person, Placement, Platform, Role, Standing
from lti_tool.prepared import Here, Prepared


@dataclass(frozen=True)
class CourseSeen:
    id: int
    public_id: str
    title: str
    label: str
    roster_url: str | None
    roster_read: datetime | None
    roster_asked: datetime | None
    groups_url: str | None
    line_items_url: str | None
    line_item_scopes: Sequence[str]


@dataclass(frozen=True)
class PersonSeen:
    id: int
    name: str
    given_name: str
    email: str
    locale: str
    time_zone: str


@dataclass(frozen=True)
class EnrolmentSeen:
    id: int
    role: Role
    roster_role: Role | None
    is_test: bool
    is_active: bool
    left: datetime | None
    last_launch: datetime | None


@dataclass(frozen=True)
class PlacementSeen:
    id: int
    course_id: int
    title: str
    activity: str
    resource: str
    is_graded: bool
    line_item: str | None


Kind = TypeVar("Kind", CourseSeen, PersonSeen, EnrolmentSeen, PlacementSeen)


@dataclass(frozen=True)
class Seen:
    """What is there already of what a launch names."""

    family: str
    """What the platform is said to be made of."""
    course: CourseSeen | None
    person: PersonSeen | None
    enrolment: EnrolmentSeen | None
    placement: PlacementSeen | None


def look(here: Here, *, deployment: int, context: str, subject: str, link: str) -> Seen:
    """All of it in one query; an empty `link` names no placement.

    Raises Refused where the platform or its deployment has been shut out since it was last looked at.
    """
    row = _ALL.one(here, deployment=deployment, context=context, subject=subject, link=link)
    if row is None:
        raise Refused(verdicts.STATE_UNKNOWN, "its platform was removed")
    family, platform, installed = row[-3:]
    if platform != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING)
    if installed != Standing.ACTIVE:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT)
    return Seen(
        family=family,
        course=_part(CourseSeen, row, 0),
        person=_part(PersonSeen, row, 1),
        enrolment=_part(EnrolmentSeen, row, 2),
        placement=_part(PlacementSeen, row, 3),
    )


def _part(kind: type[Kind], row: Sequence[Any], place: int) -> Kind | None:
    start, end = _SPANS[place]
    return kind(*row[start:end]) if row[start] is not None else None


def _columns(kind: type[Kind], model: type[Base]) -> list[Column[Any]]:
    return [table(model).c[each.name] for each in fields(kind)]


_COURSE, _PERSON, _ENROLMENT, _PLACEMENT = (table(each).c for each in (Course, Person, Enrolment, Placement))
_PLATFORM, _DEPLOYMENT = table(Platform).c, table(Deployment).c
_PARTS = (
    _columns(CourseSeen, Course),
    _columns(PersonSeen, Person),
    _columns(EnrolmentSeen, Enrolment),
    _columns(PlacementSeen, Placement),
)
_ENDS = list(accumulate(len(part) for part in _PARTS))
_SPANS = list(zip([0, *_ENDS], _ENDS, strict=False))
_ALL = Prepared(
    select(*(column for part in _PARTS for column in part), _PLATFORM.family, _PLATFORM.standing, _DEPLOYMENT.standing)
    .select_from(table(Deployment))
    .join(table(Platform), _PLATFORM.id == _DEPLOYMENT.platform_id)
    .outerjoin(table(Course), and_(_COURSE.deployment_id == _DEPLOYMENT.id, _COURSE.context_id == bindparam("context")))
    .outerjoin(
        table(Person), and_(_PERSON.platform_id == _DEPLOYMENT.platform_id, _PERSON.subject == bindparam("subject"))
    )
    .outerjoin(table(Enrolment), and_(_ENROLMENT.course_id == _COURSE.id, _ENROLMENT.person_id == _PERSON.id))
    .outerjoin(
        table(Placement),
        and_(_PLACEMENT.deployment_id == _DEPLOYMENT.id, _PLACEMENT.resource_link_id == bindparam("link")),
    )
    .where(_DEPLOYMENT.id == bindparam("deployment"))
)
