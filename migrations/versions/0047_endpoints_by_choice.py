"""An LRS outside may have another version of xAPI, other names for people, one course or some rooms only."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lrs_endpoint") as endpoint:
        endpoint.add_column(sa.Column("version", sa.String(length=8), nullable=False, server_default="1.0.3"))
        endpoint.add_column(sa.Column("actors", sa.String(length=32), nullable=False, server_default="account"))
        endpoint.add_column(sa.Column("sealed_pseudonyms", sa.Text(), nullable=True))
        endpoint.add_column(sa.Column("course", sa.Text(), nullable=True))
        endpoint.add_column(sa.Column("rooms", sa.JSON(), nullable=False, server_default="[]"))
        endpoint.add_column(sa.Column("most_bytes", sa.Integer(), nullable=False, server_default=str(1024 * 1024)))
    with op.batch_alter_table("lrs_endpoint") as endpoint:
        for name in ("version", "actors", "rooms", "most_bytes"):
            endpoint.alter_column(name, server_default=None)
