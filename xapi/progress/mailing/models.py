"""The nouns of progress reports by mail: when they go, which learners agree, what was sent, and who wants none."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.manager_mail.models import Consent, MadeReport, Schedule, Stop
from lti_tool.models import Course, Enrolment
from xapi.progress.mailing.times import Rhythm


class ProgressSchedule(Schedule):
    """When the progress reports of a course go, of each learner to their manager."""

    __tablename__ = "progress_schedule"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),)

    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), unique=True)
    rhythm: Mapped[Rhythm | None]
    """Empty once it was stopped."""

    course: Mapped[Course] = relationship()


class ProgressConsent(Consent):
    """Whether a learner agrees to progress reports of one course."""

    __tablename__ = "progress_consent"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), unique=True)

    enrolment: Mapped[Enrolment] = relationship()


class ProgressReport(MadeReport):
    """A learner's progress report."""

    __tablename__ = "progress_report"
    __table_args__ = (UniqueConstraint("enrolment_id", "occasion"),)


class ProgressStop(Stop):
    """Of progress reports."""

    __tablename__ = "progress_stop"
