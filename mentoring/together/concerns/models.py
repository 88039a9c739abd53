"""The nouns of concerns: what somebody raises with an instructor outside, and what the two write to and fro."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship


class Topic(StrEnum):
    NOT_GETTING_ON = "not_getting_on"
    NO_ANSWER = "no_answer"
    UNSAFE = "unsafe"
    OTHER = "other"


class ConcernState(StrEnum):
    NEW = "new"
    LOOKED_AT = "looked_at"
    ANSWERED = "answered"
    CLOSED = "closed"


WAITING = frozenset({ConcernState.NEW, ConcernState.LOOKED_AT})
"""Whoever looks after it is to say something."""


class Concern(Base):
    """Something is wrong, as somebody says to one instructor; private to those two."""

    __tablename__ = "concern"
    __table_args__ = (
        CheckConstraint("owner_id <> raised_by_id", name="somebody_else"),
        CheckConstraint("owner_id <> about_id", name="not_about_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """The instructor who looks after it: chosen by whoever raised it, or to whom it was handed over."""
    owner_since: Mapped[datetime]
    mentorship_id: Mapped[int | None] = mapped_column(ForeignKey(Mentorship.id), index=True)
    """Which mentorship it is about; empty where it is about the program."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Whom of that mentorship it is about, where it is about one person. They never learn of it here."""
    topic: Mapped[Topic]
    words: Mapped[str] = mapped_column(Text)
    hoped: Mapped[str] = mapped_column(Text, default="")
    """What they would like to happen."""
    state: Mapped[ConcernState] = mapped_column(default=ConcernState.NEW)
    created: Mapped[datetime]
    changed: Mapped[datetime]

    raised_by: Mapped[Enrolment] = relationship(foreign_keys=raised_by_id)
    owner: Mapped[Enrolment] = relationship(foreign_keys=owner_id)
    about: Mapped[Enrolment | None] = relationship(foreign_keys=about_id)
    mentorship: Mapped[Mentorship | None] = relationship()
    messages: Mapped[list[ConcernMessage]] = relationship(back_populates="concern", order_by="ConcernMessage.id")

    @property
    def is_closed(self) -> bool:
        return self.state is ConcernState.CLOSED

    @property
    def is_waiting(self) -> bool:
        """Whether whoever looks after it is to say something."""
        return self.state in WAITING

    def move(self, to: ConcernState, *, at: datetime) -> None:
        self.state, self.changed = to, at


class ConcernMessage(Base):
    """What one of the two wrote afterwards."""

    __tablename__ = "concern_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey(Concern.id), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    words: Mapped[str] = mapped_column(Text)
    written: Mapped[datetime]

    concern: Mapped[Concern] = relationship(back_populates="messages")
    by: Mapped[Enrolment] = relationship()
