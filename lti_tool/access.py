"""Who is visiting: the enrolment behind a request, and which roles a page is open to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from flask import abort, g, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from lti_tool.arrivals import sessions
from lti_tool.arrivals.sessions import StoredSession, Visit
from lti_tool.brief import asking
from lti_tool.db import db
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Role, Standing
from lti_tool.prepared import Here, Prepared

Rest = ParamSpec("Rest")
Page = Callable[Concatenate[Enrolment, Rest], ResponseReturnValue]
BriefPage = Callable[Concatenate["Known", Rest], ResponseReturnValue]
Visitor = TypeVar("Visitor", Enrolment, "Known")
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

    return _guard(visitor, roles)


class Known(NamedTuple):
    """Who is visiting, for answers that show no page: a class asks for them by the hundred a second."""

    course: str
    """Its public id."""
    id: int
    """Of the enrolment."""
    role: Role
    is_active: bool
    acted_by: str
    locale: str
    deployment: Standing
    platform: Standing


_KNOWN = Prepared(
    select(
        Enrolment.id,
        Enrolment.role,
        Enrolment.is_active,
        Visit.acted_by,
        Person.locale,
        Deployment.standing,
        Platform.standing,
    )
    .join_from(Visit, Enrolment, Visit.enrolment_id == Enrolment.id)
    .join(Person, Enrolment.person_id == Person.id)
    .join(Course, Enrolment.course_id == Course.id)
    .join(Deployment, Course.deployment_id == Deployment.id)
    .join(Platform, Deployment.platform_id == Platform.id)
    .where(Visit.session_id == bindparam("visiting"), Course.public_id == bindparam("course"))
)


def briefly_open_to(*roles: Role) -> Callable[[BriefPage[Rest]], Callable[..., ResponseReturnValue]]:
    """As `open_to`, by the same rules; the visitor comes in as `Known`, and nothing else is loaded."""

    return _guard(known, roles)


def _guard(
    find: Callable[[str], Visitor], roles: tuple[Role, ...]
) -> Callable[[Callable[Concatenate[Visitor, Rest], ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Let visitors with these roles in, as `find` knows them in a course; a page says to whom it is open."""

    def guard(page: Callable[Concatenate[Visitor, Rest], ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        show: Callable[..., ResponseReturnValue] = page

        @wraps(page)
        def guarded(course: str, **rest: Any) -> ResponseReturnValue:
            me = find(course)
            if me.role not in roles:
                abort(403)
            return show(me, **rest)

        guarded.open_to = roles  # type: ignore[attr-defined]
        return guarded

    return guard


def known(course: str) -> Known:
    """What there is to know of the visitor, before any transaction has begun."""
    stored = stored_session()
    if stored.row_id is None:
        raise NotLaunched
    row = _KNOWN.one(asking(), visiting=stored.row_id, course=course)
    if row is None:
        abort(404)
    me = Known(course, *row)
    _admit(is_let_in=me.deployment == me.platform == Standing.ACTIVE, is_active=me.is_active)
    g.locale = me.locale
    _only_look(me.acted_by)
    return me


def visitor(course: str) -> Enrolment:
    """The enrolment this browser session was launched into, in the course with this public id."""
    stored = stored_session()
    if stored.row_id is None:
        raise NotLaunched
    found = db.session.execute(_VISITOR, {"visiting": stored.row_id, "course": course}).one_or_none()
    if found is None:
        abort(404)
    me, acted_by = found
    _admit(is_let_in=is_let_in(me.course.deployment), is_active=me.is_active)
    g.me = me
    _only_look(acted_by)
    return me


def _admit(*, is_let_in: bool, is_active: bool) -> None:
    if not is_let_in:
        abort(403)
    if not is_active:
        raise HasLeft


def _only_look(acted_by: str) -> None:
    g.is_acted = bool(acted_by)
    if g.is_acted and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise OnlyLooking


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
