"""The nouns of programs: the standing design, its versions and kinds of mentor, and the cohorts that run it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Connection, ForeignKey, String, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course

DEFAULT_CAPACITY = 3


class MentoringType(StrEnum):
    """The form mentoring takes in a program."""

    ONE_ON_ONE = "one_on_one"
    PEER = "peer"
    GROUP = "group"
    REVERSE = "reverse"
    FLASH = "flash"


class CohortState(StrEnum):
    """How far one run of a program has come."""

    DRAFT = "draft"
    OPEN = "open"
    MATCHING = "matching"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class VersionInUse(Exception):
    """A version that a cohort has run with is history and does not change; make a new one."""


class Program(Base):
    """How a course mentors: the standing design, whose words are in its versions."""

    __tablename__ = "program"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    name: Mapped[str] = mapped_column(String(64))
    """What the program is found by within its course; nobody reads it."""
    title: Mapped[str]
    observers_may_follow: Mapped[bool] = mapped_column(default=False)
    """Whether observers see how far the learners they are named have come. It holds for every version."""
    created: Mapped[datetime]

    course: Mapped[Course] = relationship()


class ProgramVersion(Base):
    """One edition of the design. Once a cohort has used it, it never changes."""

    __tablename__ = "program_version"
    __table_args__ = (
        UniqueConstraint("program_id", "number"),
        CheckConstraint("length_days > 0", name="length_days"),
        CheckConstraint("reply_days > 0", name="reply_days"),
        CheckConstraint("default_capacity > 0", name="default_capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey(Program.id))
    number: Mapped[int]
    """Counts the program's versions, from 1."""
    goal: Mapped[str] = mapped_column(default="")
    """What the mentoring is to achieve, in the instructor's words."""
    mentoring_type: Mapped[MentoringType] = mapped_column(default=MentoringType.ONE_ON_ONE)
    length_days: Mapped[int] = mapped_column(default=90)
    """How long a mentorship lasts."""
    reply_days: Mapped[int] = mapped_column(default=3)
    """How long somebody who is asked may take to answer."""
    default_capacity: Mapped[int] = mapped_column(default=DEFAULT_CAPACITY)
    """How many places a new mentor is given when nobody says a number."""
    used: Mapped[datetime | None]
    """When the first cohort began to run with it."""
    created: Mapped[datetime]

    program: Mapped[Program] = relationship(lazy="joined", innerjoin=True)
    kinds: Mapped[list[MentorKind]] = relationship(back_populates="version", order_by="MentorKind.place")

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.length_days)


class MentorKind(Base):
    """A need every mentee of the program has, such as a *team* mentor and a *technical* one."""

    __tablename__ = "mentor_kind"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        CheckConstraint("needed > 0", name="needed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id))
    key: Mapped[str] = mapped_column(String(64))
    """What stands in forms and tables: `mentor`, `team`, `technical`."""
    label: Mapped[str]
    """What people call it."""
    place: Mapped[int] = mapped_column(default=1)
    """Where it stands among the kinds of its version."""
    needed: Mapped[int] = mapped_column(default=1)
    """How many mentors of this kind a mentee needs."""

    version: Mapped[ProgramVersion] = relationship(back_populates="kinds")


class Cohort(Base):
    """One run of a program with its people; evergreen while it has no end."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id))
    name: Mapped[str] = mapped_column(String(64))
    """What the cohort is found by within its version; nobody reads it."""
    title: Mapped[str] = mapped_column(default="")
    """What people call it; empty where there is only the one."""
    state: Mapped[CohortState]
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    created: Mapped[datetime]

    version: Mapped[ProgramVersion] = relationship(lazy="joined", innerjoin=True)

    @property
    def program(self) -> Program:
        return self.version.program

    @property
    def course(self) -> Course:
        return self.program.course


@event.listens_for(ProgramVersion, "before_update")
def _keep_used_version(_mapper: Mapper[ProgramVersion], connection: Connection, version: ProgramVersion) -> None:
    _refuse_if_used(connection, version.id)


@event.listens_for(MentorKind, "before_update")
@event.listens_for(MentorKind, "before_delete")
def _keep_used_kind(_mapper: Mapper[MentorKind], connection: Connection, kind: MentorKind) -> None:
    _refuse_if_used(connection, kind.version_id)


def _refuse_if_used(connection: Connection, version_id: int) -> None:
    number = connection.scalar(
        select(ProgramVersion.number).where(ProgramVersion.id == version_id, ProgramVersion.used.is_not(None))
    )
    if number is not None:
        raise VersionInUse(f"Version {number} is in use. Make a new version and change that.")
