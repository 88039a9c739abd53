"""Platforms send notices, verdicts are tallied, operators look, observers follow named learners."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _verdicts()
    _operators()
    _notices()
    _observers()
    with op.batch_alter_table("visit") as batch:
        batch.add_column(sa.Column("acted_by", sa.String(length=255), nullable=False, server_default=""))
    with op.batch_alter_table("visit") as batch:
        batch.alter_column("acted_by", existing_type=sa.String(length=255), server_default=None)


def _verdicts() -> None:
    op.create_table(
        "verdict_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict_count")),
        sa.UniqueConstraint("platform", "stage", "code", name=op.f("uq_verdict_count_platform_stage_code")),
    )
    op.create_table(
        "late_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("deployment", sa.String(length=160), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_refusal")),
    )


def _operators() -> None:
    for name in ("operator_code", "operator_session"):
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("key", sa.String(length=64), nullable=False),
            sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
            sa.UniqueConstraint("key", name=op.f(f"uq_{name}_key")),
        )
    op.create_table(
        "platform_probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keys_problem", sa.Text(), nullable=False),
        sa.Column("key_count", sa.Integer(), nullable=False),
        sa.Column("token_problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_platform_probe_platform_id_platform")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_probe")),
        sa.UniqueConstraint("platform_id", name=op.f("uq_platform_probe_platform_id")),
    )


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(length=255), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("notice_type", sa.String(length=64), nullable=False),
        sa.Column("arrived", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_notice_platform_id_platform")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("platform_id", "notice_id", name=op.f("uq_notice_platform_id_notice_id")),
        sa.UniqueConstraint("platform_id", "nonce", name=op.f("uq_notice_platform_id_nonce")),
    )
    with op.batch_alter_table("notice") as batch:
        batch.create_index(batch.f("ix_notice_arrived"), ["arrived"])
    op.create_table(
        "notice_handler",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("notice_type", sa.String(length=64), nullable=False),
        sa.Column("service_url", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("registered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_notice_handler_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_handler")),
        sa.UniqueConstraint("deployment_id", "notice_type", name=op.f("uq_notice_handler_deployment_id_notice_type")),
    )


def _observers() -> None:
    op.create_table(
        "observed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("observer_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["observer_id"], ["enrolment.id"], name=op.f("fk_observed_observer_id_enrolment")),
        sa.ForeignKeyConstraint(["learner_id"], ["enrolment.id"], name=op.f("fk_observed_learner_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observed")),
        sa.UniqueConstraint("observer_id", "learner_id", name=op.f("uq_observed_observer_id_learner_id")),
    )
    with op.batch_alter_table("observed") as batch:
        batch.create_index(batch.f("ix_observed_learner_id"), ["learner_id"])
    with op.batch_alter_table("program") as batch:
        batch.add_column(sa.Column("observers_may_follow", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("program") as batch:
        batch.alter_column("observers_may_follow", existing_type=sa.Boolean(), server_default=None)
