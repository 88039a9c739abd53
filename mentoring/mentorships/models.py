"""The nouns of mentorships: the relationship, who belongs to it, the places it takes, and its history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.mentorships.states import OPEN, STANDING, MentorshipState, is_final, may_follow
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort, MentorKind


class Part(StrEnum):
    """What somebody is in a mentorship."""

    MENTOR = "mentor"
    CO_MENTOR = "co_mentor"
    MENTEE = "mentee"
    PEER = "peer"
    """One of a pair or circle without a fixed mentor."""
    SUBSTITUTE = "substitute"


class Origin(StrEnum):
    """How a mentorship came about."""

    ASSIGNED = "assigned"
    """By an instructor, by hand."""
    RUN = "run"
    REQUEST = "request"
    """The mentee asked."""


class NotPossible(Exception):
    """A mentorship in this state cannot go on to that one."""


class Mentorship(Base):
    """A standing relationship, from its proposal to its end."""

    __tablename__ = "mentorship"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey(MentorKind.id))
    state: Mapped[MentorshipState]
    origin: Mapped[Origin] = mapped_column(default=Origin.ASSIGNED)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_run.id"))
    """The match run that proposed it."""
    passed_on_from_id: Mapped[int | None] = mapped_column(ForeignKey("mentorship.id"))
    """The ask that was declined or expired, and went on to this mentor."""
    case_text: Mapped[str] = mapped_column(Text, default="")
    """What a mentee wrote to the mentor they ask."""
    question: Mapped[str] = mapped_column(Text, default="")
    """What the mentor asked back."""
    answer: Mapped[str] = mapped_column(Text, default="")
    waits_for: Mapped[Part | None]
    """Whose turn it is; empty when nobody's."""
    asked: Mapped[datetime | None]
    """Since when it has been their turn."""
    reply_by: Mapped[datetime | None]
    nudged: Mapped[datetime | None]
    """When whoever it waits for was last reminded, in their turn."""
    mentor_agreed: Mapped[datetime | None]
    mentee_agreed: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    started: Mapped[datetime | None]
    """When it was accepted; its length counts from here."""
    planned_end: Mapped[datetime | None]
    grace_ends: Mapped[datetime | None]
    """When it ends by itself, because one of the two has left the course and may still return."""
    ended: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(64), default="")
    """A code for reports, not a text: `unpaired`, `mentor_left`, `mentor_silent`, or why somebody ended or declined it,
    which instructors alone may see; empty while it goes on."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("mentorship.id"))
    """The mentorship that ended and that this one follows."""
    created: Mapped[datetime]
    stalled: Mapped[datetime | None]
    """Since when it has been announced to fade; empty when it does not. Whatever moves it says more than that."""

    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    kind: Mapped[MentorKind] = relationship(lazy="joined", innerjoin=True)
    members: Mapped[list[Membership]] = relationship(back_populates="mentorship", order_by="Membership.id")
    places: Mapped[list[Place]] = relationship(back_populates="mentorship", cascade="all, delete-orphan")
    history: Mapped[list[Transition]] = relationship(back_populates="mentorship", order_by="Transition.id")
    tasks: Mapped[list[Task]] = relationship(
        back_populates="mentorship", order_by="Task.due.is_(None), Task.due, Task.id"
    )

    @property
    def has_ended(self) -> bool:
        return is_final(self.state)

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    @property
    def is_open(self) -> bool:
        """Whether somebody was asked and has not answered for good."""
        return self.state in OPEN

    @property
    def is_circle(self) -> bool:
        """Whether those who belong to it are peers: nobody mentors, and `mentor` and `mentee` may not be asked for."""
        return any(member.part is Part.PEER for member in self.members)

    @property
    def people(self) -> list[Participant]:
        """Who belongs to it now; of one that is over, who did to the last."""
        return [member.participant for member in self.members if member.until == self.ended]

    @property
    def mentor(self) -> Participant:
        """Who mentors now, or did last: a substitute while there is one."""
        guides = [member for member in self.members if member.part in (Part.MENTOR, Part.SUBSTITUTE)]
        return guides[-1].participant

    @property
    def mentee(self) -> Participant:
        return self.person(Part.MENTEE)

    def move(
        self, to: MentorshipState, *, by: Enrolment | None, at: datetime, reason: str = "", note: str = ""
    ) -> None:
        """Go on to this state and remember who did it, when and why; `by` nobody when the clock did.

        Raises NotPossible.
        """
        if not may_follow(self.state, to):
            raise NotPossible(f"A mentorship that is {self.state.value} cannot become {to.value}.")
        self._remember(self.state, to, by, at, reason, note)
        self.state, self.stalled = to, None
        if is_final(to):
            self._close(at, reason)

    def remark(self, *, by: Enrolment | None, at: datetime, reason: str, note: str = "") -> None:
        """A line of its history about something that leaves the state as it is."""
        self._remember(self.state, self.state, by, at, reason, note)

    def wait_for(self, part: Part | None, *, at: datetime) -> None:
        """It is their turn from now on, for as long as the program gives them; of nobody, nobody's."""
        self.waits_for, self.nudged = part, None
        self.asked = at if part else None
        self.reply_by = at + self.cohort.version.reply_time if part else None

    def begin(self, *, by: Enrolment | None, at: datetime) -> None:
        """The first line of its history: how it came to be in the state it was made with."""
        self._remember(None, self.state, by, at, "")

    def end(self, *, by: Enrolment | None, at: datetime, reason: str, note: str = "") -> None:
        """Call it off if it has not begun, else end it early; its places are free again."""
        early = MentorshipState.CANCELLED if self.state == MentorshipState.ACCEPTED else MentorshipState.ENDED_EARLY
        self.move(early, by=by, at=at, reason=reason, note=note)

    def person(self, part: Part) -> Participant:
        """The one who has, or last had, this part."""
        return [member.participant for member in self.members if member.part == part][-1]

    def _remember(
        self,
        was: MentorshipState | None,
        to: MentorshipState,
        by: Enrolment | None,
        at: datetime,
        reason: str,
        note: str = "",
    ) -> None:
        self.history.append(Transition(from_state=was, to_state=to, actor=by, at=at, reason=reason, note=note))

    def _close(self, at: datetime, reason: str) -> None:
        self.ended, self.end_reason, self.waits_for = at, reason, None
        for member in self.members:
            member.until = member.until or at
        self.places.clear()


class Membership(Base):
    """Somebody's part in a mentorship, and for how long they had it."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_current",
            "mentorship_id",
            "participant_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    part: Mapped[Part]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """When they ceased to belong; empty while they do."""

    mentorship: Mapped[Mentorship] = relationship(back_populates="members")
    participant: Mapped[Participant] = relationship()


class Place(Base):
    """A mentor's place, taken by a mentee. The row is there exactly as long as the place is taken.

    So a mentor's load is the number of their places, and the constraints hold what no pairing may break:
    nobody mentors themselves, nobody has the same mentor twice (not even for two kinds), and nobody has
    more mentors of a kind than they need.

    Everybody in a circle has a place of their own in it, which no mentor gives: so nobody is in more circles than the
    program has for them.
    """

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("mentee_id", "mentor_id"),
        UniqueConstraint("mentee_id", "kind_id", "nth"),
        CheckConstraint("mentor_id <> mentee_id", name="not_oneself"),
        CheckConstraint("nth > 0", name="nth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id), index=True)
    """Empty for a place in a circle."""
    mentee_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    kind_id: Mapped[int] = mapped_column(ForeignKey(MentorKind.id))
    nth: Mapped[int] = mapped_column(default=1)
    """Which of the mentors of this kind that the mentee needs, from 1."""
    since: Mapped[datetime]

    mentorship: Mapped[Mentorship] = relationship(back_populates="places")
    mentor: Mapped[Participant | None] = relationship(foreign_keys=mentor_id)
    mentee: Mapped[Participant] = relationship(foreign_keys=mentee_id)
    kind: Mapped[MentorKind] = relationship()


class Transition(Base):
    """One step of a mentorship's history; written once, never changed."""

    __tablename__ = "transition"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    from_state: Mapped[MentorshipState | None]
    """Empty for the first step."""
    to_state: Mapped[MentorshipState]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Who did it; empty where the clock or the roster did."""
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    """A code."""
    note: Mapped[str] = mapped_column(Text, default="")
    """Private words of the actor, for instructors only."""

    mentorship: Mapped[Mentorship] = relationship(back_populates="history")
    actor: Mapped[Enrolment | None] = relationship()


class Task(Base):
    """Something to do in a mentorship: copied from the program when it began, or given by one of its people."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    part: Mapped[Part]
    """Who does it."""
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[datetime | None]
    """Empty where whoever gave it named no day; the program always does."""
    done: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey(Participant.id), index=True)
    """Whose words it is in; empty for one of the program."""
    changes: Mapped[int] = mapped_column(default=0)
    """How often it was changed since it was given."""

    mentorship: Mapped[Mentorship] = relationship(back_populates="tasks")
    done_by: Mapped[Participant | None] = relationship(foreign_keys=done_by_id)
    given_by: Mapped[Participant | None] = relationship(foreign_keys=given_by_id)

    def is_overdue(self, at: datetime) -> bool:
        return self.done is None and self.due is not None and self.due < at

    def tick(self, is_done: bool, *, by: Participant, at: datetime) -> None:
        """It is done, or was not after all; a second tick changes nothing."""
        if is_done != (self.done is not None):
            self.done, self.done_by = (at, by) if is_done else (None, None)


class HistoryIsWritten(Exception):
    """A step of the history was about to be changed or removed."""


@event.listens_for(Transition, "before_update")
@event.listens_for(Transition, "before_delete")
def _keep_history(_mapper: Mapper[Transition], _connection: Connection, transition: Transition) -> None:
    raise HistoryIsWritten(f"Transition {transition.id} stays as it was written.")
