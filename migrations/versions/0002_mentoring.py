"""Programs, cohorts, participants and mentorships."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_program_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("course_id", "name", name=op.f("uq_program_course_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_program_public_id")),
    )
    op.create_table(
        "program_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column(
            "mentoring_type",
            sa.Enum(
                "one_on_one", "peer", "group", "reverse", "flash", name="mentoringtype", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("length_days", sa.Integer(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("default_capacity", sa.Integer(), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("default_capacity > 0", name=op.f("ck_program_version_default_capacity")),
        sa.CheckConstraint("length_days > 0", name=op.f("ck_program_version_length_days")),
        sa.CheckConstraint("reply_days > 0", name=op.f("ck_program_version_reply_days")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_version_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_version")),
        sa.UniqueConstraint("program_id", "number", name=op.f("uq_program_version_program_id_number")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "matching",
                "running",
                "closing",
                "closed",
                "cancelled",
                name="cohortstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_cohort_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cohort_public_id")),
        sa.UniqueConstraint("version_id", "name", name=op.f("uq_cohort_version_id_name")),
    )
    op.create_table(
        "mentor_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.CheckConstraint("needed > 0", name=op.f("ck_mentor_kind_needed")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_mentor_kind_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_kind")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_mentor_kind_version_id_key")),
    )
    op.create_table(
        "mentorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "info_asked",
                "accepted",
                "active",
                "paused",
                "completed",
                "ended_early",
                "cancelled",
                "declined",
                "withdrawn",
                "expired",
                "superseded",
                name="mentorshipstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_mentorship_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["kind_id"], ["mentor_kind.id"], name=op.f("fk_mentorship_kind_id_mentor_kind")),
        sa.ForeignKeyConstraint(["replaces_id"], ["mentorship.id"], name=op.f("fk_mentorship_replaces_id_mentorship")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mentorship_public_id")),
    )
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentorship_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("as_mentor", sa.Boolean(), nullable=False),
        sa.Column("as_mentee", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "taking_part",
                "waiting_list",
                "paused",
                "left",
                name="participantstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_participant_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_participant_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("cohort_id", "enrolment_id", name=op.f("uq_participant_cohort_id_enrolment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_participant_public_id")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("mentor", "co_mentor", "mentee", "substitute", name="part", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_membership_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_membership_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_mentorship_id"), ["mentorship_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(
            "uq_membership_current",
            ["mentorship_id", "participant_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "mentor_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_mentor_offer_capacity")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_mentor_offer_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_offer")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_mentor_offer_participant_id")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_place_not_oneself")),
        sa.CheckConstraint("nth > 0", name=op.f("ck_place_nth")),
        sa.ForeignKeyConstraint(["kind_id"], ["mentor_kind.id"], name=op.f("fk_place_kind_id_mentor_kind")),
        sa.ForeignKeyConstraint(["mentee_id"], ["participant.id"], name=op.f("fk_place_mentee_id_participant")),
        sa.ForeignKeyConstraint(["mentor_id"], ["participant.id"], name=op.f("fk_place_mentor_id_participant")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_place_mentorship_id_mentorship")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("mentee_id", "kind_id", "nth", name=op.f("uq_place_mentee_id_kind_id_nth")),
        sa.UniqueConstraint("mentee_id", "mentor_id", name=op.f("uq_place_mentee_id_mentor_id")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_mentorship_id"), ["mentorship_id"], unique=False)

    op.create_table(
        "transition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "proposed",
                "info_asked",
                "accepted",
                "active",
                "paused",
                "completed",
                "ended_early",
                "cancelled",
                "declined",
                "withdrawn",
                "expired",
                "superseded",
                name="mentorshipstate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "proposed",
                "info_asked",
                "accepted",
                "active",
                "paused",
                "completed",
                "ended_early",
                "cancelled",
                "declined",
                "withdrawn",
                "expired",
                "superseded",
                name="mentorshipstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["enrolment.id"], name=op.f("fk_transition_actor_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_transition_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
    )
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transition_mentorship_id"), ["mentorship_id"], unique=False)
