"""People say themselves whether an LRS outside may know them by their mail address."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lrs_mail_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["lrs_endpoint.id"], name=op.f("fk_lrs_mail_consent_endpoint_id_lrs_endpoint")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lrs_mail_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_mail_consent")),
        sa.UniqueConstraint("endpoint_id", "person_id", name=op.f("uq_lrs_mail_consent_endpoint_id_person_id")),
    )
    op.create_index(op.f("ix_lrs_mail_consent_person_id"), "lrs_mail_consent", ["person_id"], unique=False)
