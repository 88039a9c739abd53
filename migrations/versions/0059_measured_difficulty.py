"""How hard questions turned out to be."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measured_difficulty",
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_measured_difficulty_platform_id_platform")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_measured_difficulty_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("platform_id", "version_id", name=op.f("pk_measured_difficulty")),
    )
    with op.batch_alter_table("measured_difficulty") as batch:
        batch.create_index(op.f("ix_measured_difficulty_version_id"), ["version_id"], unique=False)
