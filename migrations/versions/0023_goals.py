"""Goals with what was done for them, and tasks that people of a mentorship give one another."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _goals()
    _steps()
    _tasks()


def _goals() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("integration", "skill", "performance", "career", "leadership", "teamwork"),
                name="goaltype",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("statement", sa.String(length=300), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("due", _AT, nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "reached", "dropped", name="goalstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created", _AT, nullable=False),
        sa.Column("moved", _AT, nullable=False),
        sa.Column("closed", _AT, nullable=True),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_goal_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_goal_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_goal_public_id")),
    )
    with op.batch_alter_table("goal") as batch:
        batch.create_index("ix_goal_mentorship_id_state", ["mentorship_id", "state"], unique=False)
        batch.create_index(op.f("ix_goal_participant_id"), ["participant_id"], unique=False)


def _steps() -> None:
    op.create_table(
        "goal_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("progress", "changed", "dropped", "reopened", name="stepkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hinders", sa.Text(), nullable=False),
        sa.Column(
            "far",
            sa.Enum("not_begun", "begun", "half_way", "nearly", "reached", name="howfar", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_step_goal_id_goal")),
        sa.ForeignKeyConstraint(["by_id"], ["participant.id"], name=op.f("fk_goal_step_by_id_participant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_step")),
    )
    with op.batch_alter_table("goal_step") as batch:
        batch.create_index(op.f("ix_goal_step_goal_id"), ["goal_id"], unique=False)
        batch.create_index(op.f("ix_goal_step_by_id"), ["by_id"], unique=False)


def _tasks() -> None:
    """Those that there are came from programs, which every one of them gave a day."""
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("given_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
        batch.alter_column("due", existing_type=_AT, nullable=True)
        batch.create_foreign_key(op.f("fk_task_given_by_id_participant"), "participant", ["given_by_id"], ["id"])
        batch.create_index(op.f("ix_task_given_by_id"), ["given_by_id"], unique=False)
    with op.batch_alter_table("task") as batch:
        batch.alter_column("changes", existing_type=sa.Integer(), server_default=None)
