"""Quizzes of a course; what they ask, and by which rules, is in their revisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course
from quizzes.designing.models import QuizRevision
from quizzes.designing.settings import Settings
from quizzes.questions import Bank


class Quiz(Base):
    """A quiz of a course; what it asks, and its rules, are in its revisions."""

    __tablename__ = "quiz"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    name: Mapped[str] = mapped_column(String(64))
    """Which of the course's quizzes it is: `onboarding`."""
    title: Mapped[str]
    created: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)
    revisions: Mapped[list[QuizRevision]] = relationship(
        back_populates="quiz", order_by=QuizRevision.n, cascade="all, delete-orphan"
    )
    current: Mapped[QuizRevision | None] = relationship(
        primaryjoin=lambda: and_(QuizRevision.quiz_id == Quiz.id, QuizRevision.is_current),
        lazy="joined",
        viewonly=True,
    )
    """What learners get now; None as long as it is not published."""

    @property
    def reference(self) -> str:
        """What placements and grades call it."""
        return f"quiz:{self.public_id}"

    @property
    def is_published(self) -> bool:
        return self.current is not None

    @property
    def published(self) -> QuizRevision:
        """What learners get now, of a quiz that they can see."""
        if self.current is None:
            raise LookupError(f"Quiz {self.id} is not published.")
        return self.current

    @property
    def settings(self) -> Settings:
        return self.published.rules

    @property
    def bank(self) -> Bank:
        return self.published.bank

    def is_passed_with(self, share: float) -> bool:
        """Whether this share of the maximum, from 0 to 1, is enough."""
        return self.settings.is_passed_with(share)
