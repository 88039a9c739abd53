"""What happened in an attempt, in order and with the server's time; rows are added and never changed.

It says that and when, not what was answered: who wonders how an answer came about finds out whether it reached us.
Nobody is accused by it. It is kept for `KEPT`, then cleared away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool.db import Base
from lti_tool.prepared import Here, insert_into
from quizzes.models import Attempt

KEPT = timedelta(days=365)
"""After its last line; long enough for whoever contests a result."""


class Kind(StrEnum):
    STARTED = "started"
    RESUMED = "resumed"
    TAKEN_OVER = "taken over"
    """Gone on with in another tab or on another device."""
    SAVED = "saved"
    CHECKED = "checked"
    """Marked at once and shown to its learner, which fixed the answer."""
    DEADLINE_MOVED = "deadline moved"
    NETWORK_CHANGED = "network changed"
    WENT_ON = "went on"
    """To a page from which there is no way back."""
    HANDED_IN = "handed in"
    CLOSED = "closed"


class AttemptEntry(Base):
    """One thing that happened in an attempt."""

    __tablename__ = "attempt_entry"
    __table_args__ = (CheckConstraint("place > 0", name="counts_from_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id), index=True)
    kind: Mapped[Kind]
    at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[int | None]
    """The question, where it is about one; the page, where somebody went on."""
    seq: Mapped[int | None]
    """Of the answer that was kept."""
    deadline: Mapped[datetime | None]
    """Where it moved; empty where nothing ends the attempt any more."""


_NOTE = insert_into(AttemptEntry, "attempt_id", "kind", "at", "place", "seq", "deadline")


def note(
    here: Here,
    attempt_id: int,
    kind: Kind,
    *,
    at: datetime,
    place: int | None = None,
    seq: int | None = None,
    deadline: datetime | None = None,
) -> None:
    """Write this down in the caller's transaction."""
    _NOTE.run(here, attempt_id=attempt_id, kind=kind, at=at, place=place, seq=seq, deadline=deadline)


def entries(session: Session, attempt: Attempt) -> Sequence[AttemptEntry]:
    return session.scalars(
        select(AttemptEntry).where(AttemptEntry.attempt_id == attempt.id).order_by(AttemptEntry.id)
    ).all()


def forget(session: Session, at: datetime) -> None:
    """Clear away what has served its time; the caller commits."""
    session.execute(delete(AttemptEntry).where(AttemptEntry.at < at - KEPT))
