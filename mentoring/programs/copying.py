"""A copied course may begin with the program of the one it was copied from: its words and kinds, none of its people."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Course
from lti_tool.placing.copies import Copier
from mentoring.programs import quizzes, versions
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort, Program, ProgramVersion
from mentoring.programs.starting import FIRST, newest


def _plan(session: Session, origin: Course, course: Course) -> list[str]:
    theirs = _to_copy(session, origin, course)
    return [] if theirs is None else [_in_words(theirs)]


def _to_copy(session: Session, origin: Course, course: Course) -> ProgramVersion | None:
    """The newest version of the origin's program; nothing once the course has a program of its own."""
    return newest(session, origin) if newest(session, course) is None else None


def _in_words(version: ProgramVersion) -> str:
    places = ngettext(
        "%(num)d mentee with each mentor unless you say otherwise",
        "%(num)d mentees with each mentor unless you say otherwise",
        version.default_capacity,
    )
    sentence: str = _(
        "The mentoring program %(title)s: %(days)d days, %(places)s, kinds of mentor: %(kinds)s.",
        title=version.program.title,
        days=version.length_days,
        places=places,
        kinds=", ".join(kind.label for kind in version.kinds),
    )
    return sentence


def _copy(session: Session, origin: Course, course: Course, at: datetime) -> None:
    """The newest words as the first version of the course's own program, with a cohort that runs and is empty."""
    theirs = _to_copy(session, origin, course)
    if theirs is None:
        return
    key = {"course_id": course.id, "name": FIRST}
    program, is_new = find_or_create(session, Program, key, title=theirs.program.title, created=at)
    if not is_new:
        return
    version = ProgramVersion(program=program, number=1, used=None, created=at)
    session.add(version)
    versions.write(session, version, quizzes.of_course(versions.design_of(theirs), origin, course))
    version.used = at
    session.add(Cohort(version=version, name=FIRST, state=CohortState.RUNNING, starts=at, created=at))
    session.flush()


COPIER = Copier(key="mentoring", order=30, plan=_plan, copy=_copy)
"""After the quizzes, so that a training finds its quiz in the copy."""
