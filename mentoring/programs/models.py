"""The nouns of programs: the standing design, its versions and kinds of mentor, and the cohorts that run it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Connection, ForeignKey, String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment
from mentoring.programs.choices import (
    CHECKLIST,
    Channel,
    CohortState,
    ForWhom,
    Manner,
    MentoringType,
    MustAgree,
    StepManner,
)

DEFAULT_CAPACITY = 3


class VersionInUse(Exception):
    """A version that a cohort has run with is history and does not change; make a new one."""


class Program(Base):
    """How a course mentors: the standing design, whose words are in its versions."""

    __tablename__ = "program"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    name: Mapped[str] = mapped_column(String(64))
    """What the program is found by within its course; nobody reads it."""
    title: Mapped[str]
    observers_may_follow: Mapped[bool] = mapped_column(default=False)
    """Whether observers see how far the learners they are named have come. It holds for every version."""
    created: Mapped[datetime]

    course: Mapped[Course] = relationship()


class ProgramVersion(Base):
    """One edition of the design. Once a cohort has used it, it never changes."""

    __tablename__ = "program_version"
    __table_args__ = (
        UniqueConstraint("program_id", "number"),
        CheckConstraint("length_days > 0", name="length_days"),
        CheckConstraint("reply_days > 0", name="reply_days"),
        CheckConstraint("default_capacity > 0", name="default_capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey(Program.id))
    number: Mapped[int]
    """Counts the program's versions, from 1."""
    goal: Mapped[str] = mapped_column(default="")
    """What the mentoring is to achieve, in the instructor's words."""
    mentoring_type: Mapped[MentoringType] = mapped_column(default=MentoringType.ONE_ON_ONE)
    length_days: Mapped[int] = mapped_column(default=90)
    """How long a mentorship lasts."""
    reply_days: Mapped[int] = mapped_column(default=3)
    """How long somebody who is asked may take to answer."""
    default_capacity: Mapped[int] = mapped_column(default=DEFAULT_CAPACITY)
    """How many places a new mentor is given when nobody says a number."""
    goal_types: Mapped[list[str]] = mapped_column(default=list)
    """What sort of goal: values of GoalType; several are a mix."""
    must_agree: Mapped[MustAgree] = mapped_column(default=MustAgree.NOBODY)
    """Who has to say yes before a match becomes a mentorship."""
    takes_requests: Mapped[bool] = mapped_column(default=False)
    """Whether mentees may ask a mentor themselves."""
    needs_consent: Mapped[bool] = mapped_column(default=False)
    """Whether nobody is matched before they have said yes to taking part."""
    meeting_days: Mapped[int] = mapped_column(default=14)
    """How many days there are from one meeting to the next, as a rule."""
    channel: Mapped[Channel] = mapped_column(default=Channel.ANY)
    smallest_group: Mapped[int] = mapped_column(default=1)
    """Group and peer: fewest people together, the mentor of a group not counted."""
    largest_group: Mapped[int] = mapped_column(default=1)
    least_minutes: Mapped[int] = mapped_column(default=0)
    """R8: common free time a week; 0 asks for none."""
    most_hours_apart: Mapped[int | None]
    """R8, where somebody has given no hours: by how much clocks may differ."""
    least_experience: Mapped[int] = mapped_column(default=0)
    """R11: years a mentor has to have."""
    level_rule: Mapped[str] = mapped_column(String(16), default="any")
    """R10: how the mentor's level stands to the mentee's; a value of the engine's LevelRule."""
    bars_same_manager: Mapped[bool] = mapped_column(default=False)
    """R5: whether two people of one manager are kept apart."""
    weights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How much each question counts, by the engine's Question; empty for the usual weights, else what is not named
    does not count."""
    checklist: Mapped[list[str]] = mapped_column(default=lambda: list(CHECKLIST))
    """What instructors tick about a mentor."""
    skills: Mapped[list[str]] = mapped_column(default=list)
    """Skills to choose from in offers and needs. Only what is chosen from a list is scored, never free text."""
    topics: Mapped[list[str]] = mapped_column(default=list)
    """Goals to choose from."""
    interests: Mapped[list[str]] = mapped_column(default=list)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Closed questions about values and ways of working: `key`, `text` and `answers`, a list of texts."""
    kpis: Mapped[list[str]] = mapped_column(default=list)
    """What success is measured by, in words."""
    evaluations: Mapped[list[str]] = mapped_column(default=list)
    """When the program is evaluated: values of EvaluationPoint."""
    evaluation_days: Mapped[int] = mapped_column(default=30)
    """Days from one evaluation at intervals to the next."""
    used: Mapped[datetime | None]
    """When the first cohort began to run with it."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Who designed it; empty where it was made on first need, or came along with a copied course."""
    created: Mapped[datetime]

    program: Mapped[Program] = relationship(lazy="joined", innerjoin=True)
    made_by: Mapped[Enrolment | None] = relationship()
    kinds: Mapped[list[MentorKind]] = relationship(back_populates="version", order_by="MentorKind.place")
    tasks: Mapped[list[MentorTask]] = relationship(back_populates="version", order_by="MentorTask.place")
    training: Mapped[list[TrainingItem]] = relationship(back_populates="version", order_by="TrainingItem.place")
    steps: Mapped[list[ProgramStep]] = relationship(back_populates="version", order_by="ProgramStep.place")

    @property
    def is_simple(self) -> bool:
        """Whether it is the one that a course begins with while nobody has designed any."""
        return self.number == 1 and self.made_by_id is None and not self.goal

    @property
    def is_of_peers(self) -> bool:
        """Whether people come together in pairs or circles, with nobody above the others."""
        return self.mentoring_type == MentoringType.PEER

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.length_days)

    @property
    def reply_time(self) -> timedelta:
        return timedelta(days=self.reply_days)


class MentorKind(Base):
    """A need every mentee of the program has, such as a *team* mentor and a *technical* one."""

    __tablename__ = "mentor_kind"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        CheckConstraint("needed > 0", name="needed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id))
    key: Mapped[str] = mapped_column(String(64))
    """What stands in forms and tables: `mentor`, `team`, `technical`."""
    label: Mapped[str]
    """What people call it."""
    place: Mapped[int] = mapped_column(default=1)
    """Where it stands among the kinds of its version."""
    needed: Mapped[int] = mapped_column(default=1)
    """How many mentors of this kind a mentee needs."""
    is_required: Mapped[bool] = mapped_column(default=True)
    """Whether a mentee without one is left over; otherwise it is good to have."""

    version: Mapped[ProgramVersion] = relationship(back_populates="kinds")


class MentorTask(Base):
    """A part of the objective as something a mentor does; copied into each mentorship with a day to do it by."""

    __tablename__ = "mentor_task"
    __table_args__ = (CheckConstraint("days >= 0", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id), index=True)
    place: Mapped[int]
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(Text, default="")
    days: Mapped[int]
    """By how many days after the beginning it is to be done."""

    version: Mapped[ProgramVersion] = relationship(back_populates="tasks")


class TrainingItem(Base):
    """Something mentors or mentees have to have done before they are matched."""

    __tablename__ = "training_item"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        CheckConstraint("valid_days > 0", name="valid_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id))
    key: Mapped[str] = mapped_column(String(64))
    """What it is known by in every version: what somebody has done stays done when the program changes."""
    is_for_mentors: Mapped[bool]
    """Otherwise it is for mentees."""
    place: Mapped[int]
    title: Mapped[str]
    manner: Mapped[Manner]
    address: Mapped[str] = mapped_column(Text, default="")
    """Where the material is; of a quiz, which one."""
    valid_days: Mapped[int | None]
    """After how many days it has to be done anew; empty for never."""

    version: Mapped[ProgramVersion] = relationship(back_populates="training")


class ProgramStep(Base):
    """Something that stands on every timeline besides the six events; copied into each mentorship with its day."""

    __tablename__ = "program_step"
    __table_args__ = (
        CheckConstraint("(days IS NULL) <> (share IS NULL)", name="days_or_share"),
        CheckConstraint("days >= 0", name="days"),
        CheckConstraint("share BETWEEN 0 AND 100", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id), index=True)
    place: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    manner: Mapped[StepManner]
    whom: Mapped[ForWhom]
    address: Mapped[str] = mapped_column(Text, default="")
    """Where the material is; of an activity, which one; of a task, its title."""
    days: Mapped[int | None]
    """By how many days after the beginning it is due."""
    share: Mapped[int | None]
    """By how many percent of the length it is due; either this or days."""

    version: Mapped[ProgramVersion] = relationship(back_populates="steps")


class Cohort(Base):
    """One run of a program with its people; evergreen while it has no end."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    version_id: Mapped[int] = mapped_column(ForeignKey(ProgramVersion.id))
    name: Mapped[str] = mapped_column(String(64))
    """What the cohort is found by within its version; nobody reads it."""
    title: Mapped[str] = mapped_column(default="")
    """What people call it; empty where there is only the one."""
    state: Mapped[CohortState]
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    invites_newcomers: Mapped[bool] = mapped_column(default=False)
    """Whether learners who appear on the roster are asked to take part and put up for matching without a click."""
    keeps_waiting_list: Mapped[bool] = mapped_column(default=False)
    """Whether those who join by themselves wait until an instructor lets them in."""
    created: Mapped[datetime]

    version: Mapped[ProgramVersion] = relationship(lazy="joined", innerjoin=True)

    @property
    def program(self) -> Program:
        return self.version.program

    @property
    def course(self) -> Course:
        return self.program.course


@event.listens_for(ProgramVersion, "before_update")
def _keep_used_version(_mapper: Mapper[ProgramVersion], connection: Connection, version: ProgramVersion) -> None:
    _refuse_if_used(connection, version.id)


@event.listens_for(MentorKind, "before_update")
@event.listens_for(MentorKind, "before_delete")
@event.listens_for(MentorTask, "before_update")
@event.listens_for(MentorTask, "before_delete")
@event.listens_for(TrainingItem, "before_update")
@event.listens_for(TrainingItem, "before_delete")
@event.listens_for(ProgramStep, "before_update")
@event.listens_for(ProgramStep, "before_delete")
def _keep_used_part(
    _mapper: Mapper[Any], connection: Connection, part: MentorKind | MentorTask | TrainingItem | ProgramStep
) -> None:
    _refuse_if_used(connection, part.version_id)


def _refuse_if_used(connection: Connection, version_id: int) -> None:
    number = connection.scalar(
        select(ProgramVersion.number).where(ProgramVersion.id == version_id, ProgramVersion.used.is_not(None))
    )
    if number is not None:
        raise VersionInUse(f"Version {number} is in use. Make a new version and change that.")
