"""Groups of a course, as far as the LMS tells of them: filters for lists of people, never rights.

Three sources: the course groups service (lti-gs 1.0; its memberships stand in the roster as `group_enrollments`),
Canvas sections and Moodle groups, both of which only come with a person's own launches.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, insert, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock
from lti_tool.claims import GROUPS_SCOPE, clean_id, clean_text
from lti_tool.db import Base, find_or_create, new_public_id
from lti_tool.models import Course, Enrolment, Person
from lti_tool.outbox import session_of
from lti_tool.outgoing.http import CallFailed
from lti_tool.outgoing.services import Service, ServiceFailed
from lti_tool.prepared import Here

MEDIA_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
MOST_OF_ONE = 50
"""Groups of one person that a launch may name."""

Joined = Callable[[Session, Sequence[int]], None]
"""Is told the rows of some enrolments."""

log = logging.getLogger(__name__)


class Source(StrEnum):
    """Who told us of a group."""

    SERVICE = "service"
    CANVAS = "canvas"
    MOODLE = "moodle"


class CourseGroup(Base):
    """A group or section of a course."""

    __tablename__ = "course_group"
    __table_args__ = (UniqueConstraint("course_id", "source", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    source: Mapped[Source]
    reference: Mapped[str] = mapped_column(String(255))
    """What the LMS knows it by."""
    name: Mapped[str] = mapped_column(String(255), default="")
    """Empty where the LMS tells no names, as Moodle does."""
    created: Mapped[datetime]

    @property
    def label(self) -> str:
        if self.name:
            return self.name
        if self.source == Source.CANVAS:
            return str(_("Section %(number)s", number=self.reference))
        return str(_("Group %(number)s", number=self.reference))


class GroupMembership(Base):
    """Somebody's being in a group."""

    __tablename__ = "group_membership"

    group_id: Mapped[int] = mapped_column(ForeignKey(CourseGroup.id), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), primary_key=True, index=True)


@dataclass(frozen=True)
class Found:
    """A group as the service lists it."""

    reference: str
    name: str


class Listed(Protocol):
    """What is wanted of somebody in the roster."""

    @property
    def groups(self) -> Sequence[str]: ...


def when_joined(app: Flask, listener: Joined) -> None:
    """Let `listener(session, enrolments)` hear who came into a group, in the transaction in which it becomes known."""
    app.extensions.setdefault("joined-groups", []).append(listener)


def ask(course: Course, *, within: float | None = None) -> list[Found] | None:
    """The course's groups; None where there is no such service or it does not work, which spoils nothing else."""
    if not course.groups_url:
        return None
    last_moment = time.monotonic() + within if within is not None else None
    service = Service(course.deployment, [GROUPS_SCOPE], (course.groups_url,), last_moment)
    found: dict[str, Found] = {}
    try:
        for page in service.pages(course.groups_url, accept=MEDIA_TYPE):
            found |= {each.reference: each for each in _groups(page.json())}
    except (ServiceFailed, CallFailed) as problem:
        log.warning("groups course=%s problem=%s", course.public_id, problem)
        return None
    return list(found.values())


def _groups(document: Any) -> Iterable[Found]:
    rows = document.get("groups") if isinstance(document, dict) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and (reference := clean_id(row.get("id"))):
            yield Found(reference, clean_text(row.get("name"))[:255])


def take_over_service(session: Session, course: Course, found: Sequence[Found], roster: Mapping[str, Listed]) -> None:
    """Bring groups and memberships up to what the service and this roster say; the caller commits."""
    groups = {each.reference: _group(session, course.id, Source.SERVICE, each.reference, each.name) for each in found}
    for each in found:
        groups[each.reference].name = each.name or groups[each.reference].name
    session.flush()
    enrolments = session.execute(
        select(Person.subject, Enrolment.id).join(Enrolment.person).where(Enrolment.course_id == course.id)
    )
    wanted = {
        (groups[reference].id, enrolment)
        for subject, enrolment in enrolments
        if subject in roster
        for reference in roster[subject].groups
        if reference in groups
    }
    _replace(session, _memberships(session, course), wanted)
    vanished = select(CourseGroup.id).where(
        CourseGroup.course_id == course.id,
        CourseGroup.source == Source.SERVICE,
        CourseGroup.id.not_in([group.id for group in groups.values()]),
    )
    session.execute(delete(CourseGroup).where(CourseGroup.id.in_(session.scalars(vanished).all())))


def _memberships(session: Session, course: Course) -> set[tuple[int, int]]:
    rows = session.execute(
        select(GroupMembership.group_id, GroupMembership.enrolment_id)
        .join(CourseGroup, CourseGroup.id == GroupMembership.group_id)
        .where(CourseGroup.course_id == course.id, CourseGroup.source == Source.SERVICE)
    )
    return {(group, enrolment) for group, enrolment in rows}


def take_over_launch(here: Here, enrolment_id: int, *, course_id: int, custom: Mapping[str, str]) -> None:
    """Bring somebody's groups up to what their launch says, where it says anything of them; the caller commits."""
    if "canvas_sections" in custom:
        names = _names(custom.get("canvas_section_names", ""))
        _take_over(session_of(here), enrolment_id, course_id, Source.CANVAS, _ids(custom["canvas_sections"]), names)
    if "moodle_groups" in custom:
        _take_over(session_of(here), enrolment_id, course_id, Source.MOODLE, _ids(custom["moodle_groups"]), [])


def _ids(said: str) -> list[str]:
    return list(dict.fromkeys(each for raw in said.split(",")[:MOST_OF_ONE] if (each := raw.strip()[:255])))


def _names(said: str) -> list[str]:
    """Canvas sends names as a list in JSON, because a name may hold a comma."""
    try:
        names = json.loads(said)
    except (ValueError, RecursionError):
        return []
    return [name for each in names if (name := clean_text(each)[:255])] if isinstance(names, list) else []


def _take_over(
    session: Session, me: int, course_id: int, source: Source, references: Sequence[str], names: Sequence[str]
) -> None:
    mine = session.scalars(
        select(CourseGroup)
        .join(GroupMembership, GroupMembership.group_id == CourseGroup.id)
        .where(GroupMembership.enrolment_id == me, CourseGroup.source == source)
    ).all()
    groups = {group.reference: group for group in mine}
    now = [groups.get(each) or _group(session, course_id, source, each, "") for each in references]
    _learn_names(now, names)
    session.flush()
    _replace(session, {(group.id, me) for group in mine}, {(group.id, me) for group in now})


def _learn_names(groups: Sequence[CourseGroup], names: Sequence[str]) -> None:
    """Ids and names come as two lists in no common order: what is left over on both sides belongs together."""
    if len(groups) == len(names) == 1:
        groups[0].name = names[0]
        return
    unnamed = [group for group in groups if not group.name]
    spare = set(names) - {group.name for group in groups}
    if len(unnamed) == len(spare) == 1:
        unnamed[0].name = spare.pop()


def _group(session: Session, course_id: int, source: Source, reference: str, name: str) -> CourseGroup:
    key = {"course_id": course_id, "source": source, "reference": reference}
    group, _new = find_or_create(session, CourseGroup, key, name=name, created=clock.now())
    return group


def _replace(session: Session, was: Collection[tuple[int, int]], now: Collection[tuple[int, int]]) -> None:
    """Write the difference between two sets of (group, enrolment)."""
    both = tuple_(GroupMembership.group_id, GroupMembership.enrolment_id)
    over = sorted(set(was) - set(now))
    for start in range(0, len(over), 500):
        session.execute(delete(GroupMembership).where(both.in_(over[start : start + 500])))
    new = [{"group_id": group, "enrolment_id": enrolment} for group, enrolment in sorted(set(now) - set(was))]
    if new:
        session.execute(insert(GroupMembership), new)
        joined = sorted({row["enrolment_id"] for row in new})
        for listener in current_app.extensions.get("joined-groups", ()):
            listener(session, joined)


def groups_of(session: Session, course: Course) -> list[CourseGroup]:
    """The groups with anybody in them who is in the course, by name."""
    has_people = (
        select(GroupMembership.group_id)
        .join(Enrolment, Enrolment.id == GroupMembership.enrolment_id)
        .where(GroupMembership.group_id == CourseGroup.id, Enrolment.is_active, ~Enrolment.is_test)
    )
    found = session.scalars(select(CourseGroup).where(CourseGroup.course_id == course.id, has_people.exists()))
    return sorted(found, key=lambda group: (group.label.casefold(), group.id))


@dataclass(frozen=True)
class Choice:
    """The groups of a course to choose from, and the one that is chosen."""

    groups: Sequence[CourseGroup]
    chosen: CourseGroup | None
    people: frozenset[int]
    """The enrolments in the chosen group."""

    @property
    def comes_with_launches(self) -> bool:
        """Whether some of these are told by nobody's launch but their members' own, so that others are missing."""
        return any(group.source != Source.SERVICE for group in self.groups)

    def shows(self, enrolment: int) -> bool:
        return self.chosen is None or enrolment in self.people

    @property
    def value(self) -> str:
        """What stands in an address; empty for everybody."""
        return self.chosen.public_id if self.chosen else ""


def choice_of(session: Session, course: Course, wanted: str) -> Choice:
    """The choice this address makes; a group that is gone, or another course's, chooses nobody out."""
    groups = groups_of(session, course)
    chosen = next((group for group in groups if group.public_id == wanted), None)
    if chosen is None:
        return Choice(groups, None, frozenset())
    people = session.scalars(select(GroupMembership.enrolment_id).where(GroupMembership.group_id == chosen.id))
    return Choice(groups, chosen, frozenset(people))
