"""Tables that are large enough to be made by a job."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["enrolment.id"], name=op.f("fk_quiz_export_asked_by_id_enrolment")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_export_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_export")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quiz_export_public_id")),
    )
    with op.batch_alter_table("quiz_export") as batch:
        batch.create_index(op.f("ix_quiz_export_asked_by_id"), ["asked_by_id"], unique=False)
        batch.create_index(op.f("ix_quiz_export_quiz_id"), ["quiz_id"], unique=False)
