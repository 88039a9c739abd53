"""What a statement mentions beside something stands there in signs, so that most look-ups of pairs need not happen."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lrs_mention", sa.Column("signs", sa.BigInteger(), server_default=sa.text("-1"), nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE lrs_mention DROP CONSTRAINT pk_lrs_mention, ADD CONSTRAINT pk_lrs_mention"
            " PRIMARY KEY (store_id, key, seq, via) INCLUDE (places, verb, signs)"
        )
