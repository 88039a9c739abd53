"""A course gets its first program, with the defaults that need no questions asked."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Course
from mentoring.programs.models import Cohort, CohortState, MentorKind, Program, ProgramVersion

FIRST = "first"
"""The name of the program, and of the cohort, that a course begins with."""


# Put together once: every page asks, and putting together takes longer than running.
_CURRENT = (
    select(Cohort)
    .join(Cohort.version)
    .join(ProgramVersion.program)
    .where(Program.course_id == bindparam("course"), Cohort.state == CohortState.RUNNING)
    .order_by(Cohort.id.desc())
    .limit(1)
)


def current(session: Session, course: Course) -> Cohort | None:
    """The cohort that runs in this course just now; none before anybody needed one."""
    return session.scalar(_CURRENT, {"course": course.id})


def lets_observers_follow(session: Session, course: Course) -> bool:
    """Whether the program that runs in this course lets observers see how far their learners have come."""
    cohort = current(session, course)
    return cohort is not None and cohort.program.observers_may_follow


def ensure(session: Session, course: Course, *, at: datetime) -> Cohort:
    """The cohort that runs in this course, made with its program on first need; the caller commits.

    Two requests that need it at once end up with the same one.
    """
    return current(session, course) or _start(session, course, at)


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
