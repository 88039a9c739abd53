"""Groups and single learners get other rules in a quiz."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("opens", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("access_code", sa.String(), nullable=False),
        sa.CheckConstraint("(group_id IS NULL) <> (enrolment_id IS NULL)", name=op.f("ck_quiz_override_for_one")),
        sa.CheckConstraint("minutes > 0 AND attempts > 0", name=op.f("ck_quiz_override_more_than_nothing")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_override_quiz_id_quiz")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["course_group.id"],
            name=op.f("fk_quiz_override_group_id_course_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_quiz_override_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_override")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quiz_override_public_id")),
        sa.UniqueConstraint("quiz_id", "enrolment_id", name=op.f("uq_quiz_override_quiz_id_enrolment_id")),
        sa.UniqueConstraint("quiz_id", "group_id", name=op.f("uq_quiz_override_quiz_id_group_id")),
    )
    with op.batch_alter_table("quiz_override") as batch:
        batch.create_index(op.f("ix_quiz_override_enrolment_id"), ["enrolment_id"])
        batch.create_index(op.f("ix_quiz_override_group_id"), ["group_id"])
