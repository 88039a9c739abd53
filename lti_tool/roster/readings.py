"""What became of each reading of a roster: how many people it named, what changed, or why it failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from lti_tool.db import Base
from lti_tool.models import Course, Enrolment
from lti_tool.roster.asking import Problem


class How(StrEnum):
    """What made us read."""

    LAUNCH = "launch"
    NIGHT = "night"
    ASKED = "asked"
    """An instructor pressed a button."""
    OPERATOR = "operator"


class Change(StrEnum):
    JOINED = "joined"
    RETURNED = "returned"
    LEFT = "left"
    RENAMED = "renamed"
    ROLE = "role"


class RosterReading(Base):
    """One reading of a course's roster."""

    __tablename__ = "roster_reading"
    __table_args__ = (Index("ix_roster_reading_course", "course_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    at: Mapped[datetime]
    how: Mapped[How]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    members: Mapped[int] = mapped_column(default=0)
    """How many people were in the course, without preview students."""
    is_first: Mapped[bool] = mapped_column(default=False)
    """The first one of its course: everybody is new, so nobody is listed."""
    problem: Mapped[Problem | None]
    """Why nothing was changed; empty where it went well."""
    detail: Mapped[str] = mapped_column(Text, default="")
    """The same for operators: names a host and a status, never a person."""

    changes: Mapped[list[RosterChange]] = relationship(order_by="RosterChange.enrolment_id", viewonly=True)

    def of(self, change: Change) -> list[Enrolment]:
        """Everybody to whom this happened, without preview students."""
        return [each.enrolment for each in self.changes if each.change == change and not each.enrolment.is_test]


class RosterChange(Base):
    """What one reading changed about one person; their name stands in their own row alone."""

    __tablename__ = "roster_change"

    reading_id: Mapped[int] = mapped_column(ForeignKey(RosterReading.id, ondelete="CASCADE"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), primary_key=True, index=True)
    change: Mapped[Change] = mapped_column(primary_key=True)

    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)


def newest_of(session: Session, course: Course) -> RosterReading | None:
    return session.scalar(
        select(RosterReading)
        .where(RosterReading.course_id == course.id)
        .order_by(RosterReading.at.desc(), RosterReading.id.desc())
        .limit(1)
    )


def notable_of(session: Session, course: Course, *, since: datetime, most: int = 10) -> Sequence[RosterReading]:
    """The readings since then that changed something, newest first, with their changes."""
    has_changes = select(RosterChange.reading_id).where(RosterChange.reading_id == RosterReading.id).exists()
    return session.scalars(
        select(RosterReading)
        .where(
            RosterReading.course_id == course.id,
            RosterReading.at >= since,
            or_(has_changes, RosterReading.is_first),
        )
        .options(selectinload(RosterReading.changes))
        .order_by(RosterReading.at.desc(), RosterReading.id.desc())
        .limit(most)
    ).all()


def counts_of(session: Session, course: Course, *, since: datetime) -> dict[Change, int]:
    """How often what changed since then, without preview students."""
    rows = session.execute(
        select(RosterChange.change, func.count().label("n"))
        .join(RosterReading, RosterReading.id == RosterChange.reading_id)
        .join(Enrolment, Enrolment.id == RosterChange.enrolment_id)
        .where(RosterReading.course_id == course.id, RosterReading.at >= since, ~Enrolment.is_test)
        .group_by(RosterChange.change)
    )
    return {row.change: row.n for row in rows}
