"""The noun of conversations: what somebody wrote to the others of a mentorship."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant


class Message(Base):
    """Something written once, never changed, and taken back by nobody but its author."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("by_id", "token"),
        Index("ix_message_mentorship_id_id", "mentorship_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    by_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    token: Mapped[str] = mapped_column(String(32))
    """Of the form it was written in: one that is sent twice is one message."""
    words: Mapped[str] = mapped_column(Text)
    """Empty once they are taken back."""
    written: Mapped[datetime]
    told: Mapped[datetime]
    """When the others were told that its author writes: what follows within minutes is in the same notice."""
    taken_back: Mapped[datetime | None]

    mentorship: Mapped[Mentorship] = relationship()
    by: Mapped[Participant] = relationship()
