"""What learners are granted; answers kept in order, pages of attempts, and what happened in them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


REASON = _kind("reason", "agreed", "language", "technical", "absence", "other")
NAVIGATION = _kind("navigation", "free", "sequential")
KIND = _kind(
    "kind",
    *("started", "resumed", "taken over", "saved", "deadline moved", "network changed", "went on"),
    *("handed in", "closed"),
)


def upgrade() -> None:
    _grants()
    _entries()
    _add("quiz", sa.Column("navigation", NAVIGATION, nullable=False, server_default="free"))
    _add("quiz", sa.Column("per_page", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("quiz") as batch:
        batch.create_check_constraint(op.f("ck_quiz_per_page"), "per_page >= 0")
    _add("attempt", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    _add("attempt", sa.Column("opened_by", sa.String(length=32), nullable=False, server_default=""))
    _add("attempt", sa.Column("network", sa.String(length=16), nullable=False, server_default=""))
    _add("attempt", sa.Column("page", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("attempt") as batch:
        batch.alter_column("deadline", existing_type=sa.DateTime(timezone=True), nullable=True)
    _add("answer", sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
    _add("answer", sa.Column("is_flagged", sa.Boolean(), nullable=False, server_default=sa.false()))


def _add(table: str, column: "sa.Column[Any]") -> None:
    """A column for rows that are there already; those to come say its value themselves."""
    name, kind = column.name, column.type
    with op.batch_alter_table(table) as batch:
        batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, existing_type=kind, server_default=None)


def _grants() -> None:
    op.create_table(
        "quiz_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=True),
        sa.Column("multiplier", sa.Double(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("is_unlimited", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("extends", sa.Boolean(), nullable=False),
        sa.Column("closes", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", REASON, nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("granted", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "multiplier >= 1 AND extra_minutes >= 0 AND attempts >= 0",
            name=op.f("ck_quiz_grant_grants_something"),
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_quiz_grant_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["enrolment.id"], name=op.f("fk_quiz_grant_granted_by_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_grant_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_grant")),
    )
    with op.batch_alter_table("quiz_grant") as batch:
        batch.create_index(op.f("ix_quiz_grant_quiz_id"), ["quiz_id"], unique=False)
        batch.create_index(op.f("ix_quiz_grant_granted_by_id"), ["granted_by_id"], unique=False)
        batch.create_index("uq_quiz_grant_of_quiz", ["enrolment_id", "quiz_id"], unique=True)
        batch.create_index(
            "uq_quiz_grant_standing",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("quiz_id IS NULL"),
            postgresql_where=sa.text("quiz_id IS NULL"),
        )


def _entries() -> None:
    op.create_table(
        "attempt_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("place > 0", name=op.f("ck_attempt_entry_counts_from_one")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_entry_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_entry")),
    )
    with op.batch_alter_table("attempt_entry") as batch:
        batch.create_index(op.f("ix_attempt_entry_attempt_id"), ["attempt_id"], unique=False)
        batch.create_index(op.f("ix_attempt_entry_at"), ["at"], unique=False)
