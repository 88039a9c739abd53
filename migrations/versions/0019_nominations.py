"""Somebody may be nominated as a mentor, and a cohort may keep a waiting list."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("whom_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer", sa.Enum("accepted", "declined", name="answer", native_enum=False, length=32), nullable=True
        ),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("whom_id <> by_id", name=op.f("ck_nomination_not_oneself")),
        sa.ForeignKeyConstraint(["by_id"], ["enrolment.id"], name=op.f("fk_nomination_by_id_enrolment")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_nomination_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["whom_id"], ["enrolment.id"], name=op.f("fk_nomination_whom_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("cohort_id", "whom_id", "by_id", name=op.f("uq_nomination_cohort_id_whom_id_by_id")),
    )
    with op.batch_alter_table("nomination") as batch:
        batch.create_index(op.f("ix_nomination_whom_id"), ["whom_id"], unique=False)
    with op.batch_alter_table("cohort") as batch:
        batch.add_column(sa.Column("keeps_waiting_list", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cohort") as batch:
        batch.alter_column("keeps_waiting_list", existing_type=sa.Boolean(), server_default=None)
