"""Platforms register themselves by one-time invitation and wait for an operator."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("platform", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_self_registered", sa.Boolean(), nullable=False, server_default=sa.false()),
        )
        batch_op.add_column(sa.Column("granted_scopes", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_constraint(batch_op.f("uq_platform_issuer_client_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_platform_issuer_client_id_jwks_url"), ["issuer", "client_id", "jwks_url"]
        )
    with op.batch_alter_table("platform", schema=None) as batch_op:
        for name in ("is_self_registered", "granted_scopes", "remarks"):
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("platform_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_invitation_platform_id_platform")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
        sa.UniqueConstraint("secret", name=op.f("uq_invitation_secret")),
    )
