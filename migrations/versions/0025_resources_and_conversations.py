"""Resources of programs and mentorships, and what the people of a mentorship write to one another."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("mentorship_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(program_id IS NULL) <> (mentorship_id IS NULL)", name=op.f("ck_resource_of_one")),
        sa.CheckConstraint("(file IS NULL) <> (url = '')", name=op.f("ck_resource_link_or_file")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_resource_program_id_program")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_resource_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["enrolment.id"], name=op.f("fk_resource_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("by_id", "token", name=op.f("uq_resource_by_id_token")),
        sa.UniqueConstraint("file", name=op.f("uq_resource_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_resource_public_id")),
    )
    with op.batch_alter_table("resource") as batch:
        batch.create_index(op.f("ix_resource_program_id"), ["program_id"], unique=False)
        batch.create_index(op.f("ix_resource_mentorship_id"), ["mentorship_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_message_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(["by_id"], ["participant.id"], name=op.f("fk_message_by_id_participant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("by_id", "token", name=op.f("uq_message_by_id_token")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
    )
    with op.batch_alter_table("message") as batch:
        batch.create_index("ix_message_mentorship_id_id", ["mentorship_id", "id"], unique=False)
