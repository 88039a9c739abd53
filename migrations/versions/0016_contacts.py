"""Contacts outside the course, and who somebody's manager is."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mail", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_contact_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("course_id", "mail", name=op.f("uq_contact_course_id_mail")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_public_id")),
    )
    op.create_table(
        "manager_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("manager_enrolment_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(manager_enrolment_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_manager_link_one_manager")
        ),
        sa.CheckConstraint("manager_enrolment_id <> enrolment_id", name=op.f("ck_manager_link_somebody_else")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_manager_link_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_manager_link_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["manager_enrolment_id"], ["enrolment.id"], name=op.f("fk_manager_link_manager_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["enrolment.id"], name=op.f("fk_manager_link_said_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager_link")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_manager_link_enrolment_id")),
    )
    with op.batch_alter_table("manager_link") as batch:
        batch.create_index(batch.f("ix_manager_link_contact_id"), ["contact_id"])
        batch.create_index(batch.f("ix_manager_link_manager_enrolment_id"), ["manager_enrolment_id"])
