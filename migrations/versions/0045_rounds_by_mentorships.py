"""Reviews open by mentorships as well: by days and by milestones, of whom, and since when a campaign takes answers."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    milestone = sa.Enum("kick_off", "agreement", "goal", name="milestone", native_enum=False, length=32)
    whom = sa.Enum("mentee", "mentor", "both", name="forwhom", native_enum=False, length=32)
    with op.batch_alter_table("campaign", schema=None) as batch:
        batch.add_column(sa.Column("milestone", milestone, nullable=True))
        batch.add_column(sa.Column("reviewed", whom, nullable=False, server_default="mentee"))
        batch.add_column(sa.Column("started", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("campaign", schema=None) as batch:
        batch.alter_column("reviewed", existing_type=whom, existing_nullable=False, server_default=None)
        batch.create_check_constraint(op.f("ck_campaign_milestone"), "(moment = 'milestone') = (milestone IS NOT NULL)")
    # Nobody wrote down when it began; it was not before it was made.
    op.execute("UPDATE campaign SET started = created WHERE phase NOT IN ('draft', 'nominating', 'approving')")
