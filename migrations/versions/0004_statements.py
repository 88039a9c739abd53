"""Statements, who may read them, and where they are sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lrs_refused_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_refused_statement")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_lrs_refused_statement_event_id_name")),
    )
    op.create_table(
        "lrs_endpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("platform_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_lrs_endpoint_platform_id_platform")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_endpoint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lrs_endpoint_public_id")),
    )
    op.create_table(
        "lrs_store",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_stored", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_lrs_store_platform_id_platform")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_store")),
        sa.UniqueConstraint("platform_id", name=op.f("uq_lrs_store_platform_id")),
    )
    op.create_table(
        "lrs_credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["lrs_store.id"], name=op.f("fk_lrs_credential_store_id_lrs_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_credential")),
        sa.UniqueConstraint("key", name=op.f("uq_lrs_credential_key")),
    )
    with op.batch_alter_table("lrs_credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lrs_credential_store_id"), ["store_id"], unique=False)

    op.create_table(
        "lrs_statement",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("stored", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("registration", sa.String(length=36), nullable=True),
        sa.Column("ref", sa.String(length=36), nullable=True),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["lrs_store.id"], name=op.f("fk_lrs_statement_store_id_lrs_store")),
        sa.PrimaryKeyConstraint("store_id", "seq", name=op.f("pk_lrs_statement")),
    )
    with op.batch_alter_table("lrs_statement", schema=None) as batch_op:
        batch_op.create_index("ix_lrs_statement_id", ["store_id", "statement_id"], unique=True)
        batch_op.create_index(
            "ix_lrs_statement_ref",
            ["store_id", "ref"],
            unique=False,
            sqlite_where=sa.text("ref IS NOT NULL"),
            postgresql_where=sa.text("ref IS NOT NULL"),
        )
        batch_op.create_index("ix_lrs_statement_registration", ["store_id", "registration", "seq"], unique=False)
        batch_op.create_index("ix_lrs_statement_stored", ["store_id", "stored"], unique=False)
        batch_op.create_index("ix_lrs_statement_verb", ["store_id", "verb", "seq"], unique=False)

    op.create_table(
        "lrs_statement_activity",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("iri", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "seq"],
            ["lrs_statement.store_id", "lrs_statement.seq"],
            name=op.f("fk_lrs_statement_activity_store_id_seq_lrs_statement"),
        ),
        sa.PrimaryKeyConstraint("store_id", "iri", "seq", name=op.f("pk_lrs_statement_activity")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("lrs_statement_activity", schema=None) as batch_op:
        batch_op.create_index("ix_lrs_statement_activity_seq", ["store_id", "seq"], unique=False)

    op.create_table(
        "lrs_statement_agent",
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "seq"],
            ["lrs_statement.store_id", "lrs_statement.seq"],
            name=op.f("fk_lrs_statement_agent_store_id_seq_lrs_statement"),
        ),
        sa.PrimaryKeyConstraint("store_id", "key", "seq", name=op.f("pk_lrs_statement_agent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("lrs_statement_agent", schema=None) as batch_op:
        batch_op.create_index("ix_lrs_statement_agent_seq", ["store_id", "seq"], unique=False)
