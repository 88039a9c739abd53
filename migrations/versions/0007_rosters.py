"""Rosters are read by jobs, with differences, groups and a grace for those who left."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROLES = ("instructor", "assistant", "designer", "learner", "observer", "guest")


def upgrade() -> None:
    _jobs()
    _people_leave()
    _readings()
    _groups()
    # Letters used to read rosters; the next launch or the next night has a job do it.
    op.execute("DELETE FROM letter WHERE lane LIKE 'roster:%'")
    op.execute("DELETE FROM lane WHERE name LIKE 'roster:%'")


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "running", "done", "failed", "cancelled", name="jobstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.String(length=64), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("is_asked_to_stop", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["enrolment.id"], name=op.f("fk_job_asked_by_id_enrolment")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_job_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    unfinished = sa.text("state IN ('waiting', 'running') AND key IS NOT NULL")
    with op.batch_alter_table("job") as batch:
        batch.create_index(batch.f("ix_job_course_id"), ["course_id"])
        batch.create_index("ix_job_due", ["state", "due"])
        batch.create_index(
            "uq_job_unfinished_key",
            ["key"],
            unique=True,
            sqlite_where=unfinished,
            postgresql_where=unfinished,
        )


def _people_leave() -> None:
    with op.batch_alter_table("course") as batch:
        batch.add_column(sa.Column("roster_asked", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("groups_url", sa.String(), nullable=True))
    role = sa.Enum(*ROLES, name="role", native_enum=False, length=32)
    with op.batch_alter_table("enrolment") as batch:
        batch.add_column(sa.Column("left", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("roster_role", role, nullable=True))
    # Those who never launched have their role from a roster; nobody knows any more what it called the others.
    op.execute("UPDATE enrolment SET roster_role = role WHERE last_launch IS NULL")
    with op.batch_alter_table("mentorship") as batch:
        batch.add_column(sa.Column("grace_ends", sa.DateTime(timezone=True), nullable=True))


def _readings() -> None:
    op.create_table(
        "roster_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "how",
            sa.Enum("launch", "night", "asked", "operator", name="how", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column(
            "problem",
            sa.Enum(
                "unknown_address",
                "no_token",
                "refused",
                "silent",
                "faulty",
                "empty",
                "inside",
                name="problem",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["enrolment.id"], name=op.f("fk_roster_reading_asked_by_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_roster_reading_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_reading")),
    )
    with op.batch_alter_table("roster_reading") as batch:
        batch.create_index("ix_roster_reading_course", ["course_id", "at"])
    op.create_table(
        "roster_change",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "change",
            sa.Enum("joined", "returned", "left", "renamed", "role", name="change", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_roster_change_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["roster_reading.id"],
            name=op.f("fk_roster_change_reading_id_roster_reading"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reading_id", "enrolment_id", "change", name=op.f("pk_roster_change")),
    )
    with op.batch_alter_table("roster_change") as batch:
        batch.create_index(batch.f("ix_roster_change_enrolment_id"), ["enrolment_id"])


def _groups() -> None:
    op.create_table(
        "course_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("service", "canvas", "moodle", name="source", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_group_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_group")),
        sa.UniqueConstraint(
            "course_id", "source", "reference", name=op.f("uq_course_group_course_id_source_reference")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_group_public_id")),
    )
    op.create_table(
        "group_membership",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_group_membership_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["course_group.id"], name=op.f("fk_group_membership_group_id_course_group")
        ),
        sa.PrimaryKeyConstraint("group_id", "enrolment_id", name=op.f("pk_group_membership")),
    )
    with op.batch_alter_table("group_membership") as batch:
        batch.create_index(batch.f("ix_group_membership_enrolment_id"), ["enrolment_id"])
