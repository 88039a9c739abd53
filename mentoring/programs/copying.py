"""A copied course may begin with the program of the one it was copied from: its words and kinds, none of its people."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Course
from lti_tool.placing.copies import Copier
from mentoring.programs.models import Cohort, CohortState, MentorKind, Program, ProgramVersion
from mentoring.programs.starting import FIRST, current

SETTINGS = ("goal", "mentoring_type", "length_days", "reply_days", "default_capacity")


def _plan(session: Session, origin: Course, course: Course) -> list[str]:
    theirs = _to_copy(session, origin, course)
    return [] if theirs is None else [_in_words(theirs)]


def _to_copy(session: Session, origin: Course, course: Course) -> ProgramVersion | None:
    """The version that runs in the origin; nothing once the course has a program of its own."""
    theirs = current(session, origin)
    return theirs.version if theirs is not None and current(session, course) is None else None


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
    words = {name: getattr(theirs, name) for name in SETTINGS}
    version = ProgramVersion(program=program, number=1, used=at, created=at, **words)
    version.kinds = [
        MentorKind(key=kind.key, label=kind.label, place=kind.place, needed=kind.needed) for kind in theirs.kinds
    ]
    session.add(Cohort(version=version, name=FIRST, state=CohortState.RUNNING, starts=at, created=at))
    session.flush()


COPIER = Copier(key="mentoring", order=10, plan=_plan, copy=_copy)
