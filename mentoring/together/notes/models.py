"""The noun of notes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship


class Visibility(StrEnum):
    """Who reads a note beside whoever wrote it."""

    PRIVATE = "private"
    """Nobody, not even instructors."""
    PAIR = "pair"
    """The people of the mentorship."""
    PROGRAM = "program"
    """They, and the instructors of the course."""
    STAFF = "staff"
    """Instructors who do not belong to the mentorship and never did, and nobody of it."""


TO_ITS_PEOPLE = (Visibility.PAIR, Visibility.PROGRAM)
TO_INSTRUCTORS = (Visibility.PROGRAM, Visibility.STAFF)


class Note(Base):
    """Some words at a mentorship."""

    __tablename__ = "note"
    __table_args__ = (
        Index("ix_note_mentorship_id_written", "mentorship_id", "written"),
        CheckConstraint("(visibility IN ('pair', 'program')) = (opened IS NOT NULL)", name="opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    author_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Whoever wrote it, and alone may change it: one of its people, or an instructor."""
    visibility: Mapped[Visibility]
    opened: Mapped[datetime | None]
    """Since when the people of the mentorship may read it; empty while they may not."""
    text: Mapped[str] = mapped_column(Text)
    written: Mapped[datetime]
    changed: Mapped[datetime]

    author: Mapped[Enrolment] = relationship()

    @property
    def is_private(self) -> bool:
        return self.visibility is Visibility.PRIVATE

    def say(self, text: str, visibility: Visibility, *, at: datetime) -> None:
        """These words, for these readers; saying the same again changes nothing."""
        if text != self.text:
            self.text, self.changed = text, at
        self.visibility = visibility
        if visibility not in TO_ITS_PEOPLE:
            self.opened = None
        elif self.opened is None:
            self.opened = at
