"""Somebody else than the manager is asked what change they see, and a single mentorship has a rhythm of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ASKED_AS = sa.Enum("manager", "contact", name="askedas", native_enum=False, length=32)


def upgrade() -> None:
    _contacts()
    _rhythms()
    _as_whom("check_in_consent", ["mentorship_id"])
    _as_whom("check_in", ["mentorship_id", "due"])


def _contacts() -> None:
    op.create_table(
        "check_in_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mail", sa.String(length=255), nullable=False),
        sa.Column("relation", sa.String(length=100), nullable=False),
        sa.Column("is_instead", sa.Boolean(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_check_in_contact_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["enrolment.id"], name=op.f("fk_check_in_contact_said_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_contact")),
        sa.UniqueConstraint("mentorship_id", name=op.f("uq_check_in_contact_mentorship_id")),
    )


def _rhythms() -> None:
    op.create_table(
        "check_in_own_rhythm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weeks > 0", name=op.f("ck_check_in_own_rhythm_weeks")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_check_in_own_rhythm_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["enrolment.id"], name=op.f("fk_check_in_own_rhythm_said_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_own_rhythm")),
        sa.UniqueConstraint("mentorship_id", name=op.f("uq_check_in_own_rhythm_mentorship_id")),
    )


def _as_whom(table: str, was_unique: list[str]) -> None:
    """All who were asked until now were managers."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("asked_as", ASKED_AS, nullable=False, server_default="manager"))
    unique = ["mentorship_id", "asked_as", *was_unique[1:]]
    with op.batch_alter_table(table) as batch:
        batch.alter_column("asked_as", existing_type=ASKED_AS, server_default=None)
        batch.drop_constraint(f"uq_{table}_{'_'.join(was_unique)}", type_="unique")
        batch.create_unique_constraint(f"uq_{table}_{'_'.join(unique)}", unique)
