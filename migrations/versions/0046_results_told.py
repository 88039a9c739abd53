"""Results of many people are released at one moment, and each is told of theirs a little later."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_snapshot", sa.Column("told", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE report_snapshot SET told = released")
