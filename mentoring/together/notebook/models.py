"""The noun of notebooks: an entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, new_public_id
from lti_tool.models import Person
from lti_tool.names import plainly
from mentoring.mentorships.models import Mentorship


class NotebookEntry(Base):
    """Something that somebody learned, or will try. It belongs to them, whichever course they wrote it in."""

    __tablename__ = "notebook_entry"
    __table_args__ = (
        Index("ix_notebook_entry_person_id_written", "person_id", "written"),
        CheckConstraint("(shared_with_id IS NULL) = (shared IS NULL)", name="shared"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    text: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    """The text without case and accents, to search by: databases know no more than those of English."""
    grew_from_id: Mapped[int | None] = mapped_column(ForeignKey(Mentorship.id))
    """The mentorship in which they learned it, if they say so."""
    shared_with_id: Mapped[int | None] = mapped_column(ForeignKey(Mentorship.id), index=True)
    """The mentorship whose people may read it, while it stands and its writer belongs to it."""
    shared: Mapped[datetime | None]
    """Since when they may."""
    written: Mapped[datetime]
    changed: Mapped[datetime]

    def say(self, text: str, *, at: datetime) -> None:
        """Saying the same again changes nothing."""
        if text != self.text:
            self.text, self.plain, self.changed = text, plainly(text), at

    def share(self, mentorship: Mentorship | None, *, at: datetime) -> None:
        """Let the people of this mentorship read it and nobody else; with none, it is private again."""
        wanted = mentorship.id if mentorship is not None else None
        if wanted != self.shared_with_id:
            self.shared_with_id, self.shared = wanted, at if wanted is not None else None
