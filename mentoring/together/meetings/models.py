"""The nouns of meetings: one dated contact, what each of its people says of it, and somebody's calendar feed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Person
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel

LONGEST_PLACE = 500
SHORTEST, LONGEST = 5, 480
"""Minutes that a meeting lasts."""


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Useful(StrEnum):
    """What a meeting was good for, in one tap."""

    VERY = "very"
    SOMEWHAT = "somewhat"
    NOT = "not"


class Function(StrEnum):
    """What a mentor is good for: the eight functions of mentoring, as tags of what was said."""

    GROWTH = "growth"
    IDEAS = "ideas"
    ADVICE = "advice"
    EMPATHY = "empathy"
    NETWORK = "network"
    PROJECTS = "projects"
    LEADING = "leading"
    FEEDBACK = "feedback"


class Occasion(Base):
    """A time that a mentor gives: a slot to be booked, or a meeting with several of their mentees at once.

    Each mentorship has a meeting of its own within it. So what is said there stays between its people, and states,
    logs, calendars and reminders know nothing new; the occasion holds what the meetings have in common, and counts
    the seats.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        Index("ix_occasion_mentor_id_starts", "mentor_id", "starts"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("seats > 0", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    is_slot: Mapped[bool]
    """Whether mentees book it, and become the mentor's by that; otherwise it is for mentees they have."""
    starts: Mapped[datetime]
    minutes: Mapped[int]
    timezone: Mapped[str] = mapped_column(String(64))
    channel: Mapped[Channel]
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    """Shown to those who come, and to nobody else."""
    agenda: Mapped[str] = mapped_column(Text, default="")
    seats: Mapped[int]
    """For how many, the mentor not counted."""
    created: Mapped[datetime]
    cancelled: Mapped[datetime | None]

    mentor: Mapped[Participant] = relationship()
    meetings: Mapped[list[Meeting]] = relationship(back_populates="occasion", order_by="Meeting.id")

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def coming(self) -> list[Meeting]:
        """The meetings that were not called off: each takes a seat."""
        return [meeting for meeting in self.meetings if meeting.state is not MeetingState.CANCELLED]

    @property
    def free(self) -> int:
        return max(self.seats - len(self.coming), 0)

    def has_begun(self, at: datetime) -> bool:
        return self.starts <= at

    def is_open(self, at: datetime) -> bool:
        """Whether somebody could still come."""
        return self.cancelled is None and not self.has_begun(at)


class Meeting(Base):
    """One dated contact of the people of a mentorship."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("ix_meeting_mentorship_id_starts", "mentorship_id", "starts"),
        Index("ix_meeting_series", "series"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    starts: Mapped[datetime]
    minutes: Mapped[int]
    timezone: Mapped[str] = mapped_column(String(64))
    """The IANA zone it was planned in: one of a series stays at the same time of the day there."""
    channel: Mapped[Channel]
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    """Where, the number to call, or an https link, by the channel; empty while it is not settled."""
    agenda: Mapped[str] = mapped_column(Text, default="")
    series: Mapped[str | None] = mapped_column(String(32))
    """What the meetings of one series have in common; empty for one that stands alone."""
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey(Occasion.id), index=True)
    """What it is part of, where the mentor meets others at the same time or has offered the time."""
    planned_by_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    """Who booked it or changed it last: place and agenda are their words."""
    sequence: Mapped[int] = mapped_column(default=0)
    """How often it was changed; calendars go by it."""
    created: Mapped[datetime]
    changed: Mapped[datetime]

    mentorship: Mapped[Mentorship] = relationship()
    planned_by: Mapped[Participant] = relationship()
    occasion: Mapped[Occasion | None] = relationship(back_populates="meetings")
    entries: Mapped[list[MeetingEntry]] = relationship(back_populates="meeting", order_by="MeetingEntry.id")

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def is_planned(self) -> bool:
        return self.state is MeetingState.PLANNED

    def has_begun(self, at: datetime) -> bool:
        return self.starts <= at

    def entry_of(self, person: Participant) -> MeetingEntry | None:
        return next((entry for entry in self.entries if entry.participant_id == person.id), None)

    def is_good_for(self, function: str) -> bool:
        """Whether any of its people ticked that."""
        return any(function in entry.functions for entry in self.entries)

    def change(self, at: datetime) -> None:
        """Something of it is different now, and calendars are to notice."""
        self.sequence, self.changed = self.sequence + 1, at


class MeetingEntry(Base):
    """What one of its people says about a meeting: their own attendance, and the log in their words."""

    __tablename__ = "meeting_entry"
    __table_args__ = (UniqueConstraint("meeting_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    has_attended: Mapped[bool]
    topics: Mapped[str] = mapped_column(Text, default="")
    actions: Mapped[str] = mapped_column(Text, default="")
    more: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Answers to the optional prompts, by the prompt's key."""
    functions: Mapped[list[str]] = mapped_column(default=list)
    """What it was good for: values of Function."""
    useful: Mapped[Useful | None]
    """Theirs alone; instructors may learn how many said what, and never who."""
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id))
    """Who ticked it for them on a list; empty when they have said it themselves, and then no list changes it."""
    written: Mapped[datetime]
    changed: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(back_populates="entries")
    participant: Mapped[Participant] = relationship(foreign_keys=participant_id)
    said_by: Mapped[Participant | None] = relationship(foreign_keys=said_by_id)


class CalendarFeed(Base):
    """A secret address at which calendar programs read the meetings of one person."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address."""
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    created: Mapped[datetime]
    revoked: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
