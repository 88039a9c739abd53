"""Platforms register themselves by one-time invitation and wait for an operator."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
