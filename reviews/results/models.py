"""The nouns of results: what was published, once and for ever, who looked at it, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.together.goals.models import Goal
from reviews.campaigns.models import Campaign, Target


class Access(StrEnum):
    """What somebody did with a result."""

    LOOKED = "looked"
    PDF = "pdf"
    EXCEL = "excel"


class ReportSnapshot(Base):
    """What the gate let through of one target, or of a campaign as a whole; never put together anew in place."""

    __tablename__ = "report_snapshot"
    __table_args__ = (
        UniqueConstraint("target_id", "n"),
        CheckConstraint("(target_id IS NULL) <> (whole_of_id IS NULL)", name="of_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    target_id: Mapped[int | None] = mapped_column(ForeignKey(Target.id))
    whole_of_id: Mapped[int | None] = mapped_column(ForeignKey(Campaign.id), index=True)
    """The campaign of which this is what its people have in common."""
    n: Mapped[int] = mapped_column(default=1)
    published: Mapped[dict[str, Any]]
    """As `reviews.results.published` keeps it."""
    ledger: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What later publications are held against, as `reviews.disclosure` keeps it."""
    created: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Empty where it was made by itself at closing."""
    released: Mapped[datetime | None]
    """Since when whoever it is about may read it."""
    told: Mapped[datetime | None]
    """When whoever it is about heard of that."""
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    revoked: Mapped[datetime | None]

    target: Mapped[Target | None] = relationship()
    whole_of: Mapped[Campaign | None] = relationship()
    released_by: Mapped[Enrolment | None] = relationship(foreign_keys=[released_by_id])


class ResultAccess(Base):
    """Somebody looked at a result; whoever it is about can read this."""

    __tablename__ = "result_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey(ReportSnapshot.id), index=True)
    viewer_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Empty once they were erased."""
    at: Mapped[datetime]
    action: Mapped[Access]

    snapshot: Mapped[ReportSnapshot] = relationship()
    viewer: Mapped[Enrolment | None] = relationship()


class DevelopmentGoal(Base):
    """A goal of a mentorship that was made of a shortfall."""

    __tablename__ = "development_goal"
    __table_args__ = (UniqueConstraint("target_id", "competency", "goal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey(Target.id))
    competency: Mapped[str] = mapped_column(String(128))
    goal_id: Mapped[int] = mapped_column(ForeignKey(Goal.id), index=True)

    target: Mapped[Target] = relationship()
    goal: Mapped[Goal] = relationship()
