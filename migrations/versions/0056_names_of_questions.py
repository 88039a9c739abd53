"""What authors call a question, beside what it asks."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("title", sa.String(length=255), server_default="", nullable=False))
