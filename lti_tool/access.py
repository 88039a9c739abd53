"""Who is visiting: the enrolment behind a request, and which roles a page is open to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from flask import abort, g, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from lti_tool.arrivals import sessions
from lti_tool.arrivals.sessions import StoredSession, Visit
from lti_tool.db import db
from lti_tool.models import Course, Deployment, Enrolment, Role, Standing
from lti_tool.prepared import Here

Rest = ParamSpec("Rest")
Page = Callable[Concatenate[Enrolment, Rest], ResponseReturnValue]
MEMBERS = (Role.INSTRUCTOR, Role.ASSISTANT, Role.LEARNER)


_VISITOR = (
    select(Enrolment, Visit.acted_by)
    .join(Enrolment.course)
    .join(Course.deployment)
    .join(Deployment.platform)
    .join(Visit, Visit.enrolment_id == Enrolment.id)
    .options(contains_eager(Enrolment.course).contains_eager(Course.deployment).contains_eager(Deployment.platform))
    .where(Visit.session_id == bindparam("visiting"), Course.public_id == bindparam("course"))
)
"""Put together once: every page asks this first."""


class OnlyLooking(Exception):
    """Somebody who acts as another person wants to change something: they may look, what is done stays the person's."""


class HasLeft(Exception):
    """The LMS no longer has the visitor in the course; their session may go on elsewhere."""


class NotLaunched(Exception):
    """Nobody known is visiting: the page was opened without coming from the LMS, or too long ago."""


def open_to(*roles: Role) -> Callable[[Page[Rest]], Callable[..., ResponseReturnValue]]:
    """Open a page under `/courses/<course>/` to these roles; the visitor comes in as its first argument `me`.

    Without a session the visitor is told to open the tool from the course page; a course they were not
    launched into is a plain 404; a role that may not is a 403.
    """

    def guard(page: Page[Rest]) -> Callable[..., ResponseReturnValue]:
        show: Callable[..., ResponseReturnValue] = page

        @wraps(page)
        def guarded(course: str, **rest: Any) -> ResponseReturnValue:
            me = visitor(course)
            if me.role not in roles:
                abort(403)
            return show(me, **rest)

        guarded.open_to = roles  # type: ignore[attr-defined]
        return guarded

    return guard


def visitor(course: str) -> Enrolment:
    """The enrolment this browser session was launched into, in the course with this public id."""
    stored = stored_session()
    if stored.row_id is None:
        raise NotLaunched
    found = db.session.execute(_VISITOR, {"visiting": stored.row_id, "course": course}).one_or_none()
    if found is None:
        abort(404)
    me, acted_by = found
    if not is_let_in(me.course.deployment):
        abort(403)
    if not me.is_active:
        raise HasLeft
    g.me, g.is_acted = me, bool(acted_by)
    if g.is_acted and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise OnlyLooking
    return me


def is_let_in(deployment: Deployment) -> bool:
    return deployment.standing == deployment.platform.standing == Standing.ACTIVE


def remember(here: Here, person_id: int, enrolment_id: int, *, return_url: str = "", acted_by: str = "") -> int:
    """Know this visitor from here on; the id of their browser session. The caller commits."""
    return sessions.begin(here, stored_session(), person_id, enrolment_id, return_url=return_url, acted_by=acted_by)


def stored_session() -> StoredSession:
    """The browser session of this request."""
    stored = session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(stored, StoredSession)
    return stored
