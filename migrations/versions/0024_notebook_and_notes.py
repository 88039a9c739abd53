"""Notebooks of people, and notes at mentorships."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notebook_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("grew_from_id", sa.Integer(), nullable=True),
        sa.Column("shared_with_id", sa.Integer(), nullable=True),
        sa.Column("shared", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(shared_with_id IS NULL) = (shared IS NULL)", name=op.f("ck_notebook_entry_shared")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notebook_entry_person_id_person")),
        sa.ForeignKeyConstraint(
            ["grew_from_id"], ["mentorship.id"], name=op.f("fk_notebook_entry_grew_from_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["shared_with_id"], ["mentorship.id"], name=op.f("fk_notebook_entry_shared_with_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notebook_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notebook_entry_public_id")),
    )
    with op.batch_alter_table("notebook_entry") as batch:
        batch.create_index("ix_notebook_entry_person_id_written", ["person_id", "written"], unique=False)
        batch.create_index(op.f("ix_notebook_entry_shared_with_id"), ["shared_with_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("private", "pair", "program", "staff", name="visibility", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(visibility IN ('pair', 'program')) = (opened IS NOT NULL)", name=op.f("ck_note_opened")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_note_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(["author_id"], ["enrolment.id"], name=op.f("fk_note_author_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_note_public_id")),
    )
    with op.batch_alter_table("note") as batch:
        batch.create_index("ix_note_mentorship_id_written", ["mentorship_id", "written"], unique=False)
        batch.create_index(op.f("ix_note_author_id"), ["author_id"], unique=False)
