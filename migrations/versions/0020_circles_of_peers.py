"""Peers have places that no mentor gives, and runs propose circles."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    checks = (
        # SQLite would lose them with the table that is made anew.
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_place_not_oneself")),
        sa.CheckConstraint("nth > 0", name=op.f("ck_place_nth")),
    )
    with op.batch_alter_table("place", table_args=checks) as batch:
        batch.alter_column("mentor_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("match_run") as batch:
        batch.add_column(sa.Column("is_of_circles", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("match_run") as batch:
        batch.alter_column("is_of_circles", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "match_circle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_circle_run_id_match_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_circle")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_circle_public_id")),
    )
    with op.batch_alter_table("match_circle") as batch:
        batch.create_index(op.f("ix_match_circle_run_id"), ["run_id"], unique=False)
    op.create_table(
        "match_circle_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["match_circle.id"], name=op.f("fk_match_circle_member_circle_id_match_circle")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_circle_member_run_id_match_run")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_match_circle_member_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_circle_member")),
        sa.UniqueConstraint("run_id", "participant_id", name=op.f("uq_match_circle_member_run_id_participant_id")),
    )
    with op.batch_alter_table("match_circle_member") as batch:
        batch.create_index(op.f("ix_match_circle_member_circle_id"), ["circle_id"], unique=False)
