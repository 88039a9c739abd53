"""Mentorships remember when whoever they wait for was reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mentorship") as batch:
        batch.add_column(sa.Column("nudged", sa.DateTime(timezone=True), nullable=True))
