"""A login is sealed into its state and stored nowhere; only spent states are. Logins under way begin again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("login")
    op.create_table(
        "spent_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_state")),
        sa.UniqueConstraint("key", name=op.f("uq_spent_state_key")),
    )
    with op.batch_alter_table("spent_state") as batch:
        batch.create_index(batch.f("ix_spent_state_expires"), ["expires"], unique=False)
