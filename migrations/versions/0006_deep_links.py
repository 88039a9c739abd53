"""Instructors place activities by deep linking, and copied courses know where they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _placements_say_what_they_want()
    op.create_table(
        "deep_link_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("accept_types", sa.JSON(), nullable=False),
        sa.Column("accept_targets", sa.JSON(), nullable=False),
        sa.Column("accept_multiple", sa.Boolean(), nullable=False),
        sa.Column("accept_line_item", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deep_link_request_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_deep_link_request_course_id_course")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["browser_session.id"],
            name=op.f("fk_deep_link_request_session_id_browser_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deep_link_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_deep_link_request_public_id")),
    )
    with op.batch_alter_table("deep_link_request") as batch:
        batch.create_index(batch.f("ix_deep_link_request_expires"), ["expires"])
        batch.create_index(batch.f("ix_deep_link_request_session_id"), ["session_id"])
    op.create_table(
        "course_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("recognized", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_off_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("copied", sa.DateTime(timezone=True), nullable=True),
        sa.Column("copied_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("course_id <> origin_id", name=op.f("ck_course_copy_another")),
        sa.ForeignKeyConstraint(["copied_by_id"], ["enrolment.id"], name=op.f("fk_course_copy_copied_by_id_enrolment")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_copy_course_id_course")),
        sa.ForeignKeyConstraint(["origin_id"], ["course.id"], name=op.f("fk_course_copy_origin_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_copy")),
        sa.UniqueConstraint("course_id", "origin_id", name=op.f("uq_course_copy_course_id_origin_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_copy_public_id")),
    )
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("was", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_alias_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sa.UniqueConstraint("course_id", "was", name=op.f("uq_alias_course_id_was")),
    )


def _placements_say_what_they_want() -> None:
    """Links placed so far named no resource, and those of a graded activity were all meant to count."""
    with op.batch_alter_table("placement") as batch:
        batch.add_column(sa.Column("resource", sa.String(length=128), nullable=False, server_default=""))
        batch.add_column(sa.Column("is_graded", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("placement") as batch:
        batch.alter_column("resource", existing_type=sa.String(length=128), server_default=None)
        batch.alter_column("is_graded", existing_type=sa.Boolean(), server_default=None)
