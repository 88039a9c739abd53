"""Steps that a program puts on timelines, what meetings were good for, and times that mentors give."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MANNER = sa.Enum("activity", "task", "link", name="stepmanner", native_enum=False, length=32)
WHOM = sa.Enum("mentee", "mentor", "both", name="forwhom", native_enum=False, length=32)


def upgrade() -> None:
    _steps()
    _entries()
    _marks()
    _functions()
    _occasions()
    _of_occasions()


def _steps() -> None:
    op.create_table(
        "program_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("manner", MANNER, nullable=False),
        sa.Column("whom", WHOM, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.CheckConstraint("(days IS NULL) <> (share IS NULL)", name=op.f("ck_program_step_days_or_share")),
        sa.CheckConstraint("days >= 0", name=op.f("ck_program_step_days")),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_program_step_share")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_program_step_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_step")),
    )
    with op.batch_alter_table("program_step") as batch:
        batch.create_index(op.f("ix_program_step_version_id"), ["version_id"], unique=False)


def _entries() -> None:
    with op.batch_alter_table("timeline_entry") as batch:
        batch.add_column(sa.Column("manner", MANNER, nullable=True))
        batch.add_column(sa.Column("whom", WHOM, nullable=True))
        batch.add_column(sa.Column("address", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("share", sa.Integer(), nullable=True))
    with op.batch_alter_table("timeline_entry") as batch:
        batch.alter_column("address", existing_type=sa.Text(), server_default=None)
        batch.create_index("ix_timeline_entry_manner", ["manner", "mentorship_id"], unique=False)


def _marks() -> None:
    op.create_table(
        "step_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["timeline_entry.id"], name=op.f("fk_step_mark_entry_id_timeline_entry")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_step_mark_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_mark")),
        sa.UniqueConstraint("entry_id", "participant_id", name=op.f("uq_step_mark_entry_id_participant_id")),
    )
    with op.batch_alter_table("step_mark") as batch:
        batch.create_index(op.f("ix_step_mark_participant_id"), ["participant_id"], unique=False)


def _functions() -> None:
    with op.batch_alter_table("meeting_entry") as batch:
        batch.add_column(sa.Column("functions", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("meeting_entry") as batch:
        batch.alter_column("functions", existing_type=sa.JSON(), server_default=None)


def _occasions() -> None:
    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("is_slot", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("any", "in_person", "phone", "video", "online", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_occasion_minutes")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_occasion_seats")),
        sa.ForeignKeyConstraint(["mentor_id"], ["participant.id"], name=op.f("fk_occasion_mentor_id_participant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
        sa.UniqueConstraint("public_id", name=op.f("uq_occasion_public_id")),
    )
    with op.batch_alter_table("occasion") as batch:
        batch.create_index("ix_occasion_mentor_id_starts", ["mentor_id", "starts"], unique=False)


def _of_occasions() -> None:
    with op.batch_alter_table("meeting") as batch:
        batch.add_column(sa.Column("occasion_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_meeting_occasion_id_occasion"), "occasion", ["occasion_id"], ["id"])
        batch.create_index(op.f("ix_meeting_occasion_id"), ["occasion_id"], unique=False)
    with op.batch_alter_table("meeting_entry") as batch:
        batch.add_column(sa.Column("said_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_meeting_entry_said_by_id_participant"), "participant", ["said_by_id"], ["id"])
