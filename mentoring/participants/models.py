"""The nouns of participants: a part in a cohort, what a mentor offers and what a mentee needs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.programs.models import Cohort

MOST_PLACES = 100
"""That one person may offer."""


class ParticipantState(StrEnum):
    """Whether somebody takes part; offering, seeking and placed follow from offers and places."""

    INVITED = "invited"
    TAKING_PART = "taking_part"
    WAITING_LIST = "waiting_list"
    PAUSED = "paused"
    LEFT = "left"


class ExclusionSource(StrEnum):
    """Why two people must not be matched."""

    ASKED = "asked"
    """One of the two asked for it."""
    COORDINATOR = "coordinator"
    GRADER = "grader"
    """One of them grades or assesses the other."""
    PAST_END = "past_end"
    """Their mentorship ended, and they would not do it again."""


class Came(StrEnum):
    """How somebody came to take part."""

    TICKED = "ticked"
    """An instructor said that they mentor, by hand, by group or by file."""
    JOINED = "joined"
    """By themselves."""
    ADDED = "added"
    """By an instructor."""
    NOMINATED = "nominated"
    """By somebody else; invited until they have decided."""
    NEWCOMER = "newcomer"
    """They appeared on the roster of a cohort that invites newcomers."""


class Shows(StrEnum):
    """What the directory of mentors may say of somebody."""

    NAME = "name"
    """Without it they do not stand in the directory."""
    KINDS = "kinds"
    SKILLS = "skills"
    LANGUAGES = "languages"
    TOPICS = "topics"
    TIMES = "times"
    EXPERIENCE = "experience"
    INTERESTS = "interests"
    TEAM = "team"
    WORDS = "words"


USUALLY_SHOWN = (Shows.NAME, Shows.KINDS, Shows.SKILLS, Shows.LANGUAGES)
SHOWS_NOTHING = "nothing"
"""Stands alone in `shows` of somebody who wants nothing shown; who was never asked has an empty list."""

OUTSIDE = frozenset({ParticipantState.INVITED, ParticipantState.WAITING_LIST, ParticipantState.LEFT})
"""Whoever is in one of these states mentors nobody new."""


class Participant(Base):
    """One person's part in one cohort. Learners without a row are mentees all the same."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("cohort_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    as_mentor: Mapped[bool] = mapped_column(default=False)
    as_mentee: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ParticipantState] = mapped_column(default=ParticipantState.TAKING_PART)
    came: Mapped[Came] = mapped_column(default=Came.ADDED)
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    consented: Mapped[datetime | None]
    """When they said yes to taking part."""
    paused_until: Mapped[datetime | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    """BCP 47 codes of the languages they would be mentored or mentor in."""
    timezone: Mapped[str] = mapped_column(String(64), default="")
    """An IANA zone; empty for the person's own, or the course's."""
    hours: Mapped[list[int]] = mapped_column(default=list)
    """Half hours of a week in their time zone when they are free: 0 to 335 from Monday midnight."""
    interests: Mapped[list[str]] = mapped_column(default=list)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """To the program's closed questions about values and ways of working, by the question's key."""
    level: Mapped[int | None]
    """How senior, in whatever steps the course uses."""
    team: Mapped[str] = mapped_column(String(120), default="")
    shows: Mapped[list[str]] = mapped_column(default=list)
    """What of all this the directory may show: values of Shows, or SHOWS_NOTHING; empty before they were asked."""
    created: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship()
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True, foreign_keys=enrolment_id)
    nominated_by: Mapped[Enrolment | None] = relationship(foreign_keys=nominated_by_id)
    offer: Mapped[MentorOffer | None] = relationship(back_populates="participant")
    need: Mapped[MenteeNeed | None] = relationship(back_populates="participant")
    wishes: Mapped[list[Wish]] = relationship(back_populates="participant", order_by="Wish.rank")
    training: Mapped[list[TrainingDone]] = relationship(back_populates="participant")
    passed: Mapped[list[Passed]] = relationship(
        primaryjoin=lambda: foreign(Passed.enrolment_id) == Participant.enrolment_id, viewonly=True
    )

    @property
    def name(self) -> str:
        return self.enrolment.name

    @property
    def is_peer(self) -> bool:
        """Whether the program has nobody above the others."""
        return self.cohort.version.is_of_peers

    @property
    def capacity(self) -> int:
        """The places they offer this term; none without an offer, or while they do not take part."""
        return self.offer.capacity if self.offer is not None and self.as_mentor and self.state not in OUTSIDE else 0

    @property
    def has_said_offer(self) -> bool:
        """Whether they have said themselves what they offer: an instructor may tick, and fill in all but `shows`."""
        return self.offer is not None and bool(self.shows)

    @property
    def shown(self) -> frozenset[Shows]:
        """What the directory shows of them."""
        return frozenset(each for each in Shows if each in (self.shows or USUALLY_SHOWN))


class MentorOffer(Base):
    """What somebody brings as a mentor."""

    __tablename__ = "mentor_offer"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), unique=True)
    capacity: Mapped[int]
    """Most mentees at once; 0 says not this term."""
    kinds: Mapped[list[str]] = mapped_column(default=list)
    """Keys of the kinds of mentor they would be; none named is all of them."""
    skills: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    """Goals they help with."""
    types: Mapped[list[str]] = mapped_column(default=list)
    """Forms of mentoring they would do: values of MentoringType; none named is all of them."""
    experience: Mapped[int | None]
    """Years in the field."""
    words: Mapped[str] = mapped_column(Text, default="")
    """Why I mentor."""
    checked: Mapped[list[str]] = mapped_column(default=list)
    """What an instructor has ticked of the program's checklist; they do not see it."""
    created: Mapped[datetime]
    changed: Mapped[datetime]

    participant: Mapped[Participant] = relationship(back_populates="offer")


class MenteeNeed(Base):
    """What somebody seeks as a mentee."""

    __tablename__ = "mentee_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), unique=True)
    kinds: Mapped[list[str]] = mapped_column(default=list)
    """Keys of the kinds of mentor they want; none named is all the program gives."""
    skills: Mapped[list[str]] = mapped_column(default=list)
    """Skills to learn."""
    topics: Mapped[list[str]] = mapped_column(default=list)
    """Goals."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What I hope for."""
    created: Mapped[datetime]
    changed: Mapped[datetime]

    participant: Mapped[Participant] = relationship(back_populates="need")


class Wish(Base):
    """Somebody a participant would like to be matched with; private."""

    __tablename__ = "wish"
    __table_args__ = (UniqueConstraint("participant_id", "whom_id"), CheckConstraint("rank > 0", name="rank"))

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    whom_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    rank: Mapped[int]
    """1 is the dearest."""

    participant: Mapped[Participant] = relationship(back_populates="wishes")
    whom: Mapped[Enrolment] = relationship()


class Exclusion(Base):
    """Two people of a course who must not be matched; private to whoever said so and to instructors."""

    __tablename__ = "exclusion"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id", "said_by_id"),
        CheckConstraint("one_id <> other_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    one_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    """The one with the lower id."""
    other_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    source: Mapped[ExclusionSource]
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime | None]
    """From when on it does not hold any more; empty for never."""
    created: Mapped[datetime]

    one: Mapped[Enrolment] = relationship(foreign_keys=one_id)
    other: Mapped[Enrolment] = relationship(foreign_keys=other_id)
    said_by: Mapped[Enrolment | None] = relationship(foreign_keys=said_by_id)


class TrainingDone(Base):
    """An item of a training that somebody has done."""

    __tablename__ = "training_done"
    __table_args__ = (UniqueConstraint("participant_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    item: Mapped[str] = mapped_column(String(64))
    """The item's key."""
    done: Mapped[datetime]
    """When it was last done; from here its validity counts."""
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Themselves, or an instructor; what a quiz says is in `Passed`."""

    participant: Mapped[Participant] = relationship(back_populates="training")
    said_by: Mapped[Enrolment | None] = relationship()


class Passed(Base):
    """An activity of ours, such as a quiz, that somebody has passed; heard when it happened, for whoever asks later."""

    __tablename__ = "passed"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    activity: Mapped[str] = mapped_column(String(128))
    """Its reference, such as `quiz:` and the quiz's public id."""
    at: Mapped[datetime]
    """When they last passed it."""

    enrolment: Mapped[Enrolment] = relationship()


class Answer(StrEnum):
    """What somebody said who was asked to mentor."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Nomination(Base):
    """Somebody thinks that somebody would make a good mentor. Who was named decides, and need not say why."""

    __tablename__ = "nomination"
    __table_args__ = (
        UniqueConstraint("cohort_id", "whom_id", "by_id"),
        CheckConstraint("whom_id <> by_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    whom_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    answer: Mapped[Answer | None]
    """Empty while they think about it."""
    created: Mapped[datetime]
    answered: Mapped[datetime | None]

    whom: Mapped[Enrolment] = relationship(foreign_keys=whom_id)
    by: Mapped[Enrolment] = relationship(foreign_keys=by_id)
