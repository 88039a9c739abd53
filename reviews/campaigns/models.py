"""The nouns of campaigns: a round of reviews, its rater groups, who is reviewed, and who is asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.programs.choices import ForWhom
from mentoring.programs.models import Cohort
from reviews.campaigns.phases import RUNNING, AssignmentState, Phase, may_become, may_follow
from reviews.campaigns.rules import (
    Anonymity,
    CampaignKind,
    Milestone,
    Moment,
    NominatedBy,
    Purpose,
    ReleasedBy,
    SeesComments,
    Thresholds,
)
from reviews.instruments.content import Content
from reviews.instruments.models import InstrumentVersion

LONGEST_TITLE = 200
LONGEST_LABEL = 80


class NotPossible(Exception):
    """In this phase or state that cannot be done."""


class Campaign(Base):
    """One round: what is asked, of whom, about whom, and by when."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        CheckConstraint("days > 0 AND open_days > 0", name="days"),
        CheckConstraint("retention_months > 0", name="retention"),
        CheckConstraint("(moment = 'milestone') = (milestone IS NOT NULL)", name="milestone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    kind: Mapped[CampaignKind]
    version_id: Mapped[int] = mapped_column(ForeignKey(InstrumentVersion.id), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey(Cohort.id), index=True)
    """The run of a program it belongs to; empty for one of the whole course."""
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    purpose: Mapped[Purpose] = mapped_column(default=Purpose.DEVELOPMENT)
    purpose_words: Mapped[str] = mapped_column(Text, default="")
    """What it is for, in the words of whoever runs it."""
    phase: Mapped[Phase] = mapped_column(default=Phase.DRAFT)
    moment: Mapped[Moment] = mapped_column(default=Moment.DATE)
    days: Mapped[int | None]
    """After the beginning of a mentorship, or from one time to the next."""
    milestone: Mapped[Milestone | None]
    """Of a mentorship, by which it opens."""
    reviewed: Mapped[ForWhom] = mapped_column(default=ForWhom.MENTEE)
    """Of a 360-degree review that opens by mentorships: whom of each it is about."""
    open_days: Mapped[int] = mapped_column(default=14)
    """How long each stays open where it opens by a mentorship."""
    nominate_by: Mapped[datetime | None]
    opens: Mapped[datetime | None]
    """Of one that opens by date."""
    closes: Mapped[datetime | None]
    released_by: Mapped[ReleasedBy] = mapped_column(default=ReleasedBy.STAFF)
    thresholds: Mapped[dict[str, Any]]
    """As `reviews.campaigns.rules.Thresholds` keeps them; never looser once somebody has answered."""
    reminding: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """When raters are reminded, as `reviews.answering.reminding.rule` keeps it; empty for as usual."""
    retention_months: Mapped[int]
    """After its closing, what single raters answered is reduced to what was published."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    """The round before this one: results are compared with it."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    created: Mapped[datetime]
    started: Mapped[datetime | None]
    """Since when answers are collected; what a mentorship had reached before opens nothing."""
    closed: Mapped[datetime | None]
    passed: Mapped[list[str]] = mapped_column(default=list)
    """The phases it has been in before, by their values; those it went past are not among them."""
    reduced: Mapped[datetime | None]
    """Since when single answers are gone."""

    course: Mapped[Course] = relationship()
    version: Mapped[InstrumentVersion] = relationship(lazy="joined", innerjoin=True)
    cohort: Mapped[Cohort | None] = relationship()
    follows: Mapped[Campaign | None] = relationship(remote_side=[id])
    made_by: Mapped[Enrolment | None] = relationship()
    groups: Mapped[list[RaterGroup]] = relationship(
        back_populates="campaign", order_by="RaterGroup.place", cascade="all, delete-orphan"
    )
    targets: Mapped[list[Target]] = relationship(back_populates="campaign", order_by="Target.id")

    @property
    def reference(self) -> str:
        """What placements call it."""
        return f"review:{self.public_id}"

    @property
    def limits(self) -> Thresholds:
        return Thresholds.of(self.thresholds)

    @property
    def is_by_date(self) -> bool:
        """Whether all of it opens at once; else each by its mentorship, or by somebody joining."""
        return self.moment is Moment.DATE

    @property
    def is_by_mentorships(self) -> bool:
        return self.moment not in (Moment.DATE, Moment.BASELINE)

    @property
    def is_running(self) -> bool:
        return self.phase in RUNNING

    def move(self, to: Phase, *, at: datetime) -> None:
        """Go on to this phase. Raises NotPossible."""
        if not may_follow(self.phase, to):
            raise NotPossible(f"A campaign that is {self.phase.value} cannot become {to.value}.")
        self.passed = [*self.passed, self.phase.value]
        self.phase = to
        if to is Phase.COLLECTING:
            self.started = at
        if to is Phase.CLOSED:
            self.closed = at

    def group(self, key: str) -> RaterGroup:
        return next(each for each in self.groups if each.key == key)

    def is_collecting(self, at: datetime) -> bool:
        """Whether answers count now, where it opens and closes by date."""
        return (
            self.phase is Phase.COLLECTING
            and (self.opens is None or self.opens <= at)
            and (self.closes is None or at < self.closes)
        )


class RaterGroup(Base):
    """In which part somebody answers, and what is shown of what they say."""

    __tablename__ = "rater_group"
    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint("fewest_invited <= most_invited", name="fewest_and_most"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey(Campaign.id))
    place: Mapped[int]
    key: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")
    """What the campaign calls it; empty for what the tool calls one of its own."""
    anonymity: Mapped[Anonymity]
    nominated_by: Mapped[NominatedBy]
    least: Mapped[int] = mapped_column(default=0)
    """Fewer answers at closing are told to whoever runs it."""
    fewest_invited: Mapped[int] = mapped_column(default=0)
    most_invited: Mapped[int | None]
    weight: Mapped[float] = mapped_column(default=1.0)
    comments: Mapped[SeesComments]
    version_id: Mapped[int | None] = mapped_column(ForeignKey(InstrumentVersion.id), index=True)
    """What this group is asked, where it is something else than the campaign's: mentors and mentees evaluate each other
    by different statements."""

    campaign: Mapped[Campaign] = relationship(back_populates="groups")
    own_version: Mapped[InstrumentVersion | None] = relationship()

    @property
    def version(self) -> InstrumentVersion:
        return self.own_version or self.campaign.version

    @property
    def content(self) -> Content:
        return self.version.said

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity is Anonymity.ANONYMOUS


class Target(Base):
    """Who or what is reviewed: a person, a person within one mentorship, or, with neither, the program or course."""

    __tablename__ = "review_target"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey(Campaign.id))
    key: Mapped[str] = mapped_column(String(64))
    """Tells it from the others of its campaign, however often it is arranged: `person:7`, `pair:3:7:1`, `whole`."""
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    mentorship_id: Mapped[int | None] = mapped_column(ForeignKey(Mentorship.id), index=True)
    profile: Mapped[str] = mapped_column(String(64), default="")
    """The key of the position whose target profile it is held against."""
    coach_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Who talks the result over with them, and may release it."""
    opens: Mapped[datetime | None]
    """Of its own where the campaign opens by mentorships; else as the campaign does."""
    closes: Mapped[datetime | None]
    closed: Mapped[datetime | None]
    nominated: Mapped[datetime | None]
    """When they said that their list of raters is complete."""

    campaign: Mapped[Campaign] = relationship(back_populates="targets")
    enrolment: Mapped[Enrolment | None] = relationship(foreign_keys=[enrolment_id])
    mentorship: Mapped[Mentorship | None] = relationship()
    coach: Mapped[Enrolment | None] = relationship(foreign_keys=[coach_id])
    assignments: Mapped[list[Assignment]] = relationship(back_populates="target", order_by="Assignment.id")

    def takes_answers(self, at: datetime) -> bool:
        if self.opens is None:
            return self.closed is None and self.campaign.is_collecting(at)
        is_open = self.opens <= at and (self.closes is None or at < self.closes)
        return is_open and self.closed is None and self.campaign.phase is Phase.COLLECTING

    @property
    def until(self) -> datetime | None:
        """When its last answer counts."""
        return self.closes if self.opens is not None else self.campaign.closes


class Assignment(Base):
    """Who is asked about whom, in which group, and how far that has come; never what they answered.

    What they have written so far stands here sealed until they hand it in; then it goes without leaving a trace.
    """

    __tablename__ = "review_assignment"
    __table_args__ = (
        UniqueConstraint("target_id", "rater_id"),
        UniqueConstraint("target_id", "mail"),
        CheckConstraint("(rater_id IS NULL) <> (mail IS NULL)", name="one_rater"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    target_id: Mapped[int] = mapped_column(ForeignKey(Target.id))
    group_id: Mapped[int] = mapped_column(ForeignKey(RaterGroup.id), index=True)
    rater_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    """Of somebody who is not in the course."""
    mail: Mapped[str | None] = mapped_column(String(255))
    """Of somebody who is not in the course, in small letters."""
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.PROPOSED)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Empty where the campaign knows by itself who belongs to the group."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why somebody declined, or was not approved."""
    invited: Mapped[datetime | None]
    submitted: Mapped[date | None]
    """The day, and no more: a moment would lead from the answers back to who gave them."""
    sealed_draft: Mapped[str | None] = mapped_column(Text)
    """What was written so far."""
    seq: Mapped[int] = mapped_column(default=0)
    """Of the newest draft kept; an older one that arrives later changes nothing."""
    reminded: Mapped[datetime | None]
    """When its rater was last told of it: that they are asked, or that it waits."""
    reminders: Mapped[int] = mapped_column(default=0)

    target: Mapped[Target] = relationship(back_populates="assignments")
    group: Mapped[RaterGroup] = relationship(lazy="joined", innerjoin=True)
    rater: Mapped[Enrolment | None] = relationship(foreign_keys=[rater_id])
    proposed_by: Mapped[Enrolment | None] = relationship(foreign_keys=[proposed_by_id])

    @property
    def rater_name(self) -> str:
        return self.rater.name if self.rater else self.name

    def move(self, to: AssignmentState) -> None:
        """Raises NotPossible."""
        if not may_become(self.state, to):
            raise NotPossible(f"An assignment that is {self.state.value} cannot become {to.value}.")
        self.state = to
