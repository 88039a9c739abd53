"""Since when a mentorship has been announced to fade."""

import sqlalchemy as sa
from alembic import op

from lti_tool.clock import UTCDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mentorship", sa.Column("stalled", UTCDateTime(), nullable=True))
