"""Invitations: an operator lets one LMS register itself, once, within a day at most."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import Base, new_public_id
from lti_tool.models import Platform

LONGEST_HOURS = 24
HELD_FOR = timedelta(seconds=60)
"""Longer than a registration can take, so that nobody's is taken from under their hands."""


class State(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Invitation(Base):
    """A secret address under which one LMS may register itself."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address."""
    note: Mapped[str] = mapped_column(String(255), default="")
    """For whom it was made, in the operator's words."""
    created: Mapped[datetime]
    expires: Mapped[datetime]
    revoked: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """How often its form was sent; a form knows which try it is, so it can be sent once."""
    held_until: Mapped[datetime | None]
    """While a registration under it is on its way to the LMS and back."""
    used: Mapped[datetime | None]
    platform_id: Mapped[int | None] = mapped_column(ForeignKey(Platform.id))

    platform: Mapped[Platform | None] = relationship()

    def state(self, at: datetime) -> State:
        if self.used is not None:
            return State.USED
        if self.revoked is not None:
            return State.REVOKED
        return State.OPEN if at < self.expires else State.EXPIRED


def make(session: Session, *, hours: int, note: str = "") -> tuple[Invitation, str]:
    """An invitation and the secret for its address, which is shown once; the caller commits."""
    secret, at = secrets.token_urlsafe(24), clock.now()
    invitation = Invitation(
        secret=hashed(secret),
        note=note,
        created=at,
        expires=at + timedelta(hours=min(hours, LONGEST_HOURS)),
    )
    session.add(invitation)
    return invitation, secret


def find(session: Session, secret: str) -> Invitation | None:
    return session.scalar(select(Invitation).where(Invitation.secret == hashed(secret)))


def hold(session: Session, invitation: Invitation, *, tries: int) -> bool:
    """Take it for one registration, if this is still its next try; the caller commits."""
    at = clock.now()
    held = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.tries == tries,
            Invitation.used.is_(None),
            Invitation.revoked.is_(None),
            Invitation.expires > at,
            or_(Invitation.held_until.is_(None), Invitation.held_until <= at),
        )
        .values(tries=tries + 1, held_until=at + HELD_FOR)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]


def let_go(session: Session, invitation: Invitation, *, tries: int) -> None:
    """Give it back after a registration that failed; the caller commits."""
    session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.tries == tries + 1, Invitation.used.is_(None))
        .values(held_until=None)
        .execution_options(synchronize_session=False)
    )


def use_up(session: Session, invitation: Invitation, platform: Platform, *, tries: int) -> bool:
    """Spend it on this platform, if it is still held by this very try; the caller commits."""
    spent = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.tries == tries + 1,
            Invitation.used.is_(None),
            Invitation.revoked.is_(None),
        )
        .values(used=clock.now(), held_until=None, platform_id=platform.id)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]
