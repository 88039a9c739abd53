"""The nouns of the gradebook: a column of the LMS for each graded activity, and each person's grade in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from math import isfinite

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment

HALF_A_CENT = 0.006
"""Points by which a platform's value may differ from ours through its rounding to two decimals."""


class ColumnState(StrEnum):
    """What is known of an activity's column in the LMS."""

    UNSOUGHT = "unsought"
    STANDING = "standing"
    NONE = "none"
    """The LMS shows none and lets us make none."""
    UNWANTED = "unwanted"
    """Whoever placed the activity wanted it ungraded."""
    DELETED = "deleted"
    """It was there and is gone; only an instructor has it made again."""
    FORBIDDEN = "forbidden"
    """The LMS does not let us write into it."""


class Trouble(StrEnum):
    """Why the LMS does not have a grade's newest value."""

    NOTHING = ""
    NO_ANSWER = "no_answer"
    LOCKED = "locked"
    REFUSED = "refused"
    INVALID = "invalid"
    NO_COLUMN = "no_column"
    UNWANTED = "unwanted"
    DELETED = "deleted"
    NO_PERMISSION = "no_permission"

    @property
    def is_stuck(self) -> bool:
        """Whether waiting alone does not help: somebody has to do something."""
        return self not in (Trouble.NOTHING, Trouble.NO_ANSWER)


class GradeState(StrEnum):
    """How a grade stands between us and the LMS."""

    WAITING = "waiting"
    STUCK = "stuck"
    ENTERED = "entered"
    """The LMS took it; nobody has looked since whether it kept it."""
    SAME = "same"
    OVERRIDDEN = "overridden"
    """The LMS took it and shows another value: a teacher's."""
    MISSING = "missing"
    """The LMS took it and shows none."""


class GradeColumn(Base):
    """The gradebook column of one activity in one course, as far as the LMS has told us of it."""

    __tablename__ = "grade_column"
    __table_args__ = (UniqueConstraint("course_id", "activity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    activity: Mapped[str] = mapped_column(String(128))
    """The activity's reference, such as `quiz:` and its public id; the resource id of a column we make."""
    title: Mapped[str]
    maximum: Mapped[float]
    state: Mapped[ColumnState] = mapped_column(default=ColumnState.UNSOUGHT)
    line_item: Mapped[str | None] = mapped_column(Text)
    """Its address at the LMS."""
    held_until: Mapped[datetime | None]
    """While somebody looks for it or makes it, nobody else does."""
    compared: Mapped[datetime | None]
    """When its results were last read back."""
    created: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)

    @property
    def tag(self) -> str:
        """What kind of activity it is: `quiz`."""
        return self.activity.partition(":")[0]


class Grade(Base):
    """A person's grade for one activity: the newest value, and what the LMS was told last."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    activity: Mapped[str] = mapped_column(String(128))
    title: Mapped[str]
    score: Mapped[float]
    maximum: Mapped[float]
    comment: Mapped[str] = mapped_column(Text, default="")
    attempt: Mapped[str] = mapped_column(String(64), default="")
    """The piece of work that earned it; the same one graded anew is no new submission."""
    earned: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    stamp: Mapped[datetime | None]
    """The time put on the score when it was last sent; kept before sending, so that a repeat is the same."""
    stamped_version: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    """How often it may have left under this stamp without our knowing what became of it."""
    sent_version: Mapped[int] = mapped_column(default=0)
    sent: Mapped[datetime | None]
    sent_share: Mapped[float | None]
    """What the LMS last took, as a share of the maximum from 0 to 1."""
    told_attempt: Mapped[str] = mapped_column(String(64), default="")
    """The attempt the LMS was last told of."""
    trouble: Mapped[Trouble] = mapped_column(default=Trouble.NOTHING)
    problem: Mapped[str] = mapped_column(Text, default="")
    """The trouble's detail, for operators; empty while all is well."""
    seen: Mapped[datetime | None]
    """When the LMS's own value was last read."""
    seen_score: Mapped[float | None]
    seen_maximum: Mapped[float | None]

    enrolment: Mapped[Enrolment] = relationship()

    @property
    def share(self) -> float:
        return self.score / self.maximum

    @property
    def is_sendable(self) -> bool:
        return is_grade(self.score, self.maximum)

    @property
    def has_arrived(self) -> bool:
        return self.sent_version == self.version

    @property
    def may_have_left(self) -> bool:
        """Whether the newest value was perhaps sent before: a crash or a lost answer hides what became of it."""
        return self.stamped_version == self.version and self.tries > 0

    @property
    def state(self) -> GradeState:
        if not self.has_arrived:
            return GradeState.STUCK if self.trouble.is_stuck else GradeState.WAITING
        if self.seen is None or self.sent is None or self.seen < self.sent:
            return GradeState.ENTERED
        if self.seen_score is None:
            return GradeState.MISSING
        return GradeState.SAME if self.is_shown_as(self.seen_score, self.seen_maximum) else GradeState.OVERRIDDEN

    def is_shown_as(self, score: float | None, maximum: float | None) -> bool:
        """Whether these points of the LMS are our value, but for rounding."""
        if score is None:
            return False
        most = maximum or self.maximum
        return abs(score - self.share * most) <= min(HALF_A_CENT, most / 100)


def is_grade(score: float, maximum: float) -> bool:
    """Whether this can be sent at all (AGS 2.0, 3.4.4): NaN and Infinity are no JSON, and nobody earns less than 0."""
    return isfinite(score) and isfinite(maximum) and 0 <= score <= maximum and maximum > 0
