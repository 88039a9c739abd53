"""The nouns of reports by mail: when they go, which learners agree, what was sent, and who wants none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from quizzes.models import Quiz
from quizzes.reports.mailing.times import Rhythm

_OF_MANAGERS = text("reader_id IS NULL")


class ReportSchedule(Base):
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

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    reader_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Who reads the class report; empty where managers read their people's."""
    rhythm: Mapped[Rhythm | None]
    """Empty once it was stopped."""
    weekday: Mapped[int | None]
    """From Monday, which is 0."""
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Who arranged it, and by whose clocks it goes; empty once they were erased."""
    said: Mapped[datetime]
    next_due: Mapped[datetime | None]
    """When it goes next; letters that name another moment do nothing."""
    last: Mapped[datetime | None]
    """When the class report was last told its reader."""
    told: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of what it said then, so that the same is not said again by itself."""

    quiz: Mapped[Quiz] = relationship()
    reader: Mapped[Enrolment | None] = relationship(foreign_keys=[reader_id])
    said_by: Mapped[Enrolment | None] = relationship(foreign_keys=[said_by_id])

    @property
    def is_on(self) -> bool:
        return self.rhythm is not None


class ReportConsent(Base):
    """Whether a learner agrees that one certain person gets their report. Without a yes, nobody does."""

    __tablename__ = "report_consent"
    __table_args__ = (UniqueConstraint("quiz_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    is_given: Mapped[bool]
    whom: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the mail address they were shown: a yes to one manager is none to the next."""
    said: Mapped[datetime]

    quiz: Mapped[Quiz] = relationship()


class ManagerReport(Base):
    """A learner's report that was made for their manager, for one occasion; what it said is not kept."""

    __tablename__ = "manager_report"
    __table_args__ = (UniqueConstraint("quiz_id", "enrolment_id", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Whose result it is."""
    occasion: Mapped[str] = mapped_column(String(64))
    whom: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the mail address it went to; empty once that person was erased."""
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address that stops such mails."""
    message_id: Mapped[str] = mapped_column(String(255))
    is_ready: Mapped[bool]
    result: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what it said, so that the same is not said again by itself."""
    made: Mapped[datetime]
    sent: Mapped[datetime | None]
    """When the mail server took it."""

    quiz: Mapped[Quiz] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class ReportStop(Base):
    """Somebody who wants no more reports of quizzes by mail, about anybody."""

    __tablename__ = "report_stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of their mail address."""
    at: Mapped[datetime]
