"""Rosters are read by jobs, with differences, groups and a grace for those who left."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
