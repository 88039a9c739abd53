"""Marks that people give and regrades write, kept one after the other."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


SOURCE = _kind("source", "hand", "regrade", "undo")
POLICY = _kind("policy", "new version", "never lower", "full", "out")
STATE = _kind("runstate", "looking", "looked", "writing", "stopped", "done", "undoing", "undone")


def upgrade() -> None:
    _runs()
    _gradings()
    op.create_table(
        "marking_way",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_marking_way_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("quiz_id", name=op.f("pk_marking_way")),
    )


def _runs() -> None:
    op.create_table(
        "regrade_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("from_version_id", sa.Integer(), nullable=True),
        sa.Column("to_version_id", sa.Integer(), nullable=True),
        sa.Column("policy", POLICY, nullable=False),
        sa.Column("worth", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("foreseen", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["enrolment.id"], name=op.f("fk_regrade_run_by_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["question_version.id"],
            name=op.f("fk_regrade_run_from_version_id_question_version"),
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_regrade_run_question_id_question")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_regrade_run_quiz_id_quiz")),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["question_version.id"], name=op.f("fk_regrade_run_to_version_id_question_version")
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["enrolment.id"], name=op.f("fk_regrade_run_undone_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_regrade_run_public_id")),
    )
    with op.batch_alter_table("regrade_run") as batch:
        batch.create_index(op.f("ix_regrade_run_by_id"), ["by_id"], unique=False)
        batch.create_index(op.f("ix_regrade_run_question_id"), ["question_id"], unique=False)
        batch.create_index(op.f("ix_regrade_run_quiz_id"), ["quiz_id"], unique=False)


def _gradings() -> None:
    op.create_table(
        "grading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("source", SOURCE, nullable=False),
        sa.Column("fraction", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=False),
        sa.Column("was_fraction", sa.Double(), nullable=True),
        sa.Column("was_maximum", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("rubric", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fraction BETWEEN 0 AND 1", name=op.f("ck_grading_fraction")),
        sa.CheckConstraint("maximum >= 0 AND was_maximum >= 0", name=op.f("ck_grading_maximum")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_grading_answer_id_answer")),
        sa.ForeignKeyConstraint(["by_id"], ["enrolment.id"], name=op.f("fk_grading_by_id_enrolment")),
        sa.ForeignKeyConstraint(["run_id"], ["regrade_run.id"], name=op.f("fk_grading_run_id_regrade_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading")),
    )
    with op.batch_alter_table("grading") as batch:
        batch.create_index(op.f("ix_grading_answer_id"), ["answer_id"], unique=False)
        batch.create_index(op.f("ix_grading_by_id"), ["by_id"], unique=False)
        batch.create_index(op.f("ix_grading_run_id"), ["run_id"], unique=False)
