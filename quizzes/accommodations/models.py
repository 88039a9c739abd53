"""What a learner was granted. Seen by the learner and by staff alone; nothing of it is announced, told on or logged."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base
from lti_tool.models import Enrolment
from quizzes.models import Quiz
from quizzes.timing import Accommodation

_IS_STANDING = text("quiz_id IS NULL")


class Reason(StrEnum):
    """Why, in a word that says nothing about anybody's health; there is no room for more on purpose."""

    AGREED = "agreed"
    """The office in charge of it has agreed it with the learner."""
    LANGUAGE = "language"
    TECHNICAL = "technical"
    ABSENCE = "absence"
    OTHER = "other"


class Grant(Base):
    """What one learner was granted: in every quiz of the course, or in one."""

    __tablename__ = "quiz_grant"
    __table_args__ = (
        Index("uq_quiz_grant_of_quiz", "enrolment_id", "quiz_id", unique=True),
        Index(
            "uq_quiz_grant_standing",
            "enrolment_id",
            unique=True,
            sqlite_where=_IS_STANDING,
            postgresql_where=_IS_STANDING,
        ),
        CheckConstraint("multiplier >= 1 AND extra_minutes >= 0 AND attempts >= 0", name="grants_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey(Quiz.id), index=True)
    """The one quiz it is for; empty where it stands for all of the course."""
    multiplier: Mapped[float] = mapped_column(default=1.0)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    is_unlimited: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    """More than the others have."""
    extends: Mapped[bool] = mapped_column(default=True)
    """Whether granted time reaches beyond the close of a quiz."""
    closes: Mapped[datetime | None]
    """Until when they may take a quiz that closes earlier for the others."""
    valid_until: Mapped[datetime | None]
    """Attempts that begin later have nothing of it; those that run keep what they have."""
    reason: Mapped[Reason]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    granted: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship(foreign_keys=enrolment_id)
    granted_by: Mapped[Enrolment] = relationship(foreign_keys=granted_by_id)
    quiz: Mapped[Quiz | None] = relationship()

    @property
    def is_standing(self) -> bool:
        return self.quiz_id is None

    @property
    def accommodation(self) -> Accommodation:
        return Accommodation(
            multiplier=self.multiplier,
            extra=timedelta(minutes=self.extra_minutes),
            is_unlimited=self.is_unlimited,
            extends=self.extends,
            attempts=self.attempts,
            closes=self.closes,
        )

    def holds(self, at: datetime) -> bool:
        """Whether an attempt that begins now has it."""
        return self.valid_until is None or at <= self.valid_until

    def put(self, granted: Accommodation, *, reason: Reason, valid_until: datetime | None) -> None:
        self.multiplier, self.is_unlimited, self.extends = granted.multiplier, granted.is_unlimited, granted.extends
        self.extra_minutes, self.attempts = int(granted.extra.total_seconds() // 60), granted.attempts
        self.closes = granted.closes
        self.reason, self.valid_until = reason, valid_until
