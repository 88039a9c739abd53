"""The nouns of agreements: the versions of a mentorship's one agreement, and who signed which."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel

WORDS = ("mentor_expects", "mentee_expects", "all_expect", "boundaries")
"""The texts that people write, which nobody reads but they."""


class Agreement(Base):
    """One version of what they agree on; it never changes, but by being signed."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("mentorship_id", "number"),
        CheckConstraint("rhythm_days > 0", name="rhythm_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    number: Mapped[int]
    """Counts the versions, from 1."""
    by_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    """Who wrote this version; a text that stood in an earlier one is whoever wrote it there."""
    mentor_expects: Mapped[str] = mapped_column(Text, default="")
    mentee_expects: Mapped[str] = mapped_column(Text, default="")
    all_expect: Mapped[str] = mapped_column(Text, default="")
    """In a circle: what each of them expects, in one text."""
    boundaries: Mapped[str] = mapped_column(Text, default="")
    rhythm_days: Mapped[int]
    """How many days there are from one meeting to the next, as a rule."""
    channel: Mapped[Channel]
    ends: Mapped[datetime]
    """When the mentorship is to end; its planned end from when this holds."""
    created: Mapped[datetime]
    signed: Mapped[datetime | None]
    """When the last of them signed, from when it holds until a later one does."""

    mentorship: Mapped[Mentorship] = relationship()
    by: Mapped[Participant] = relationship()
    signatures: Mapped[list[Signature]] = relationship(back_populates="agreement", order_by="Signature.id")

    @property
    def rhythm(self) -> timedelta:
        return timedelta(days=self.rhythm_days)

    def is_signed_by(self, person: Participant) -> bool:
        return any(each.participant_id == person.id for each in self.signatures)


class Signature(Base):
    """Somebody signed a version."""

    __tablename__ = "agreement_signature"
    __table_args__ = (UniqueConstraint("agreement_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey(Agreement.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    at: Mapped[datetime]

    agreement: Mapped[Agreement] = relationship(back_populates="signatures")
    participant: Mapped[Participant] = relationship()
