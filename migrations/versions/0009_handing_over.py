"""Sessions end when nobody is there, logins know what was offered, and a ticket hands a visit over to a new window."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sessions_are_seen()
    _logins_remember()
    _platforms_are_framed_from()
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["browser_session.id"],
            name=op.f("fk_ticket_session_id_browser_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("key", name=op.f("uq_ticket_key")),
    )
    with op.batch_alter_table("ticket") as batch:
        batch.create_index(batch.f("ix_ticket_session_id"), ["session_id"])


def _sessions_are_seen() -> None:
    """Whoever has a session now was last seen now."""
    with op.batch_alter_table("browser_session") as batch:
        batch.add_column(sa.Column("seen", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE browser_session SET seen = CURRENT_TIMESTAMP")
    with op.batch_alter_table("browser_session") as batch:
        batch.alter_column("seen", existing_type=sa.DateTime(timezone=True), nullable=False)


def _logins_remember() -> None:
    with op.batch_alter_table("login") as batch:
        batch.add_column(sa.Column("storage_target", sa.String(length=255), nullable=False, server_default=""))
        batch.add_column(sa.Column("asker", sa.String(length=32), nullable=False, server_default=""))
        batch.create_index(batch.f("ix_login_asker"), ["asker"])
    with op.batch_alter_table("login") as batch:
        batch.alter_column("storage_target", existing_type=sa.String(length=255), server_default=None)
        batch.alter_column("asker", existing_type=sa.String(length=32), server_default=None)


def _platforms_are_framed_from() -> None:
    with op.batch_alter_table("platform") as batch:
        batch.add_column(sa.Column("framed_from", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("platform") as batch:
        batch.alter_column("framed_from", existing_type=sa.JSON(), server_default=None)
