"""People are told things in the tool and by mail, choose what is mailed and when, and stop it by secret addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notices()
    _wishes()
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("own_time_zone", sa.String(length=64), nullable=True))


def _notices() -> None:
    op.create_table(
        "personal_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_personal_notice_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_personal_notice_public_id")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_personal_notice_enrolment_id_key")),
    )
    with op.batch_alter_table("personal_notice") as batch:
        batch.create_index("ix_personal_notice_newest", ["enrolment_id", "created"])


def _wishes() -> None:
    op.create_table(
        "mailing_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("is_mailed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mailing_choice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_choice")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_mailing_choice_person_id_kind")),
    )
    op.create_table(
        "mailing_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mailing_hours_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_hours")),
        sa.UniqueConstraint("person_id", name=op.f("uq_mailing_hours_person_id")),
    )
    op.create_table(
        "unsubscribe_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsubscribe_address_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsubscribe_address")),
        sa.UniqueConstraint("secret", name=op.f("uq_unsubscribe_address_secret")),
    )
    with op.batch_alter_table("unsubscribe_address") as batch:
        batch.create_index(batch.f("ix_unsubscribe_address_person_id"), ["person_id"])
