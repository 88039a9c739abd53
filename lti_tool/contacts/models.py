"""The nouns of contacts: somebody outside the course, and the link from a person to their manager."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment

LONGEST = 255
MAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")


def is_mail(said: str) -> bool:
    """Whether this could be a mail address; only a letter to it would tell more."""
    return MAIL.fullmatch(said) is not None and len(said) <= LONGEST


@dataclass(frozen=True)
class Outsider:
    """Somebody who is not in the course, as far as whoever names them knows."""

    name: str
    mail: str


Manager = Enrolment | Outsider


class Contact(Base):
    """Somebody who is not enrolled in the course and matters to it, such as a manager."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("course_id", "mail"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    name: Mapped[str] = mapped_column(String(LONGEST))
    mail: Mapped[str] = mapped_column(String(LONGEST))
    """In small letters, so that one person is one contact however their mail is written."""
    created: Mapped[datetime]


class ManagerLink(Base):
    """Who somebody's manager is: another person of the course, or a contact. Their instructors and they see it."""

    __tablename__ = "manager_link"
    __table_args__ = (
        CheckConstraint("(manager_enrolment_id IS NULL) <> (contact_id IS NULL)", name="one_manager"),
        CheckConstraint("manager_enrolment_id <> enrolment_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), unique=True)
    manager_enrolment_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey(Contact.id), index=True)
    said_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    """Who recorded it: an instructor, or the person themselves."""
    at: Mapped[datetime]
    """When it was recorded."""

    enrolment: Mapped[Enrolment] = relationship(foreign_keys=[enrolment_id])
    manager_enrolment: Mapped[Enrolment | None] = relationship(foreign_keys=[manager_enrolment_id])
    contact: Mapped[Contact | None] = relationship()
    said_by: Mapped[Enrolment] = relationship(foreign_keys=[said_by_id])

    @property
    def manager(self) -> Enrolment | Contact:
        found = self.manager_enrolment or self.contact
        assert found is not None
        return found

    @property
    def name(self) -> str:
        """What the manager is called."""
        return self.manager.name

    @property
    def mail(self) -> str:
        """The manager's mail; empty for somebody of the course whose mail the LMS withholds."""
        return self.contact.mail if self.contact else self.manager_enrolment.person.email  # type: ignore[union-attr]

    @property
    def is_said_by_themselves(self) -> bool:
        return self.said_by_id == self.enrolment_id
