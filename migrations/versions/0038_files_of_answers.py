"""Learners hand in files; what waits for marking is counted without looking through all attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_file_answer_id_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
        sa.UniqueConstraint("file", name=op.f("uq_answer_file_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_answer_file_public_id")),
    )
    op.create_index("ix_answer_file_answer_id", "answer_file", ["answer_id"])
    waits = sa.text("unmarked > 0")
    op.create_index("ix_attempt_unmarked", "attempt", ["quiz_id"], sqlite_where=waits, postgresql_where=waits)
