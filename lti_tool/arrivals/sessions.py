"""Browser sessions, kept in the database: the cookie carries nothing but a random key."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import CallbackDict

from lti_tool import clock
from lti_tool.brief import asking
from lti_tool.db import Base, db, find_or_create, table, transaction
from lti_tool.models import Enrolment, Person
from lti_tool.prepared import Here, Prepared, insert_into

LIFETIME = timedelta(hours=12)
IDLE = timedelta(hours=8)
"""A session in which nothing was asked for so long is over: its browser may have been left behind."""
SEEN_EVERY = timedelta(minutes=10)
"""How often it is written down that somebody is there; showing a page costs no more than that."""


class BrowserSession(Base):
    """One browser of one person. Another person launching in the same browser gets a new one."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what the cookie holds: who reads the table cannot take over a session."""
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expires: Mapped[datetime]
    seen: Mapped[datetime] = mapped_column(default=clock.now)
    """When the browser last asked for something, give or take `SEEN_EVERY`."""


class Visit(Base):
    """An enrolment this browser session was launched into: its tabs may show that course."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey(BrowserSession.id, ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    return_url: Mapped[str] = mapped_column(default="")
    acted_by: Mapped[str] = mapped_column(String(255), default="")
    """Whoever at the LMS acts as this person, by the LMS's id; empty for the person themselves."""


_SESSION = table(BrowserSession)
_GOING_ON = Prepared(
    select(_SESSION.c.id, _SESSION.c.person_id, _SESSION.c.data, _SESSION.c.seen).where(
        _SESSION.c.key == bindparam("key"), _SESSION.c.expires > bindparam("now"), _SESSION.c.seen > bindparam("idle")
    )
)
_BEGIN = insert_into(BrowserSession, "key", "person_id", "data", "expires", "seen", gives="id")
_GO_ON = Prepared(
    update(_SESSION)
    .where(_SESSION.c.id == bindparam("row"))
    .values(expires=bindparam("end", type_=_SESSION.c.expires.type), seen=bindparam("now", type_=_SESSION.c.seen.type))
)
_VISIT = insert_into(Visit, "session_id", "enrolment_id", "return_url", "acted_by", unless_there=True)
_VISITS = table(Visit).c
_VISIT_AGAIN = Prepared(
    update(table(Visit))
    .where(_VISITS.session_id == bindparam("session_id"), _VISITS.enrolment_id == bindparam("enrolment_id"))
    .values(
        acted_by=bindparam("acted_by"),
        # A launch that does not say where to go back leaves what an earlier one said.
        return_url=func.coalesce(func.nullif(bindparam("return_url"), ""), _VISITS.return_url),
    )
)


@dataclass(frozen=True)
class GoingOn:
    """A browser session as a request finds it."""

    id: int
    person_id: int
    data: dict[str, Any]
    seen: datetime


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """What Flask hands out as `session`: the CSRF token and flashes of one browser session."""

    def __init__(self, row: GoingOn | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(row.data if row else None, changed)
        self.row_id = row.id if row else None
        self.person_id = row.person_id if row else None
        self.is_to_be_seen = row is not None and row.seen <= clock.now() - SEEN_EVERY
        self.modified = False
        self.fresh_key = ""
        """The key of a session made in this request, to be set as a cookie."""


class DatabaseSessions(SessionInterface):
    """Loads and saves `session` by the cookie `mentoring`, or `__Host-mentoring` on https."""

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        key = request.cookies.get(cookie_name(app), "")
        if not 20 <= len(key) <= 100 or request.path.startswith(("/static/", "/lrs/", "/healthz")):
            return StoredSession()
        at = clock.now()
        try:
            row = _GOING_ON.one(asking(), key=hashed(key), now=at, idle=at - IDLE)
        except (SQLAlchemyError, TimeoutError) as problem:
            g.unread = problem  # Told as soon as there is a session: no page, that of the error either, goes without.
            return StoredSession()
        return StoredSession(GoingOn(*row) if row else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, StoredSession)
        if session.fresh_key:
            set_cookie(app, response, cookie_name(app), session.fresh_key)
        if session.row_id is not None and (session.modified or session.is_to_be_seen):
            db.session.rollback()
            with transaction() as own:
                row = own.get(BrowserSession, session.row_id, populate_existing=True)
                if row is not None and session.modified:
                    row.data = dict(session)
                if row is not None:
                    row.seen = clock.now()


def refuse_unread() -> None:
    """Raises what kept the browser's session from being read; nobody counts as a stranger because of it."""
    if "unread" in g:
        raise g.unread


def cookie_name(app: Flask) -> str:
    return "__Host-mentoring" if app.config["IS_HTTPS"] else "mentoring"


def set_cookie(app: Flask, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie that survives in the LMS's frame: partitioned and cross-site on https, lax on localhost.

    `value` is made of letters that need no quoting: a random key, a state, a word.
    """
    where = "Secure; SameSite=None; Partitioned" if app.config["IS_HTTPS"] else "SameSite=Lax"
    age = "" if max_age is None else f"Max-Age={max_age}; "
    response.headers.add("Set-Cookie", f"{name}={value}; {age}Path=/; HttpOnly; {where}")


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def begin(
    here: Here, session: StoredSession, person_id: int, enrolment_id: int, *, return_url: str = "", acted_by: str = ""
) -> int:
    """Let this browser visit the enrolment's course, in the caller's transaction; the id of its session."""
    row_id = know(here, session, person_id)
    visit = {"session_id": row_id, "enrolment_id": enrolment_id, "return_url": return_url, "acted_by": acted_by}
    if not _VISIT.run(here, **visit):
        _VISIT_AGAIN.run(here, **visit)
    return row_id


def know(here: Here, session: StoredSession, person_id: int) -> int:
    """The id of this browser's session for this person, in the caller's transaction.

    The same person launching again keeps session and key, so that other tabs go on working even in the middle
    of a request; another person's launch replaces both. A key that somebody else planted is therefore worth
    nothing: it is either unknown or belongs to another person.
    """
    session.modified = session.is_to_be_seen = False
    at = clock.now()
    if session.row_id is not None and session.person_id == person_id:
        if _GO_ON.run(here, row=session.row_id, now=at, end=at + LIFETIME):
            return session.row_id
    elif session.row_id is not None:
        db.session.execute(delete(Visit).where(Visit.session_id == session.row_id))
        db.session.execute(delete(BrowserSession).where(BrowserSession.id == session.row_id))
    return _new(here, session, person_id, at)


def take_over(session: StoredSession, begun: BrowserSession) -> None:
    """Give this browser a session that was begun elsewhere, in the caller's transaction.

    If the browser has one of the same person already, its key, visits and keepsakes go over, so that other tabs go
    on working; another person's is ended. A new key is one that nobody has seen.
    """
    mine = db.session.get(BrowserSession, session.row_id) if session.row_id is not None else None
    key = None
    if mine is not None:
        if mine.person_id == begun.person_id:
            key, begun.data = mine.key, {**begun.data, **mine.data}
            _move_visits(mine, begun)
        db.session.execute(delete(Visit).where(Visit.session_id == mine.id))
        db.session.delete(mine)
        db.session.flush()
    if key is None:
        session.fresh_key = secrets.token_urlsafe(32)
        key = hashed(session.fresh_key)
    begun.key, begun.seen = key, clock.now()
    session.row_id, session.modified, session.is_to_be_seen = None, False, False


def _move_visits(mine: BrowserSession, begun: BrowserSession) -> None:
    for visit in db.session.scalars(select(Visit).where(Visit.session_id == mine.id).order_by(Visit.id)).all():
        key = {"session_id": begun.id, "enrolment_id": visit.enrolment_id}
        find_or_create(db.session, Visit, key, return_url=visit.return_url, acted_by=visit.acted_by)


def _new(here: Here, session: StoredSession, person_id: int, at: datetime) -> int:
    session.fresh_key = secrets.token_urlsafe(32)
    made = _BEGIN.one(
        here,
        key=hashed(session.fresh_key),
        person_id=person_id,
        data={"csrf_token": secrets.token_hex(20)},
        expires=at + LIFETIME,
        seen=at,
    )
    assert made is not None
    return int(made[0])


def forget_expired() -> int:
    """Remove sessions past their time or left alone too long, with their visits; the caller commits."""
    is_over = or_(BrowserSession.expires <= clock.now(), BrowserSession.seen <= clock.now() - IDLE)
    db.session.execute(delete(Visit).where(Visit.session_id.in_(select(BrowserSession.id).where(is_over))))
    result = db.session.execute(delete(BrowserSession).where(is_over))
    return int(result.rowcount)  # type: ignore[attr-defined]
