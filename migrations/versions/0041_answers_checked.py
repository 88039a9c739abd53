"""Answers can be checked while their attempt runs; what settings said of that time before was never shown."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("checked", sa.DateTime(timezone=True), nullable=True))
    revisions = sa.table("quiz_revision", sa.column("id", sa.Integer), sa.column("settings", sa.JSON))
    connection = op.get_bind()
    for row, settings in connection.execute(sa.select(revisions.c.id, revisions.c.settings)).all():
        if settings["review"]["at"].get("during"):
            review = {**settings["review"], "at": {**settings["review"]["at"], "during": []}}
            connection.execute(
                sa.update(revisions).where(revisions.c.id == row).values(settings={**settings, "review": review})
            )
