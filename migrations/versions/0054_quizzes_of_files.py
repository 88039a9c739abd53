"""Quizzes that stand in files with questions, to be made drafts of."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question_import") as batch:
        batch.add_column(sa.Column("quizzes", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("question_import") as batch:
        batch.alter_column("quizzes", existing_type=sa.JSON(), server_default=None)
