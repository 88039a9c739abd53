"""What a launch says of rows that were there before, written where it is news.

What a launch does not say (an administrator may switch off sharing) does not erase what was said before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

from lti_tool.arrivals.seen import CourseSeen, EnrolmentSeen, Kind, PersonSeen, PlacementSeen, Seen
from lti_tool.claims import GradebookClaim, Launch, PersonClaim
from lti_tool.db import Base, table
from lti_tool.models import Course, Enrolment, Person, Placement, Platform
from lti_tool.prepared import Here, Prepared


def of_platform(here: Here, platform: int, seen: Seen, launch: Launch) -> None:
    if launch.family and launch.family != seen.family:
        _change(Platform, "family").run(here, row=platform, family=launch.family)


def of_course(here: Here, seen: CourseSeen, launch: Launch) -> CourseSeen:
    assert launch.course is not None
    return _with(
        here,
        Course,
        seen,
        title=launch.course.title or seen.title,
        label=launch.course.label or seen.label,
        roster_url=launch.roster_url or seen.roster_url,
        groups_url=launch.groups_url or seen.groups_url,
    )


def of_person(here: Here, seen: PersonSeen, claim: PersonClaim) -> PersonSeen:
    return _with(
        here,
        Person,
        seen,
        name=claim.name or seen.name,
        given_name=claim.given_name or seen.given_name,
        email=claim.email or seen.email,
        locale=claim.locale or seen.locale,
        time_zone=claim.time_zone or seen.time_zone,
    )


def of_placement(here: Here, seen: PlacementSeen, course: CourseSeen, launch: Launch) -> PlacementSeen:
    assert launch.placement is not None
    return _with(
        here,
        Placement,
        seen,
        title=launch.placement.title or seen.title,
        course_id=course.id,
        activity=launch.custom.get("activity", seen.activity)[:64],
        resource=launch.custom.get("resource", seen.resource)[:128],
        is_graded=launch.custom.get("graded") != "no",
    )


def of_enrolment(here: Here, seen: EnrolmentSeen, launch: Launch, at: datetime) -> EnrolmentSeen:
    """Whoever the LMS lets in is in the course, whatever an earlier roster said."""
    said = {"role": launch.role, "is_test": launch.is_test, "is_active": True, "left": None, "last_launch": at}
    return _with(here, Enrolment, seen, **said)


def of_gradebook(
    here: Here, course: CourseSeen, placement: PlacementSeen | None, claim: GradebookClaim | None
) -> tuple[CourseSeen, PlacementSeen | None]:
    """Where the gradebook is and what we may do there."""
    if claim is None:
        return course, placement
    urls = {"line_items_url": claim.line_items or course.line_items_url}
    course = _with(here, Course, course, line_item_scopes=list(claim.scopes), **urls)
    if placement is not None:
        placement = _with(here, Placement, placement, line_item=claim.line_item or placement.line_item)
    return course, placement


def _with(here: Here, model: type[Base], seen: Kind, **said: object) -> Kind:
    news = {name: value for name, value in said.items() if getattr(seen, name) != value}
    if not news:
        return seen
    _change(model, *sorted(news)).run(here, row=seen.id, **news)
    changed: Any = news
    return replace(seen, **changed)


@cache
def _change(model: type[Base], *names: str) -> Prepared:
    """Give one row these columns. Of a whole class that a roster has named already, every launch adds the same few."""
    columns = table(model).c
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    return Prepared(update(table(model)).where(columns.id == bindparam("row")).values(values))
