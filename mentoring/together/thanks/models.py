"""A thank-you, which belongs to whoever it was written to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.contacts.models import Contact
from lti_tool.db import Base, new_public_id
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant


class Thanks(Base):
    """What somebody thanked somebody for; private to whoever received it, unless they show it to instructors."""

    __tablename__ = "thanks"
    __table_args__ = (CheckConstraint("by_id IS NULL OR contact_id IS NULL", name="one_author"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey(Contact.id))
    """Somebody from outside, such as a mentee's manager. With neither, whoever wrote it was erased."""
    words: Mapped[str] = mapped_column(Text)
    """Empty where whoever wrote it was erased: that they were thanked stays, for whom they thanked."""
    at: Mapped[datetime]
    is_shown: Mapped[bool] = mapped_column(default=False)
    """Whether instructors may read it."""

    mentorship: Mapped[Mentorship] = relationship()
    to: Mapped[Participant] = relationship(foreign_keys=to_id)
    by: Mapped[Participant | None] = relationship(foreign_keys=by_id)
    contact: Mapped[Contact | None] = relationship()

    @property
    def author(self) -> str:
        """What whoever wrote it is called; empty of somebody who was erased."""
        if self.by is not None:
            return self.by.name
        return self.contact.name if self.contact is not None else ""
