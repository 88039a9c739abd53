"""Tables that were large enough to be made by a job, until they are cleared away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from quizzes.models import Quiz


class QuizExport(Base):
    """A table that somebody asked for, and its file once it is made."""

    __tablename__ = "quiz_export"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Whose language it is in, and the only one who may fetch it."""
    what: Mapped[str] = mapped_column(String(16))
    form: Mapped[str] = mapped_column(String(8))
    file: Mapped[str] = mapped_column(String(32), default="")
    """Its name among the uploads; empty while it is made."""
    asked: Mapped[datetime]

    quiz: Mapped[Quiz] = relationship()
    asked_by: Mapped[Enrolment] = relationship()
