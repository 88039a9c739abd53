"""Recordings of banks, beside their pictures; of files with questions, what is found in them."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question_import_row", sa.Column("kind", sa.String(length=32), server_default="", nullable=False))
    op.add_column("question_import_row", sa.Column("is_whole", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("question_import", sa.Column("banks", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("picture") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=16), server_default="picture", nullable=False))
        batch.drop_constraint(op.f("ck_picture_something"), type_="check")
        batch.create_check_constraint(
            op.f("ck_picture_something"), "size > 0 AND (kind = 'sound' OR (width > 0 AND height > 0))"
        )
