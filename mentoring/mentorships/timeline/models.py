"""The entries of a timeline: the six events of every mentorship, the program's steps, and its people's own."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.programs.choices import ForWhom, StepManner


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
    __table_args__ = (
        UniqueConstraint("mentorship_id", "step"),
        Index("ix_timeline_entry_manner", "manner", "mentorship_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    step: Mapped[Step | None]
    """Which of the six events; empty for the others."""
    manner: Mapped[StepManner | None]
    """Of a step of the program, how it comes to be done; empty for the others."""
    whom: Mapped[ForWhom | None]
    """Of a step of the program, whose it is."""
    address: Mapped[str] = mapped_column(Text, default="")
    """Of a step of the program: where the material is, which activity it is, or the title of its task."""
    share: Mapped[int | None]
    """Of a step of the program that moves with the planned end: by how many percent of the length it is due."""
    title: Mapped[str] = mapped_column(String(200), default="")
    """In the words of whoever added it, or of the program; the six have none of their own."""
    due: Mapped[datetime]
    done: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id))
    """Who ticked it for all; empty where its own event came."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id))
    """Who added it."""

    mentorship: Mapped[Mentorship] = relationship()
    done_by: Mapped[Participant | None] = relationship(foreign_keys=done_by_id)
    by: Mapped[Participant | None] = relationship(foreign_keys=by_id)
    marks: Mapped[list[StepMark]] = relationship(back_populates="entry", order_by="StepMark.id")

    @property
    def is_own(self) -> bool:
        """Whether its people added it."""
        return self.step is None and self.manner is None

    @property
    def is_by_hand(self) -> bool:
        """Whether people tick it."""
        return self.is_own or self.step in BY_HAND or self.manner is StepManner.LINK

    @property
    def is_link(self) -> bool:
        """Whether there is something to open that is not ours."""
        return self.manner is StepManner.LINK and self.address.startswith("https://")

    def mark_of(self, person: Participant) -> StepMark | None:
        """That this person has done their part of it."""
        return next((mark for mark in self.marks if mark.participant_id == person.id), None)

    def is_overdue(self, at: datetime) -> bool:
        return self.done is None and self.due < at

    def tick(self, is_done: bool, *, by: Participant, at: datetime) -> None:
        """It is done, or was not after all; a second tick changes nothing."""
        if is_done != (self.done is not None):
            self.done, self.done_by = (at, by) if is_done else (None, None)


class StepMark(Base):
    """Somebody has done a step of the program; it is done for good when all have whose it is."""

    __tablename__ = "step_mark"
    __table_args__ = (UniqueConstraint("entry_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey(TimelineEntry.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    done: Mapped[datetime]

    entry: Mapped[TimelineEntry] = relationship(back_populates="marks")
    participant: Mapped[Participant] = relationship()
