"""A verified launch arrives: the login is spent, the visitor's rows are brought up, and they are sent to their page."""

from __future__ import annotations

import logging

from flask import url_for
from sqlalchemy.exc import OperationalError

from lti_tool import access, activities, clock, roster
from lti_tool.arrivals import states, verdicts
from lti_tool.arrivals.verdicts import Refused
from lti_tool.arrivals.verifying import Verified
from lti_tool.arrivals.welcome import Arrival, welcome
from lti_tool.brief import Brief, brief_transaction
from lti_tool.claims import DEEP_LINKING_REQUEST, SUBMISSION_REVIEW_REQUEST, Launch
from lti_tool.db import db, transaction
from lti_tool.gradebook import mending, reviewing
from lti_tool.headers import origin_of
from lti_tool.models import Enrolment, Platform, Role
from lti_tool.placing import copies, deep_linking

log = logging.getLogger("lti_tool.verdicts")

MOST_FRAMES = 20
"""Origins of course pages remembered for one platform."""
DEADLOCK = "40P01"
"""What PostgreSQL calls it (its appendix A)."""
PATIENCE = 2.0
"""Seconds within which a roster may begin its last page while the first instructor waits."""


def arrive(verified: Verified) -> str | None:
    """Spend the login and let the visitor in; the address of their page, or None where there is no course."""
    if verified.launch.message_type == DEEP_LINKING_REQUEST:
        deep_linking.judge(verified.launch, verified.platform)
    found = _welcomed(verified)
    if found is None:
        return None
    arrival, address = found
    if arrival is not None:
        _keep_roster_true(arrival)
    return address


def _welcomed(verified: Verified) -> tuple[Arrival | None, str] | None:
    """In one transaction; once more if it met another in a deadlock."""
    for tries_left in (2, 1, 0):
        try:
            with brief_transaction() as here:
                if not states.spend(here, verified.login):
                    raise Refused(verdicts.STATE_SPENT, platform=verified.platform.public_id)
                return _arrive(here, verified)
        except OperationalError as problem:
            if not tries_left or getattr(problem.orig, "sqlstate", "") != DEADLOCK:
                raise
    raise AssertionError("unreachable")


def _arrive(here: Brief, verified: Verified) -> tuple[Arrival | None, str] | None:
    """The visitor's rows, session and page; None for a launch without a course, which is valid but leads nowhere."""
    _learn_frame(verified)
    if verified.launch.message_type == DEEP_LINKING_REQUEST:
        asked = deep_linking.begin(here, verified, at=clock.now())
        # No arrival: whoever places something has not come for the course's home, and need not wait for its roster.
        return None, deep_linking.address_of(asked)
    if verified.launch.course is None:
        return None
    launch, arrival = verified.launch, welcome(here, verified, at=clock.now())
    if launch.history:
        copies.recognize(db.session, arrival.me.course, launch.history, at=clock.now())
    address = _destination(arrival, launch)
    if arrival.is_gradebook_new:
        mending.take_note(db.session, arrival.me.course, arrival.link)
    access.remember(
        here, arrival.person.id, arrival.enrolment.id, return_url=launch.return_url, acted_by=launch.acted_by
    )
    return arrival, address


def _learn_frame(verified: Verified) -> None:
    """Remember where this LMS's course pages are, if not where it lets people in: they frame the next launch too."""
    registered, origin = verified.platform, origin_of(verified.launch.return_url)
    known = {origin_of(registered.issuer), origin_of(registered.auth_url), *registered.framed_from, ""}
    if origin in known or len(registered.framed_from) >= MOST_FRAMES:
        return
    platform = db.session.get_one(Platform, registered.id, populate_existing=True)
    if origin not in platform.framed_from:
        platform.framed_from = [*platform.framed_from, origin]


def _destination(arrival: Arrival, launch: Launch) -> str:
    if launch.message_type == SUBMISSION_REVIEW_REQUEST:
        return reviewing.destination(arrival.me, arrival.link, launch)
    activity = activities.find(arrival.placement.activity) if arrival.placement else None
    has_pages = launch.role in (Role.LEARNER, Role.INSTRUCTOR, Role.ASSISTANT)
    if activity is not None and has_pages and not activity.is_home:
        return activity.open(arrival.me, arrival.link)
    return url_for("courses.home", course=arrival.course.public_id)


def _keep_roster_true(arrival: Arrival) -> None:
    """Have the class list read where this launch is a reason to; whatever is wrong with it, the visitor's page is not.

    The first instructor brings the class along and waits for it, a moment only: what takes longer becomes a job.
    """
    at = clock.now()
    is_reason = roster.is_reason(arrival.enrolment, is_first=arrival.is_first)
    if not (arrival.course.roster_url and is_reason and roster.may_ask(arrival.course, at=at)):
        return
    me = arrival.me
    try:
        if me.is_instructor and me.course.roster_read is None and roster.may_ask(me.course, at=at):
            _read_at_once(me)
        else:
            roster.after_launch(me, is_first=arrival.is_first, at=at)
    except Exception as problem:
        db.session.rollback()
        log.warning("roster course=%s problem=%s", arrival.course.public_id, type(problem).__name__)


def _read_at_once(me: Enrolment) -> None:
    course = me.course
    if not course.roster_url:
        return
    with transaction() as session:
        if not roster.claim_turn(session, course, at=clock.now()):
            return
    try:
        roster.refresh(course, within=PATIENCE, how=roster.How.LAUNCH)
    except Exception as problem:
        db.session.rollback()
        said = problem if isinstance(problem, roster.RosterUnavailable) else type(problem).__name__
        log.warning("roster course=%s problem=%s", course.public_id, said)
        with transaction() as session:
            roster.ask_for(session, course, roster.How.LAUNCH)
