"""What comes next for somebody whose mentorship ends."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant


class Next(StrEnum):
    """What somebody would like when this is over."""

    CARRY_ON = "carry_on"
    """To stay in touch, without the program."""
    AGAIN = "again"
    """Another mentor, another mentee, another circle."""
    MENTOR = "mentor"
    """To pass on what they got: to mentor somebody themselves."""


class ClosureAnswer(Base):
    """What one of its people would like next; each answers for themselves, and nobody waits for the other."""

    __tablename__ = "closure_answer"
    __table_args__ = (UniqueConstraint("mentorship_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    wishes: Mapped[list[str]] = mapped_column(default=list)
    """Values of `Next`; none is an answer, too."""
    changed: Mapped[datetime]

    mentorship: Mapped[Mentorship] = relationship()
    participant: Mapped[Participant] = relationship()

    def wants(self, wish: Next) -> bool:
        return wish.value in self.wishes
