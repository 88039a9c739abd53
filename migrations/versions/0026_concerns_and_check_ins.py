"""Concerns and what is written about them; check-ins with people outside, and who agreed to them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _concerns()
    _check_ins()


def _concerns() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("owner_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column(
            "topic",
            sa.Enum("not_getting_on", "no_answer", "unsafe", "other", name="topic", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hoped", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("new", "looked_at", "answered", "closed", name="concernstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("owner_id <> raised_by_id", name=op.f("ck_concern_somebody_else")),
        sa.CheckConstraint("owner_id <> about_id", name=op.f("ck_concern_not_about_oneself")),
        sa.ForeignKeyConstraint(["about_id"], ["enrolment.id"], name=op.f("fk_concern_about_id_enrolment")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_concern_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(["owner_id"], ["enrolment.id"], name=op.f("fk_concern_owner_id_enrolment")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["enrolment.id"], name=op.f("fk_concern_raised_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("public_id", name=op.f("uq_concern_public_id")),
    )
    with op.batch_alter_table("concern") as batch:
        batch.create_index(op.f("ix_concern_about_id"), ["about_id"], unique=False)
        batch.create_index(op.f("ix_concern_mentorship_id"), ["mentorship_id"], unique=False)
        batch.create_index(op.f("ix_concern_owner_id"), ["owner_id"], unique=False)
        batch.create_index(op.f("ix_concern_raised_by_id"), ["raised_by_id"], unique=False)
    op.create_table(
        "concern_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["enrolment.id"], name=op.f("fk_concern_message_by_id_enrolment")),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_message_concern_id_concern")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_message")),
    )
    with op.batch_alter_table("concern_message") as batch:
        batch.create_index(op.f("ix_concern_message_by_id"), ["by_id"], unique=False)
        batch.create_index(op.f("ix_concern_message_concern_id"), ["concern_id"], unique=False)


def _check_ins() -> None:
    op.create_table(
        "check_in_rhythm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weeks > 0", name=op.f("ck_check_in_rhythm_weeks")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_check_in_rhythm_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["said_by_id"], ["enrolment.id"], name=op.f("fk_check_in_rhythm_said_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_rhythm")),
        sa.UniqueConstraint("cohort_id", name=op.f("uq_check_in_rhythm_cohort_id")),
    )
    op.create_table(
        "check_in_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("whom", sa.String(length=64), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_check_in_consent_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_consent")),
        sa.UniqueConstraint("mentorship_id", name=op.f("uq_check_in_consent_mentorship_id")),
    )
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "seen",
            sa.Enum("clear", "some", "none_yet", "worse", "cannot_say", name="seen", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["enrolment.id"], name=op.f("fk_check_in_manager_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_check_in_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("mentorship_id", "due", name=op.f("uq_check_in_mentorship_id_due")),
        sa.UniqueConstraint("public_id", name=op.f("uq_check_in_public_id")),
        sa.UniqueConstraint("secret", name=op.f("uq_check_in_secret")),
    )
    with op.batch_alter_table("check_in") as batch:
        batch.create_index(op.f("ix_check_in_manager_id"), ["manager_id"], unique=False)
    op.create_table(
        "check_in_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_stop")),
        sa.UniqueConstraint("mail", name=op.f("uq_check_in_stop_mail")),
    )
