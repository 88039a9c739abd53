"""A visit that began in a frame which keeps no cookie goes on in a window of its own, by a ticket good for one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool import clock
from lti_tool.arrivals import sessions
from lti_tool.arrivals.sessions import BrowserSession, StoredSession, hashed
from lti_tool.db import Base, db, transaction

LIFE = timedelta(minutes=2)


class Ticket(Base):
    """Whoever brings it, once and soon, takes over the session that a launch has begun."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what the page's form holds."""
    session_id: Mapped[int] = mapped_column(ForeignKey(BrowserSession.id, ondelete="CASCADE"), index=True)
    address: Mapped[str]
    expires: Mapped[datetime]
    spent: Mapped[datetime | None]


def issue(stored: StoredSession, address: str) -> str:
    """A ticket for the session this request has begun, in place of its cookie, which would not be kept."""
    ticket = secrets.token_urlsafe(32)
    with transaction() as session:
        begun = session.scalars(select(BrowserSession.id).where(BrowserSession.key == hashed(stored.fresh_key))).one()
        session.add(
            Ticket(key=hashed(ticket), session_id=begun, address=address, expires=clock.now() + LIFE, spent=None)
        )
    stored.fresh_key = ""
    return ticket


def redeem(stored: StoredSession, ticket: str) -> str | None:
    """Give this browser the session of the ticket; the address of the page it leads to, or None if it is used up."""
    with transaction() as session:
        taken = session.execute(
            update(Ticket)
            .where(Ticket.key == hashed(ticket), Ticket.spent.is_(None), Ticket.expires > clock.now())
            .values(spent=clock.now())
            .returning(Ticket.session_id, Ticket.address)
        ).first()
        row = db.session.get(BrowserSession, taken.session_id) if taken else None
        if taken is None or row is None:
            return None
        sessions.take_over(stored, row)
        return str(taken.address)


def forget_expired() -> None:
    """Remove tickets nobody can use any more; the caller commits."""
    db.session.execute(delete(Ticket).where(Ticket.expires < clock.now()))
