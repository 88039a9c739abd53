"""Meetings, what each of their people says of them, and calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "held", "missed", "cancelled", name="meetingstate", native_enum=False, length=32),
            nullable=False,
        ),
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
        sa.Column("series", sa.String(length=32), nullable=True),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_meeting_minutes")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_meeting_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["participant.id"], name=op.f("fk_meeting_planned_by_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
    )
    with op.batch_alter_table("meeting") as batch:
        batch.create_index("ix_meeting_mentorship_id_starts", ["mentorship_id", "starts"], unique=False)
        batch.create_index("ix_meeting_series", ["series"], unique=False)
        batch.create_index(op.f("ix_meeting_planned_by_id"), ["planned_by_id"], unique=False)
    op.create_table(
        "meeting_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("has_attended", sa.Boolean(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column(
            "useful", sa.Enum("very", "somewhat", "not", name="useful", native_enum=False, length=32), nullable=True
        ),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_entry_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_meeting_entry_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_entry")),
        sa.UniqueConstraint("meeting_id", "participant_id", name=op.f("uq_meeting_entry_meeting_id_participant_id")),
    )
    with op.batch_alter_table("meeting_entry") as batch:
        batch.create_index(op.f("ix_meeting_entry_participant_id"), ["participant_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret", name=op.f("uq_calendar_feed_secret")),
    )
    with op.batch_alter_table("calendar_feed") as batch:
        batch.create_index(op.f("ix_calendar_feed_person_id"), ["person_id"], unique=False)
