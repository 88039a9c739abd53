"""A launch touches fewer pages: spent states are one tree by their key, and what nobody asks by has no index.

States of an older version cannot be opened any more, so none of them could be spent again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("spent_state")
    op.create_table(
        "spent_state",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spent_state")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("browser_session") as batch:
        batch.drop_index(batch.f("ix_browser_session_person_id"))
        batch.drop_index(batch.f("ix_browser_session_expires"))
