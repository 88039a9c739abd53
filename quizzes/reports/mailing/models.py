"""The nouns of reports by mail: when they go, which learners agree, what was sent, and who wants none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.manager_mail.models import Consent, MadeReport, Schedule, Stop
from lti_tool.models import Enrolment
from quizzes.models import Quiz
from quizzes.reports.mailing.times import Rhythm

_OF_MANAGERS = text("reader_id IS NULL")


class ReportSchedule(Schedule):
    """When the reports of a quiz go: of the class to one who teaches it, or of each learner to their manager."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        UniqueConstraint("quiz_id", "reader_id"),
        Index(
            "uq_report_schedule_managers",
            "quiz_id",
            unique=True,
            sqlite_where=_OF_MANAGERS,
            postgresql_where=_OF_MANAGERS,
        ),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    reader_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Who reads the class report; empty where managers read their people's."""
    rhythm: Mapped[Rhythm | None]
    """Empty once it was stopped."""
    last: Mapped[datetime | None]
    """When the class report was last told its reader."""
    told: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of what it said then, so that the same is not said again by itself."""

    quiz: Mapped[Quiz] = relationship()
    reader: Mapped[Enrolment | None] = relationship(foreign_keys=[reader_id])


class ReportConsent(Consent):
    """Whether a learner agrees to reports of one quiz."""

    __tablename__ = "report_consent"
    __table_args__ = (UniqueConstraint("quiz_id", "enrolment_id"),)

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)

    quiz: Mapped[Quiz] = relationship()


class ManagerReport(MadeReport):
    """A learner's report of one quiz."""

    __tablename__ = "manager_report"
    __table_args__ = (UniqueConstraint("quiz_id", "enrolment_id", "occasion"),)

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    is_ready: Mapped[bool]

    quiz: Mapped[Quiz] = relationship()


class ReportStop(Stop):
    """Of reports of quizzes."""

    __tablename__ = "report_stop"
