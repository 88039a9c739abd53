"""Whoever waits for a platform's keys hears that fetching them failed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("platform_key_set") as batch:
        batch.add_column(sa.Column("failed", sa.DateTime(timezone=True), nullable=True))
