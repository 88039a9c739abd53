"""What comes next after a mentorship, thanks, and what a new mentor may read of before."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_earlier_share_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["participant.id"], name=op.f("fk_earlier_share_mentor_id_participant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_share")),
        sa.UniqueConstraint(
            "mentorship_id", "mentor_id", "kind", name=op.f("uq_earlier_share_mentorship_id_mentor_id_kind")
        ),
    )
    with op.batch_alter_table("earlier_share") as batch:
        batch.create_index(op.f("ix_earlier_share_mentor_id"), ["mentor_id"], unique=False)
    op.create_table(
        "closure_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_closure_answer_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_closure_answer_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_answer")),
        sa.UniqueConstraint(
            "mentorship_id", "participant_id", name=op.f("uq_closure_answer_mentorship_id_participant_id")
        ),
    )
    with op.batch_alter_table("closure_answer") as batch:
        batch.create_index(op.f("ix_closure_answer_participant_id"), ["participant_id"], unique=False)
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint("by_id IS NULL OR contact_id IS NULL", name=op.f("ck_thanks_one_author")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_thanks_mentorship_id_mentorship")),
        sa.ForeignKeyConstraint(["to_id"], ["participant.id"], name=op.f("fk_thanks_to_id_participant")),
        sa.ForeignKeyConstraint(["by_id"], ["participant.id"], name=op.f("fk_thanks_by_id_participant")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_thanks_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_thanks_public_id")),
    )
    with op.batch_alter_table("thanks") as batch:
        batch.create_index(op.f("ix_thanks_mentorship_id"), ["mentorship_id"], unique=False)
        batch.create_index(op.f("ix_thanks_to_id"), ["to_id"], unique=False)
        batch.create_index(op.f("ix_thanks_by_id"), ["by_id"], unique=False)
