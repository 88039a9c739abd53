"""The addresses that raters outside are mailed stand by themselves; some want no mail. Raters are reminded by rule."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["review_assignment.id"],
            name=op.f("fk_review_link_assignment_id_review_assignment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_link")),
        sa.UniqueConstraint("assignment_id", "n", name=op.f("uq_review_link_assignment_id_n")),
        sa.UniqueConstraint("secret", name=op.f("uq_review_link_secret")),
    )
    op.create_table(
        "review_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_stop")),
        sa.UniqueConstraint("mail", name=op.f("uq_review_stop_mail")),
    )
    # Nobody was mailed an address yet.
    with op.batch_alter_table("review_assignment", schema=None) as batch:
        batch.drop_constraint(op.f("uq_review_assignment_secret_hash"), type_="unique")
        batch.drop_column("secret_hash")
        batch.drop_column("opened_by")
    op.add_column("campaign", sa.Column("reminding", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("campaign", schema=None) as batch:
        batch.alter_column("reminding", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
