"""Reminders: what was planned and told, and the three ways of having none."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("nth > 0", name=op.f("ck_nudge_nth")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_nudge_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_nudge_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nudge_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint(
            "mentorship_id",
            "participant_id",
            "rule",
            "about",
            "nth",
            name=op.f("uq_nudge_mentorship_id_participant_id_rule_about_nth"),
        ),
    )
    with op.batch_alter_table("nudge") as batch:
        batch.create_index(op.f("ix_nudge_participant_id"), ["participant_id"], unique=False)
        batch.create_index("ix_nudge_person_id_sent", ["person_id", "sent"], unique=False)
    op.create_table(
        "nudge_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nudge_stop_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_stop")),
        sa.UniqueConstraint("person_id", "rule", name=op.f("uq_nudge_stop_person_id_rule")),
    )
    op.create_table(
        "nudge_rest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_nudge_rest_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_rest")),
        sa.UniqueConstraint("mentorship_id", name=op.f("uq_nudge_rest_mentorship_id")),
    )
    op.create_table(
        "nudge_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_nudge_switch_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_switch")),
        sa.UniqueConstraint("program_id", name=op.f("uq_nudge_switch_program_id")),
    )
