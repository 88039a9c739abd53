"""Browser sessions, kept in the database: the cookie carries nothing but a random key."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import CallbackDict

from lti_tool import clock
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.models import Enrolment, Person

LIFETIME = timedelta(hours=12)


class BrowserSession(Base):
    """One browser of one person. Another person launching in the same browser gets a new one."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what the cookie holds: who reads the table cannot take over a session."""
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expires: Mapped[datetime] = mapped_column(index=True)


class Visit(Base):
    """An enrolment this browser session was launched into: its tabs may show that course."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey(BrowserSession.id, ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    return_url: Mapped[str] = mapped_column(default="")


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """What Flask hands out as `session`: the CSRF token and flashes of one browser session."""

    def __init__(self, row: BrowserSession | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(row.data if row else None, changed)
        self.row_id = row.id if row else None
        self.person_id = row.person_id if row else None
        self.modified = False
        self.fresh_key = ""
        """The key of a session made in this request, to be set as a cookie."""


class DatabaseSessions(SessionInterface):
    """Loads and saves `session` by the cookie `mentoring`, or `__Host-mentoring` on https."""

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        key = request.cookies.get(cookie_name(app), "")
        if not 20 <= len(key) <= 100 or request.path.startswith(("/static/", "/lrs/", "/healthz")):
            return StoredSession()
        return StoredSession(
            db.session.scalar(
                select(BrowserSession).where(BrowserSession.key == hashed(key), BrowserSession.expires > clock.now())
            )
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, StoredSession)
        if session.fresh_key:
            set_cookie(app, response, cookie_name(app), session.fresh_key)
        if session.modified and session.row_id is not None:
            db.session.rollback()
            with transaction() as own:
                row = own.get(BrowserSession, session.row_id, populate_existing=True)
                if row is not None:
                    row.data = dict(session)


def cookie_name(app: Flask) -> str:
    return "__Host-mentoring" if app.config["IS_HTTPS"] else "mentoring"


def set_cookie(app: Flask, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie that survives in the LMS's frame: partitioned and cross-site on https, lax on localhost."""
    if app.config["IS_HTTPS"]:
        response.set_cookie(
            name, value, max_age, path="/", httponly=True, secure=True, samesite="None", partitioned=True
        )
    else:
        response.set_cookie(name, value, max_age, path="/", httponly=True, samesite="Lax")


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def begin(session: StoredSession, enrolment: Enrolment, *, return_url: str = "") -> None:
    """Let this browser visit the enrolment's course, in the caller's transaction.

    The same person launching again keeps session and key, so that other tabs go on working even in the middle
    of a request; another person's launch replaces both. A key that somebody else planted is therefore worth
    nothing: it is either unknown or belongs to another person.
    """
    row = None
    if session.row_id is not None and session.person_id == enrolment.person_id:
        row = db.session.get(BrowserSession, session.row_id)
    elif session.row_id is not None:
        db.session.execute(delete(Visit).where(Visit.session_id == session.row_id))
        db.session.execute(delete(BrowserSession).where(BrowserSession.id == session.row_id))
    if row is None:
        row = _new(session, enrolment)
    row.expires = clock.now() + LIFETIME
    visit, _ = find_or_create(
        db.session, Visit, {"session_id": row.id, "enrolment_id": enrolment.id}, return_url=return_url
    )
    if return_url:
        visit.return_url = return_url
    session.modified = False


def _new(session: StoredSession, enrolment: Enrolment) -> BrowserSession:
    session.fresh_key = secrets.token_urlsafe(32)
    row = BrowserSession(
        key=hashed(session.fresh_key),
        person_id=enrolment.person_id,
        data={"csrf_token": secrets.token_hex(20)},
        expires=clock.now() + LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    return row


def forget_expired() -> int:
    """Remove sessions past their time, with their visits; the caller commits."""
    over = select(BrowserSession.id).where(BrowserSession.expires <= clock.now())
    db.session.execute(delete(Visit).where(Visit.session_id.in_(over)))
    result = db.session.execute(delete(BrowserSession).where(BrowserSession.expires <= clock.now()))
    return int(result.rowcount)  # type: ignore[attr-defined]
