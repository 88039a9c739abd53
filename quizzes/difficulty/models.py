"""What learners earned of each question, as it was measured last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base
from lti_tool.models import Platform
from quizzes.questions import QuestionVersion


class Measured(Base):
    """How hard a version turned out to be in all graded quizzes of one LMS: first attempts, all of whose answers are
    marked."""

    __tablename__ = "measured_difficulty"

    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id), primary_key=True, index=True)
    answers: Mapped[int]
    facility: Mapped[float]
    """The share of its marks that was earned, from 0 to 1."""
    at: Mapped[datetime]
