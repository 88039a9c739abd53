"""What is written beside a hand-in, so that nobody has to read answers for a report."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base
from quizzes.models import Attempt, Quiz


class AttemptFacts(Base):
    """A closed attempt as statistics want it; none of a preview student."""

    __tablename__ = "attempt_facts"
    __table_args__ = (Index("ix_attempt_facts_quiz_id", "quiz_id"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id), primary_key=True, autoincrement=False)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    packed: Mapped[bytes]
    """As `packing` says."""


class LiveSums(Base):
    """A part of the sums over a quiz's first attempts: several rows, so that a whole class can hand in at once."""

    __tablename__ = "live_sums"
    __table_args__ = (UniqueConstraint("quiz_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    part: Mapped[int]
    sums: Mapped[dict[str, Any]]
    """`total`, `v` and a version's row, `s` and a place in the quiz; each with n, x, xx, y, yy and xy as whole numbers,
    however large, of which JSON knows no limit."""
