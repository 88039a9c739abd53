"""A course gets its first program, with the defaults that need no questions asked."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create, new_public_id
from lti_tool.models import Course
from lti_tool.panels import once_a_page
from mentoring.programs.choices import CURRENT, CohortState
from mentoring.programs.models import Cohort, MentorKind, Program, ProgramVersion

FIRST = "first"
"""The name of the program, and of the cohort, that a course begins with."""


# Put together once: every page asks, and putting together takes longer than running.
_CURRENT = (
    select(Cohort)
    .join(Cohort.version)
    .join(ProgramVersion.program)
    .where(Program.course_id == bindparam("course"), Cohort.state.in_(CURRENT))
    .order_by(Cohort.id.desc())
    .limit(1)
)
_NEWEST = (
    select(ProgramVersion)
    .join(ProgramVersion.program)
    .where(Program.course_id == bindparam("course"))
    .order_by(ProgramVersion.program_id.desc(), ProgramVersion.number.desc())
    .limit(1)
)


@once_a_page
def current(session: Session, course: Course) -> Cohort | None:
    """The newest cohort of this course that has opened and not closed; none before anybody needed one."""
    return session.scalar(_CURRENT, {"course": course.id})


def newest(session: Session, course: Course) -> ProgramVersion | None:
    """The newest version of the course's program; none before anybody designed or needed one."""
    return session.scalar(_NEWEST, {"course": course.id})


def settled(session: Session, cohort: Cohort) -> Cohort:
    """The cohort with the version it has now, which stays until the caller commits."""
    return session.scalars(
        select(Cohort)
        .where(Cohort.id == cohort.id)
        .with_for_update(read=True, of=Cohort)
        .execution_options(populate_existing=True)
    ).one()


def lets_observers_follow(session: Session, course: Course) -> bool:
    """Whether the program that runs in this course lets observers see how far their learners have come."""
    cohort = current(session, course)
    return cohort is not None and cohort.program.observers_may_follow


def ensure(session: Session, course: Course, *, at: datetime) -> Cohort:
    """The cohort this course works with, made or opened on first need; the caller commits.

    A course without a program gets a simple one; where somebody has designed one, its run opens. Two requests that
    need it at once end up with the same one.
    """
    return current(session, course) or _opened(session, course, at) or _start(session, course, at)


def plan(
    session: Session,
    version: ProgramVersion,
    *,
    starts: datetime,
    at: datetime,
    ends: datetime | None = None,
    title: str = "",
    invites_newcomers: bool = False,
) -> Cohort:
    """A run of this version that is not open yet; the caller commits."""
    cohort = Cohort(
        version=version,
        name=new_public_id(),
        title=title,
        state=CohortState.DRAFT,
        starts=starts,
        ends=ends,
        invites_newcomers=invites_newcomers,
        created=at,
    )
    session.add(cohort)
    session.flush()
    return cohort


def open_up(cohort: Cohort, at: datetime) -> None:
    """From here on people take part in it, and its version is used."""
    cohort.state = CohortState.OPEN
    if cohort.version.used is None:
        cohort.version.used = at


def _opened(session: Session, course: Course, at: datetime) -> Cohort | None:
    """The run that was planned, else a new one of the newest version; none without a program."""
    held = select(Program.id).where(Program.course_id == course.id).with_for_update()
    if not session.scalars(held).all():
        return None
    if (cohort := current(session, course)) is not None:
        return cohort  # Somebody else was quicker while we waited.
    version = newest(session, course)
    if version is None:
        return None
    cohort = _planned(session, version) or plan(session, version, starts=at, at=at)
    open_up(cohort, at)
    session.flush()
    return cohort


def _planned(session: Session, version: ProgramVersion) -> Cohort | None:
    return session.scalar(
        select(Cohort)
        .where(Cohort.version_id == version.id, Cohort.state == CohortState.DRAFT)
        .order_by(Cohort.id)
        .limit(1)
    )


def _start(session: Session, course: Course, at: datetime) -> Cohort:
    program, _new = find_or_create(
        session, Program, {"course_id": course.id, "name": FIRST}, title=_("Mentoring"), created=at
    )
    version, _new = find_or_create(
        session, ProgramVersion, {"program_id": program.id, "number": 1}, used=at, created=at
    )
    find_or_create(session, MentorKind, {"version_id": version.id, "key": "mentor"}, label=_("Mentor"))
    cohort, _new = find_or_create(
        session,
        Cohort,
        {"version_id": version.id, "name": FIRST},
        state=CohortState.RUNNING,
        starts=at,
        created=at,
    )
    return cohort
