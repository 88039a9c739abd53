"""One whole reading of a roster: asked, judged, brought in, and written down whatever became of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db, reading, transaction
from lti_tool.models import Course, Enrolment
from lti_tool.roster import groups
from lti_tool.roster.applying import Refreshed, apply, people_of
from lti_tool.roster.asking import Member, Problem, Report, RosterUnavailable, ask
from lti_tool.roster.readings import How, RosterReading, newest_of

SECOND_LOOK = timedelta(hours=1)
"""An empty roster is believed when another one, at least this much later, is empty too."""

log = logging.getLogger(__name__)


def refresh(
    course: Course,
    *,
    within: float | None = None,
    how: How = How.OPERATOR,
    by: int | None = None,
    report: Report | None = None,
) -> Refreshed:
    """Ask the LMS who is in the course and bring the enrolments up to it; commits.

    Nothing is applied unless every page arrived, `within` so many seconds where somebody waits for it. People
    who vanished become inactive, never deleted. `by` is the enrolment of whoever asked. Raises RosterUnavailable,
    after the failure has been written down; one that somebody waited for is not, because it is tried again.
    """
    asked, began = clock.now(), time.monotonic()
    try:
        with reading():
            members = ask(course, within=within, report=report)
            found_groups = groups.ask(course, within=_left(within, began))
        _look_twice(db.session, course, members, asked)
    except RosterUnavailable as problem:
        if within is None:
            _note_failure(course, problem, how, by)
        raise
    people = people_of(course, members, at=asked)
    with transaction() as session:
        told = RosterReading(course_id=course.id, at=clock.now(), how=how, asked_by_id=by)
        told.is_first = course.roster_read is None
        found = apply(session, course, members, people, told, asked=asked)
        if found_groups is not None:
            groups.take_over_service(session, course, found_groups, members)
    log.info(
        "roster course=%s how=%s members=%d joined=%d left=%d",
        *(course.public_id, how.value, found.members, found.joined, found.left),
    )
    return found


def _left(within: float | None, began: float) -> float | None:
    return None if within is None else within - (time.monotonic() - began)


def _look_twice(session: Session, course: Course, members: Mapping[str, Member], at: datetime) -> None:
    """Raises RosterUnavailable for an empty roster of a course with people, unless it was empty a while ago too."""
    anybody = select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.is_active).limit(1)
    if members or session.scalar(anybody) is None:
        return
    before = newest_of(session, course)
    if before is None or before.problem != Problem.EMPTY or before.at > at - SECOND_LOOK:
        raise RosterUnavailable("the LMS sent an empty roster for a course that has people", Problem.EMPTY)


def note_unexpected(course: Course, how: How, by: int | None) -> None:
    """Write down that a reading failed inside the tool; the log says how."""
    _note_failure(course, RosterUnavailable("see the log of the tool", Problem.INSIDE), how, by)


def _note_failure(course: Course, problem: RosterUnavailable, how: How, by: int | None) -> None:
    log.warning("roster course=%s problem=%s detail=%s", course.public_id, problem.problem.value, problem)
    with transaction() as session:
        session.add(
            RosterReading(
                course_id=course.id,
                at=clock.now(),
                how=how,
                asked_by_id=by,
                problem=problem.problem,
                detail=str(problem),
            )
        )
