"""Reports of quizzes by mail: when they go, who agrees, what was sent, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

RHYTHM = sa.Enum(*("request", "daily", "weekly", "closing", "settled"), name="rhythm", native_enum=False, length=32)


def upgrade() -> None:
    _schedules()
    _consents()
    _reports()
    op.create_table(
        "report_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_stop")),
        sa.UniqueConstraint("mail", name=op.f("uq_report_stop_mail")),
    )


def _schedules() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("rhythm", RHYTHM, nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_report_schedule_weekday")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_report_schedule_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["reader_id"], ["enrolment.id"], name=op.f("fk_report_schedule_reader_id_enrolment")),
        sa.ForeignKeyConstraint(["said_by_id"], ["enrolment.id"], name=op.f("fk_report_schedule_said_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
        sa.UniqueConstraint("quiz_id", "reader_id", name=op.f("uq_report_schedule_quiz_id_reader_id")),
    )
    with op.batch_alter_table("report_schedule") as batch:
        batch.create_index(op.f("ix_report_schedule_reader_id"), ["reader_id"], unique=False)
        batch.create_index(op.f("ix_report_schedule_said_by_id"), ["said_by_id"], unique=False)
        batch.create_index(
            "uq_report_schedule_managers",
            ["quiz_id"],
            unique=True,
            sqlite_where=sa.text("reader_id IS NULL"),
            postgresql_where=sa.text("reader_id IS NULL"),
        )


def _consents() -> None:
    op.create_table(
        "report_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("whom", sa.String(length=64), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_report_consent_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_report_consent_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_consent")),
        sa.UniqueConstraint("quiz_id", "enrolment_id", name=op.f("uq_report_consent_quiz_id_enrolment_id")),
    )
    with op.batch_alter_table("report_consent") as batch:
        batch.create_index(op.f("ix_report_consent_enrolment_id"), ["enrolment_id"], unique=False)


def _reports() -> None:
    op.create_table(
        "manager_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("whom", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_manager_report_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_manager_report_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_manager_report_public_id")),
        sa.UniqueConstraint("secret", name=op.f("uq_manager_report_secret")),
        sa.UniqueConstraint(
            "quiz_id", "enrolment_id", "occasion", name=op.f("uq_manager_report_quiz_id_enrolment_id_occasion")
        ),
    )
    with op.batch_alter_table("manager_report") as batch:
        batch.create_index(op.f("ix_manager_report_enrolment_id"), ["enrolment_id"], unique=False)
