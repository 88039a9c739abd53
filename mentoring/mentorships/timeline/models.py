"""The entries of a timeline: the six events of every mentorship, and its people's own."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant


class Step(StrEnum):
    """The events that every mentorship has, in their order."""

    MATCHED = "matched"
    KICK_OFF = "kick_off"
    OUTLINE = "outline"
    """Outline and worksheet: the agreement."""
    SCHEDULE = "schedule"
    """How often they are in touch, and how."""
    MID_EVALUATION = "mid_evaluation"
    END_EVALUATION = "end_evaluation"


BY_HAND = (Step.MID_EVALUATION, Step.END_EVALUATION)
"""What nothing announces yet; the others are done when their own event has come."""


class TimelineEntry(Base):
    """Something that is due in a mentorship on a day."""

    __tablename__ = "timeline_entry"
    __table_args__ = (UniqueConstraint("mentorship_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    step: Mapped[Step | None]
    """Which of the six events; empty for what its people added."""
    title: Mapped[str] = mapped_column(String(200), default="")
    """In the words of whoever added it; the six have none of their own."""
    due: Mapped[datetime]
    done: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id))
    """Who ticked it; empty where its own event came."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id))
    """Who added it."""

    mentorship: Mapped[Mentorship] = relationship()
    done_by: Mapped[Participant | None] = relationship(foreign_keys=done_by_id)
    by: Mapped[Participant | None] = relationship(foreign_keys=by_id)

    @property
    def is_by_hand(self) -> bool:
        """Whether people tick it."""
        return self.step is None or self.step in BY_HAND

    def is_overdue(self, at: datetime) -> bool:
        return self.done is None and self.due < at

    def tick(self, is_done: bool, *, by: Participant, at: datetime) -> None:
        """It is done, or was not after all; a second tick changes nothing."""
        if is_done != (self.done is not None):
            self.done, self.done_by = (at, by) if is_done else (None, None)
