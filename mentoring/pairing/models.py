"""The nouns of pairing: a run of the engine over a cohort, kept as a draft, and the pairs it proposes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort


class RunState(StrEnum):
    WORKING = "working"
    """The engine is at it, in a process of its own."""
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    FAILED = "failed"


_IS_OPEN = text("state IN ('working', 'draft') AND NOT is_aside")


class MatchRun(Base):
    """One execution of the engine, with everything it needs to be done again and come to the same."""

    __tablename__ = "match_run"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        Index("uq_match_run_open", "cohort_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    number: Mapped[int]
    """Counts the cohort's runs, from 1."""
    state: Mapped[RunState]
    is_aside: Mapped[bool] = mapped_column(default=False)
    """Whether it only shows what other weights would come to, beside the draft."""
    is_of_circles: Mapped[bool] = mapped_column(default=False)
    """Whether it proposes circles of peers, and no pairs."""
    weights: Mapped[dict[str, Any]]
    seed: Mapped[int] = mapped_column(BigInteger)
    engine: Mapped[str] = mapped_column(String(32))
    """The engine's version."""
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    """What the engine was told, whole."""
    input_hash: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Levels reached, their bounds, who is left over and why, and the proof."""
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why it failed, in a code."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Empty where the clock asked."""
    created: Mapped[datetime]
    changed: Mapped[datetime]
    """When a hand last changed the draft; two instructors at once see by this that they are."""
    published: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))

    cohort: Mapped[Cohort] = relationship()
    made_by: Mapped[Enrolment | None] = relationship(foreign_keys=made_by_id)
    published_by: Mapped[Enrolment | None] = relationship(foreign_keys=published_by_id)
    matches: Mapped[list[Match]] = relationship(back_populates="run", order_by="Match.id")
    circles: Mapped[list[MatchCircle]] = relationship(back_populates="run", order_by="MatchCircle.id")
    """Of a program of peers, in place of matches."""

    @property
    def is_draft(self) -> bool:
        """Whether it can be changed and published: other weights that are tried beside it cannot."""
        return self.state == RunState.DRAFT and not self.is_aside

    @property
    def is_solved(self) -> bool:
        """Whether the engine has found an arrangement, whatever has become of it."""
        return "levels" in self.outcome


class Match(Base):
    """A proposed pair of a run, from the engine or by hand."""

    __tablename__ = "match_pair"
    __table_args__ = (UniqueConstraint("run_id", "mentee_id", "mentor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    run_id: Mapped[int] = mapped_column(ForeignKey(MatchRun.id))
    mentee_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    kind: Mapped[str] = mapped_column(String(64))
    """The kind's key."""
    score: Mapped[int]
    """0 to 1000."""
    points: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What each question gave, by the engine's Question."""
    is_locked: Mapped[bool] = mapped_column(default=False)
    """Kept when the engine runs again."""
    by_hand: Mapped[bool] = mapped_column(default=False)

    run: Mapped[MatchRun] = relationship(back_populates="matches")
    mentee: Mapped[Participant] = relationship(foreign_keys=mentee_id)
    mentor: Mapped[Participant] = relationship(foreign_keys=mentor_id)


class MatchCircle(Base):
    """A proposed circle of peers, from the engine or by hand."""

    __tablename__ = "match_circle"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    run_id: Mapped[int] = mapped_column(ForeignKey(MatchRun.id), index=True)
    lowest: Mapped[int]
    """The mean score of whoever suits the others least, 0 to 1000."""
    total: Mapped[int]
    """Everybody's mean score with the others, added up."""
    is_locked: Mapped[bool] = mapped_column(default=False)
    """Kept together when the engine runs again."""
    by_hand: Mapped[bool] = mapped_column(default=False)

    run: Mapped[MatchRun] = relationship(back_populates="circles")
    members: Mapped[list[MatchCircleMember]] = relationship(
        back_populates="circle", order_by="MatchCircleMember.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def people(self) -> list[Participant]:
        return [member.participant for member in self.members]


class MatchCircleMember(Base):
    """Somebody's place in a proposed circle; nobody has two in one run."""

    __tablename__ = "match_circle_member"
    __table_args__ = (UniqueConstraint("run_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey(MatchCircle.id), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(MatchRun.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))

    circle: Mapped[MatchCircle] = relationship(back_populates="members")
    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)
