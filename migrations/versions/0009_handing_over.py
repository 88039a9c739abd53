"""A launch without cookies is handed over to a new window by a one-time ticket."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
