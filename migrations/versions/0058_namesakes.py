"""Who shares their name with somebody of their course; the next roster says so."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("is_namesake", sa.Boolean(), server_default=sa.false(), nullable=False))
