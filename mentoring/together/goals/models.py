"""The nouns of goals: what somebody wants to reach within a mentorship, and each step of its story."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.programs.choices import GoalType

LONGEST_STATEMENT = 300


class GoalState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"
    """Given up, which can be the right thing to do."""


class HowFar(StrEnum):
    """How far a goal is, in steps that somebody can honestly tell apart."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    HALF_WAY = "half_way"
    NEARLY = "nearly"
    REACHED = "reached"


class StepKind(StrEnum):
    PROGRESS = "progress"
    """Somebody says what was done for it, and how far it is; reached, if it is."""
    CHANGED = "changed"
    DROPPED = "dropped"
    REOPENED = "reopened"


class Goal(Base):
    """What one person of a mentorship, the mentee or one of a circle, wants to reach in it."""

    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_mentorship_id_state", "mentorship_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    """Whose goal it is: who set it, and alone changes it."""
    kind: Mapped[GoalType | None]
    """What sort of goal, if they say so."""
    statement: Mapped[str] = mapped_column(String(LONGEST_STATEMENT))
    prompts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Answers to the optional prompts, by the prompt's key."""
    due: Mapped[datetime]
    state: Mapped[GoalState] = mapped_column(default=GoalState.OPEN)
    created: Mapped[datetime]
    moved: Mapped[datetime]
    """When it was set or opened again, or somebody last said what was done for it."""
    closed: Mapped[datetime | None]
    """When it was reached or given up; empty while it is open."""

    mentorship: Mapped[Mentorship] = relationship()
    participant: Mapped[Participant] = relationship()
    steps: Mapped[list[GoalStep]] = relationship(back_populates="goal", order_by="GoalStep.id")

    @property
    def is_open(self) -> bool:
        return self.state is GoalState.OPEN

    def is_overdue(self, at: datetime) -> bool:
        return self.is_open and self.due < at

    def wording(self) -> dict[str, Any]:
        """How it is put now, as it is kept when it changes."""
        return {"statement": self.statement, "prompts": self.prompts, "due": self.due.isoformat()}

    def close(self, state: GoalState, *, at: datetime) -> None:
        self.state, self.closed = state, at

    def reopen(self, *, at: datetime) -> None:
        self.state, self.closed, self.moved = GoalState.OPEN, None, at


class GoalStep(Base):
    """One step of a goal's story; written once, never changed."""

    __tablename__ = "goal_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey(Goal.id), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    kind: Mapped[StepKind]
    words: Mapped[str] = mapped_column(Text, default="")
    """What was done, or why it was given up."""
    hinders: Mapped[str] = mapped_column(Text, default="")
    """What is in the way."""
    far: Mapped[HowFar | None]
    """How far it is; of progress alone."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Of a change, how the goal was put before it."""
    at: Mapped[datetime]

    goal: Mapped[Goal] = relationship(back_populates="steps")
    by: Mapped[Participant] = relationship()

    @property
    def due_before(self) -> datetime | None:
        """Of a change, the day the goal had before it."""
        return datetime.fromisoformat(self.before["due"]) if self.before else None
