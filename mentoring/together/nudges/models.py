"""The nouns of reminders: one nudge, and the three ways of having none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base
from lti_tool.models import Person
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.programs.models import Program

LONGEST_RULE, LONGEST_ABOUT = 32, 64


class Nudge(Base):
    """Somebody is to be reminded of something in a mentorship, or was."""

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("mentorship_id", "participant_id", "rule", "about", "nth"),
        Index("ix_nudge_person_id_sent", "person_id", "sent"),
        CheckConstraint("nth > 0", name="nth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    """Whose it is, whatever the course: a person gets one notice a day."""
    rule: Mapped[str] = mapped_column(String(LONGEST_RULE))
    about: Mapped[str] = mapped_column(String(LONGEST_ABOUT))
    """The occasion, such as a meeting's public id: as long as it stays the same, it is the same thing again."""
    nth: Mapped[int]
    """Which nudge about this occasion, from 1."""
    due: Mapped[datetime]
    sent: Mapped[datetime | None]
    """When it was told, in that day's notice."""
    dropped: Mapped[datetime | None]
    """When it was found to make no sense any more."""
    created: Mapped[datetime]

    mentorship: Mapped[Mentorship] = relationship()
    participant: Mapped[Participant] = relationship()


class NudgeStop(Base):
    """Somebody does not want to be reminded by a rule, in any of their courses."""

    __tablename__ = "nudge_stop"
    __table_args__ = (UniqueConstraint("person_id", "rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    rule: Mapped[str] = mapped_column(String(LONGEST_RULE))
    created: Mapped[datetime]


class NudgeRest(Base):
    """The people of a mentorship want no reminders for a while."""

    __tablename__ = "nudge_rest"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), unique=True)
    until: Mapped[datetime]

    mentorship: Mapped[Mentorship] = relationship()


class NudgeSwitch(Base):
    """Whether a program reminds its people; without a row it does. It holds for every version."""

    __tablename__ = "nudge_switch"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey(Program.id), unique=True)
    is_on: Mapped[bool]

    program: Mapped[Program] = relationship()
