"""Which phases a campaign has been in; of those there are, what their people and days tell."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

ORDER = ("draft", "nominating", "approving", "collecting", "closed", "released", "archived")
NAMING = ("nominating", "approving")


def upgrade() -> None:
    op.add_column("campaign", sa.Column("passed", sa.JSON(), server_default="[]", nullable=False))
    campaign = sa.table("campaign", sa.column("id"), sa.column("phase"), sa.column("passed", sa.JSON()))
    target = sa.table("review_target", sa.column("campaign_id"), sa.column("nominated"))
    named = sa.exists().where(target.c.campaign_id == campaign.c.id, target.c.nominated.is_not(None))
    for here, phase in enumerate(ORDER):
        before = ORDER[:here]
        unnamed = [each for each in before if each not in NAMING or phase in NAMING]
        of_phase = sa.update(campaign).where(campaign.c.phase == phase)
        op.execute(of_phase.where(named).values(passed=list(before)))
        op.execute(of_phase.where(~named).values(passed=unnamed))
