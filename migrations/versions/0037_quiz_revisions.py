"""Quizzes get revisions of their plan and settings; attempts name theirs and what they were drawn from."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SHOWN = ["attempt", "correctness", "general", "mark", "maximum", "overall", "right_answer", "specific"]
REVIEW = {"at": {"during": [], "just_after": SHOWN, "later": SHOWN, "closed": SHOWN}, "keys_wait": True}
"""Everything, right answers and reasons once no attempt is left: what held until now."""
REVISION = sa.table(
    "quiz_revision",
    *map(sa.column, ("quiz_id", "n", "title", "bank_id")),
    sa.column("plan", sa.JSON),
    sa.column("settings", sa.JSON),
    sa.column("is_current", sa.Boolean),
    sa.column("published", sa.DateTime(timezone=True)),
    sa.column("created", sa.DateTime(timezone=True)),
)
QUIZ = sa.table(
    "quiz",
    *map(sa.column, ("id", "title", "bank_id", "draw_count", "time_limit", "max_attempts", "pass_percent")),
    *map(sa.column, ("navigation", "per_page")),
    sa.column("created", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    _revisions()
    _outlines()
    _carry_over()
    with op.batch_alter_table("quiz") as batch:
        batch.drop_constraint(op.f("ck_quiz_rules"), type_="check")
        batch.drop_constraint(op.f("ck_quiz_pass_percent"), type_="check")
        batch.drop_constraint(op.f("fk_quiz_bank_id_bank"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_quiz_per_page"), type_="check")
        for name in ("bank_id", "draw_count", "time_limit", "max_attempts", "pass_percent", "navigation", "per_page"):
            batch.drop_column(name)
    _attempts()
    _wrong_tries()


def _revisions() -> None:
    op.create_table(
        "quiz_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_revision_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_quiz_revision_bank_id_bank")),
        sa.ForeignKeyConstraint(["made_by_id"], ["enrolment.id"], name=op.f("fk_quiz_revision_made_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_revision")),
        sa.UniqueConstraint("quiz_id", "n", name=op.f("uq_quiz_revision_quiz_id_n")),
    )
    with op.batch_alter_table("quiz_revision") as batch:
        batch.create_index(op.f("ix_quiz_revision_bank_id"), ["bank_id"], unique=False)
        batch.create_index(
            "uq_quiz_revision_current",
            ["quiz_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )


def _outlines() -> None:
    op.create_table(
        "frozen_outline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_outline")),
        sa.UniqueConstraint("key", name=op.f("uq_frozen_outline_key")),
    )


def _carry_over() -> None:
    """Each quiz as its first revision, published since it was made."""
    here = op.get_bind()
    rows = [
        {
            "quiz_id": quiz.id,
            "n": 1,
            "title": quiz.title,
            "bank_id": quiz.bank_id,
            "plan": _plan(quiz),
            "settings": _settings(quiz),
            "is_current": True,
            "published": quiz.created,
            "created": quiz.created,
        }
        for quiz in here.execute(sa.select(QUIZ).order_by(QUIZ.c.id))
    ]
    if rows:
        here.execute(sa.insert(REVISION), rows)


def _plan(quiz: sa.Row[Any]) -> dict[str, object]:
    rule = {
        "bank": quiz.bank_id,
        "count": quiz.draw_count,
        "category": None,
        "with_inner": True,
        "tags_all": [],
        "tags_any": [],
        "tags_none": [],
        "lowest": 1,
        "highest": 3,
        "shares": [],
        "seen": "first",
        "mark": 1.0,
    }
    return {"sections": [{"slots": [rule], "title": "", "is_shuffled": True}], "is_shuffled": False}


def _settings(quiz: sa.Row[Any]) -> dict[str, object]:
    return {
        "opens": None,
        "closes": None,
        "limit": quiz.time_limit,
        "attempts": quiz.max_attempts,
        "until_passed": False,
        "wait_once": 0,
        "wait_later": 0,
        "grading": "highest",
        "pass_percent": quiz.pass_percent,
        "topic_percent": 0,
        "review": REVIEW,
        "navigation": quiz.navigation,
        "per_page": quiz.per_page,
        "access_code": "",
        "is_practice": False,
    }


def _attempts() -> None:
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("revision_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("outline_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE attempt SET revision_id ="
        " (SELECT quiz_revision.id FROM quiz_revision WHERE quiz_revision.quiz_id = attempt.quiz_id)"
    )
    with op.batch_alter_table("attempt") as batch:
        batch.alter_column("revision_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f("fk_attempt_revision_id_quiz_revision"), "quiz_revision", ["revision_id"], ["id"])
        batch.create_foreign_key(op.f("fk_attempt_outline_id_frozen_outline"), "frozen_outline", ["outline_id"], ["id"])
        batch.create_index(op.f("ix_attempt_revision_id"), ["revision_id"], unique=False)
        batch.create_index(op.f("ix_attempt_outline_id"), ["outline_id"], unique=False)
    with op.batch_alter_table("answer") as batch:
        batch.add_column(sa.Column("section", sa.Integer(), nullable=True))


def _wrong_tries() -> None:
    op.create_table(
        "quiz_wrong_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_quiz_wrong_try_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_wrong_try_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_wrong_try")),
    )
    with op.batch_alter_table("quiz_wrong_try") as batch:
        batch.create_index("ix_quiz_wrong_try_whose", ["enrolment_id", "quiz_id", "at"], unique=False)
        batch.create_index(op.f("ix_quiz_wrong_try_quiz_id"), ["quiz_id"], unique=False)
