"""An LRS outside may be sent what others told ours, but for what it wrote itself."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lrs_endpoint") as endpoint:
        endpoint.add_column(sa.Column("forwards_received", sa.Boolean(), nullable=False, server_default=sa.false()))
        endpoint.add_column(sa.Column("writes_as", sa.String(length=32), nullable=True))
    with op.batch_alter_table("lrs_endpoint") as endpoint:
        endpoint.alter_column("forwards_received", server_default=None)
