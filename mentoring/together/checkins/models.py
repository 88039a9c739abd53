"""The nouns of check-ins: who is asked and how often, which mentees agree, what was asked, and who is not asked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.contacts.models import LONGEST as LONGEST_NAME
from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.programs.models import Cohort

MOST_WEEKS = 26
LONGEST_RELATION = 100


class AskedAs(StrEnum):
    """What makes somebody the one to ask."""

    MANAGER = "manager"
    CONTACT = "contact"
    """Somebody else, named for one mentorship."""


class Seen(StrEnum):
    """What change somebody sees in a mentee."""

    CLEAR = "clear"
    SOME = "some"
    NONE_YET = "none_yet"
    WORSE = "worse"
    CANNOT_SAY = "cannot_say"


class CheckInRhythm(Base):
    """How often the managers of a cohort's mentees are asked; without a row, never."""

    __tablename__ = "check_in_rhythm"
    __table_args__ = (CheckConstraint("weeks > 0", name="weeks"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id), unique=True)
    weeks: Mapped[int]
    said_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    said: Mapped[datetime]


class CheckInOwnRhythm(Base):
    """How often it is in a single mentorship, whatever the cohort's rhythm says."""

    __tablename__ = "check_in_own_rhythm"
    __table_args__ = (CheckConstraint("weeks > 0", name="weeks"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), unique=True)
    weeks: Mapped[int | None]
    """Empty where nobody is to be asked in it."""
    said_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    said: Mapped[datetime]


class CheckInContact(Base):
    """Somebody else who is asked about a mentee, beside their manager or instead."""

    __tablename__ = "check_in_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    mail: Mapped[str] = mapped_column(String(LONGEST_NAME))
    relation: Mapped[str] = mapped_column(String(LONGEST_RELATION))
    """Who they are to the mentee."""
    is_instead: Mapped[bool]
    """Whether the manager is not asked then."""
    said_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    said: Mapped[datetime]


class CheckInConsent(Base):
    """Whether a mentee agrees that one certain person is asked about them. Without a yes, nobody is."""

    __tablename__ = "check_in_consent"
    __table_args__ = (UniqueConstraint("mentorship_id", "asked_as"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    asked_as: Mapped[AskedAs]
    is_given: Mapped[bool]
    whom: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the mail address they were shown: a yes to one manager is none to the next."""
    said: Mapped[datetime]
    next_due: Mapped[datetime | None]
    """When they are asked next; letters that name another moment do nothing. Empty while nobody is to be."""


class CheckIn(Base):
    """One question to somebody outside, and their answer."""

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("mentorship_id", "asked_as", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    asked_as: Mapped[AskedAs] = mapped_column(default=AskedAs.MANAGER)
    due: Mapped[datetime]
    """The moment that its letter names."""
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address they answer at."""
    mail: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the mail address that was asked."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    """Who was asked, as they were called then."""
    manager_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """The same, where they are in the course."""
    message_id: Mapped[str] = mapped_column(String(255))
    asked: Mapped[datetime]
    sent: Mapped[datetime | None]
    """When the mail server took the question."""
    expires: Mapped[datetime]
    answered: Mapped[datetime | None]
    seen: Mapped[Seen | None]
    words: Mapped[str] = mapped_column(Text, default="")

    mentorship: Mapped[Mentorship] = relationship()
    manager: Mapped[Enrolment | None] = relationship()

    @property
    def asked_name(self) -> str:
        """Who was asked; empty where that was erased."""
        return self.manager.name if self.manager else self.name


class CheckInStop(Base):
    """Somebody outside who wants no more of these mails, about anybody."""

    __tablename__ = "check_in_stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of their mail address."""
    at: Mapped[datetime]
