"""A verified launch arrives: the login is spent, the visitor's rows are brought up, and they are sent to their page."""

from __future__ import annotations

import logging

from flask import url_for
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError

from lti_tool import access, activities, clock, roster, verdicts, verifying
from lti_tool.db import db, transaction
from lti_tool.models import Role
from lti_tool.verdicts import Refused
from lti_tool.verifying import Verified
from lti_tool.welcome import Arrival, welcome

log = logging.getLogger("lti_tool.verdicts")

PATIENCE = 2.0
"""Seconds within which a roster may begin its last page while the first instructor waits."""


def arrive(verified: Verified) -> str | None:
    """Spend the login and let the visitor in; the address of their page, or None where there is no course."""
    found = _welcomed(verified)
    if found is None:
        return None
    _first_roster(found[0])
    return found[1]


def _welcomed(verified: Verified) -> tuple[Arrival, str] | None:
    """In one transaction; once more if it met another in a deadlock."""
    for tries_left in (2, 1, 0):
        try:
            with transaction():
                if not verifying.spend(verified.login):
                    raise Refused(verdicts.STATE_SPENT)
                return _arrive(verified)
        except OperationalError as problem:
            if not tries_left or not isinstance(problem.orig, DeadlockDetected):
                raise
    raise AssertionError("unreachable")


def _arrive(verified: Verified) -> tuple[Arrival, str] | None:
    """The visitor's rows, session and page; None for a launch without a course, which is valid but leads nowhere."""
    if verified.launch.course is None:
        return None
    arrival = welcome(verified.launch, verified.deployment, at=clock.now())
    address = _destination(arrival)
    access.remember(arrival.enrolment, return_url=verified.launch.return_url)
    return arrival, address


def _destination(arrival: Arrival) -> str:
    me, placement = arrival.enrolment, arrival.placement
    activity = activities.find(placement.activity) if placement else None
    if activity is not None and me.role in (Role.LEARNER, Role.INSTRUCTOR, Role.ASSISTANT):
        return activity.open(me, placement)
    return url_for("courses.home", course=me.course.public_id)


def _first_roster(arrival: Arrival) -> None:
    """The first instructor brings the class along; if the LMS is slow or down, the page is not."""
    course = arrival.enrolment.course
    if not arrival.enrolment.is_instructor or course.roster_read is not None or not course.roster_url:
        return
    try:
        roster.refresh(course, within=PATIENCE)
    except Exception as problem:
        # Whatever is wrong with the roster, the instructor's page is not: a letter asks again.
        db.session.rollback()
        said = problem if isinstance(problem, roster.RosterUnavailable) else type(problem).__name__
        log.warning("roster course=%s problem=%s", course.public_id, said)
        with transaction() as session:
            roster.read_later(session, course)
