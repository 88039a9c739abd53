"""The nouns of instruments: what a course can ask with, and each wording of it that was used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, String, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment
from reviews.instruments.content import Content, InstrumentKind

LONGEST_NAME = 200


class Instrument(Base):
    """Something a course asks with, under a name that stays while its wording changes."""

    __tablename__ = "instrument"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    kind: Mapped[InstrumentKind]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    ready_made: Mapped[str] = mapped_column(String(64), default="")
    """The one that came with the tool and that it began as; empty for one of the course's own."""
    is_retired: Mapped[bool] = mapped_column(default=False)
    """No longer offered for new campaigns."""
    created: Mapped[datetime]

    course: Mapped[Course] = relationship()
    versions: Mapped[list[InstrumentVersion]] = relationship(
        back_populates="instrument", order_by="InstrumentVersion.n", cascade="all, delete-orphan"
    )

    @property
    def newest(self) -> InstrumentVersion:
        return self.versions[-1]


class InstrumentVersion(Base):
    """One wording: to be worked on until somebody is asked with it; then it does not change."""

    __tablename__ = "instrument_version"
    __table_args__ = (UniqueConstraint("instrument_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey(Instrument.id))
    n: Mapped[int]
    """Counts the instrument's versions from 1."""
    content: Mapped[dict[str, Any]]
    """As `reviews.instruments.content` keeps it."""
    frozen: Mapped[datetime | None]
    """Since when it is asked with; empty while it may change."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Who changed it last; empty where it came with the tool."""
    created: Mapped[datetime]

    instrument: Mapped[Instrument] = relationship(back_populates="versions")

    @property
    def said(self) -> Content:
        return Content.of(self.content)

    @property
    def is_frozen(self) -> bool:
        return self.frozen is not None


@event.listens_for(InstrumentVersion, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, version: InstrumentVersion) -> None:
    """People have answered what it says, so it says that for ever."""
    state = inspect(version)
    was_frozen = [*state.attrs.frozen.history.unchanged, *state.attrs.frozen.history.deleted]
    if state.attrs.content.history.has_changes() and was_frozen and was_frozen[0] is not None:
        raise TypeError(f"Version {version.id} is asked with and does not change. Make a new one.")
