"""Progress reports by mail: when they go, who agrees, what was sent, and who wants none."""

import sqlalchemy as sa
from alembic import op

from lti_tool.clock import UTCDateTime

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

RHYTHM = sa.Enum(*("request", "weekly", "monthly"), name="rhythm", native_enum=False, length=32)


def upgrade() -> None:
    _schedules()
    _consents()
    _reports()
    op.create_table(
        "progress_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_stop")),
        sa.UniqueConstraint("mail", name=op.f("uq_progress_stop_mail")),
    )


def _schedules() -> None:
    op.create_table(
        "progress_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", RHYTHM, nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said", UTCDateTime(), nullable=False),
        sa.Column("next_due", UTCDateTime(), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_progress_schedule_weekday")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_progress_schedule_course_id_course")),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["enrolment.id"], name=op.f("fk_progress_schedule_said_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_schedule")),
        sa.UniqueConstraint("course_id", name=op.f("uq_progress_schedule_course_id")),
    )
    op.create_index(op.f("ix_progress_schedule_said_by_id"), "progress_schedule", ["said_by_id"], unique=False)


def _consents() -> None:
    op.create_table(
        "progress_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("whom", sa.String(length=64), nullable=False),
        sa.Column("said", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_progress_consent_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_consent")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_progress_consent_enrolment_id")),
    )


def _reports() -> None:
    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("whom", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("made", UTCDateTime(), nullable=False),
        sa.Column("sent", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_progress_report_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_progress_report_public_id")),
        sa.UniqueConstraint("secret", name=op.f("uq_progress_report_secret")),
        sa.UniqueConstraint("enrolment_id", "occasion", name=op.f("uq_progress_report_enrolment_id_occasion")),
    )
    op.create_index(op.f("ix_progress_report_enrolment_id"), "progress_report", ["enrolment_id"], unique=False)
