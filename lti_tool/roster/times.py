"""When rosters are read: after launches that hint at a change, every night, and when somebody asks.

A launch has the roster read when whoever launches teaches here, or is somebody no roster has named yet: where one
is new, others may be. Launches do so at most once in 15 minutes and course. Every night all courses are read that
somebody opened within the last 30 days, spread over some hours.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool import access, clock, jobs
from lti_tool.arrivals.seen import CourseSeen, EnrolmentSeen
from lti_tool.db import db, transaction
from lti_tool.jobs import UNFINISHED, Again, Halt, Job, JobFailed, JobLater, Task
from lti_tool.models import Course, Deployment, Enrolment, Platform, Role, Standing
from lti_tool.roster.asking import RosterUnavailable
from lti_tool.roster.readings import How, RosterReading
from lti_tool.roster.refreshing import note_unexpected, refresh

JOB, NIGHT = "roster", "roster-night"
TEACHES = (Role.INSTRUCTOR, Role.ASSISTANT)
NOT_AGAIN_WITHIN = timedelta(minutes=15)
"""How long after a launch had a roster read the next ones do not."""
OPENED_WITHIN = timedelta(days=30)
"""A course that nobody has opened for longer is left alone at night; a launch wakes it."""
FRESH = timedelta(hours=12)
"""A roster read so lately is not read again at night."""
NIGHT_BEGINS = time(1, 0, tzinfo=UTC)
SPREAD = timedelta(hours=4)

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, read)
    jobs.register(app, NIGHT, arrange_night, renews_itself=True)


def key_of(course: Course) -> str:
    return f"roster:{course.id}"


def ask_for(session: Session, course: Course, how: How, *, by: Enrolment | None = None) -> Job:
    """Have this course's roster read as soon as possible, or the reading that waits or runs; the caller commits."""
    body = {"course": course.id, "how": how.value}
    return jobs.ask(session, JOB, body, key=key_of(course), course=course, by=by)


def may_ask(course: Course | CourseSeen, *, at: datetime) -> bool:
    """Whether no launch has had it read within the last quarter of an hour."""
    return course.roster_asked is None or course.roster_asked <= at - NOT_AGAIN_WITHIN


def is_reason(me: Enrolment | EnrolmentSeen, *, is_first: bool) -> bool:
    """Whether this person's launch hints at a change of the roster."""
    return me.role in TEACHES or (is_first and me.roster_role is None and not me.is_test)


def after_launch(me: Enrolment, *, is_first: bool, at: datetime) -> None:
    """Have the roster read if this launch is a reason to; commits. Of many launches at once one asks."""
    course = me.course
    if not (course.roster_url and is_reason(me, is_first=is_first) and may_ask(course, at=at)):
        return
    with transaction() as session:
        if claim_turn(session, course, at=at):
            ask_for(session, course, How.LAUNCH)


def claim_turn(session: Session, course: Course, *, at: datetime) -> bool:
    """Note that a launch has the roster read now; False if another one was quicker."""
    claimed = session.scalar(
        update(Course)
        .where(Course.id == course.id, or_(Course.roster_asked.is_(None), Course.roster_asked <= at - NOT_AGAIN_WITHIN))
        .values(roster_asked=at)
        .returning(Course.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(course, ["roster_asked"])
    return claimed is not None


def read(task: Task) -> dict[str, Any]:
    """The job: one reading. It is tried again while the LMS is silent, and never for what somebody has to mend."""
    course = db.session.get(Course, task.body["course"])
    if course is None or not access.is_let_in(course.deployment):
        raise JobFailed("the course or its platform is gone")
    how, expected = How(task.body["how"]), _expected(db.session, course)
    try:
        found = refresh(course, how=how, by=task.asked_by, report=lambda done: task.report(done, expected))
    except RosterUnavailable as problem:
        if problem.may_pass:
            raise JobLater(str(problem), problem.retry_after) from None
        raise JobFailed(str(problem)) from None
    except Halt:
        raise
    except Exception:
        db.session.rollback()
        note_unexpected(course, how, task.asked_by)
        raise
    return asdict(found)


def _expected(session: Session, course: Course) -> int | None:
    """About how many people there will be: as many as the last reading brought."""
    return session.scalar(
        select(RosterReading.members)
        .where(RosterReading.course_id == course.id, RosterReading.problem.is_(None))
        .order_by(RosterReading.id.desc())
        .limit(1)
    )


def arrange_night(_task: Task) -> Again:
    """The job that renews itself: has every course read that somebody uses, spread over the night."""
    at = clock.now()
    courses = _used(db.session, at)
    db.session.commit()
    for place, course in enumerate(courses):
        due = at + SPREAD * (place / len(courses))
        with transaction() as session:
            body = {"course": course.id, "how": How.NIGHT.value}
            jobs.ask(session, JOB, body, key=key_of(course), course=course, due=due)
    return Again(next_night(at))


def _used(session: Session, at: datetime) -> Sequence[Course]:
    """Courses whose roster we may read and have not read lately, and that somebody has opened lately.

    Not those whose reading waits already: it may wait because the LMS asked for patience.
    """
    is_opened = select(Enrolment.id).where(Enrolment.course_id == Course.id, Enrolment.last_launch > at - OPENED_WITHIN)
    waits = select(Job.id).where(Job.course_id == Course.id, Job.kind == JOB, Job.state.in_(UNFINISHED))
    return session.scalars(
        select(Course)
        .join(Course.deployment)
        .join(Deployment.platform)
        .where(
            Course.roster_url.is_not(None),
            or_(Course.roster_read.is_(None), Course.roster_read <= at - FRESH),
            Deployment.standing == Standing.ACTIVE,
            Platform.standing == Standing.ACTIVE,
            is_opened.exists(),
            ~waits.exists(),
        )
        .order_by(Course.id)
    ).all()


def next_night(at: datetime) -> datetime:
    tonight = datetime.combine(at.astimezone(UTC).date(), NIGHT_BEGINS)
    return tonight if tonight > at else tonight + timedelta(days=1)
