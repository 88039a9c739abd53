"""Programs are designed, people offer and need, runs are kept as drafts, asks have clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHECKLIST = '["performs_well", "dedicated", "ready_to_share", "field_experience", "communication", "trust"]'


def upgrade() -> None:
    _programs()
    _participants()
    _pairing()
    _mentorships()


def _programs() -> None:
    op.create_table(
        "mentor_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_mentor_task_days")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_mentor_task_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_task")),
    )
    with op.batch_alter_table("mentor_task") as batch:
        batch.create_index(op.f("ix_mentor_task_version_id"), ["version_id"], unique=False)
    op.create_table(
        "training_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("is_for_mentors", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "manner", sa.Enum("link", "quiz", "in_person", name="manner", native_enum=False, length=32), nullable=False
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("valid_days > 0", name=op.f("ck_training_item_valid_days")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_training_item_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_item")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_training_item_version_id_key")),
    )
    with op.batch_alter_table("cohort") as batch:
        batch.add_column(sa.Column("invites_newcomers", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cohort") as batch:
        batch.alter_column("invites_newcomers", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("mentor_kind") as batch:
        batch.add_column(sa.Column("is_required", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("mentor_kind") as batch:
        batch.alter_column("is_required", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("program_version") as batch:
        batch.add_column(sa.Column("goal_types", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(
            sa.Column(
                "must_agree",
                sa.Enum("nobody", "mentor", "both", name="mustagree", native_enum=False, length=32),
                nullable=False,
                server_default="nobody",
            )
        )
        batch.add_column(sa.Column("takes_requests", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("needs_consent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("meeting_days", sa.Integer(), nullable=False, server_default="14"))
        batch.add_column(
            sa.Column(
                "channel",
                sa.Enum("any", "in_person", "phone", "video", "online", name="channel", native_enum=False, length=32),
                nullable=False,
                server_default="any",
            )
        )
        batch.add_column(sa.Column("smallest_group", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("largest_group", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("least_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("most_hours_apart", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("least_experience", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("level_rule", sa.String(length=16), nullable=False, server_default="any"))
        batch.add_column(sa.Column("bars_same_manager", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("weights", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("checklist", sa.JSON(), nullable=False, server_default=CHECKLIST))
        batch.add_column(sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("topics", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("interests", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("questions", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("kpis", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("evaluations", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("evaluation_days", sa.Integer(), nullable=False, server_default="30"))
    with op.batch_alter_table("program_version") as batch:
        batch.alter_column("goal_types", existing_type=sa.JSON(), server_default=None)
        batch.alter_column(
            "must_agree",
            existing_type=sa.Enum("nobody", "mentor", "both", name="mustagree", native_enum=False, length=32),
            server_default=None,
        )
        batch.alter_column("takes_requests", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("needs_consent", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("meeting_days", existing_type=sa.Integer(), server_default=None)
        batch.alter_column(
            "channel",
            existing_type=sa.Enum(
                "any", "in_person", "phone", "video", "online", name="channel", native_enum=False, length=32
            ),
            server_default=None,
        )
        batch.alter_column("smallest_group", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("largest_group", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("least_minutes", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("least_experience", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("level_rule", existing_type=sa.String(length=16), server_default=None)
        batch.alter_column("bars_same_manager", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("weights", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("checklist", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("skills", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("topics", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("interests", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("questions", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("kpis", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("evaluations", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("evaluation_days", existing_type=sa.Integer(), server_default=None)


def _participants() -> None:
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("asked", "coordinator", "grader", "past_end", name="exclusionsource", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_exclusion_not_oneself")),
        sa.ForeignKeyConstraint(["one_id"], ["enrolment.id"], name=op.f("fk_exclusion_one_id_enrolment")),
        sa.ForeignKeyConstraint(["other_id"], ["enrolment.id"], name=op.f("fk_exclusion_other_id_enrolment")),
        sa.ForeignKeyConstraint(["said_by_id"], ["enrolment.id"], name=op.f("fk_exclusion_said_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
        sa.UniqueConstraint("one_id", "other_id", "said_by_id", name=op.f("uq_exclusion_one_id_other_id_said_by_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exclusion_public_id")),
    )
    with op.batch_alter_table("exclusion") as batch:
        batch.create_index(op.f("ix_exclusion_other_id"), ["other_id"], unique=False)
    op.create_table(
        "mentee_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_mentee_need_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentee_need")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_mentee_need_participant_id")),
    )
    op.create_table(
        "training_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_training_done_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["enrolment.id"], name=op.f("fk_training_done_said_by_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_done")),
        sa.UniqueConstraint("participant_id", "item", name=op.f("uq_training_done_participant_id_item")),
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("whom_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_wish_rank")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_wish_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["whom_id"], ["enrolment.id"], name=op.f("fk_wish_whom_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("participant_id", "whom_id", name=op.f("uq_wish_participant_id_whom_id")),
    )
    with op.batch_alter_table("wish") as batch:
        batch.create_index(op.f("ix_wish_whom_id"), ["whom_id"], unique=False)
    with op.batch_alter_table("participant") as batch:
        batch.add_column(
            sa.Column(
                "came",
                sa.Enum(
                    "ticked", "joined", "added", "nominated", "newcomer", name="came", native_enum=False, length=32
                ),
                nullable=False,
                server_default="ticked",
            )
        )
        batch.add_column(sa.Column("nominated_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("consented", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("timezone", sa.String(length=64), nullable=False, server_default=""))
        batch.add_column(sa.Column("hours", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("interests", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("level", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("team", sa.String(length=120), nullable=False, server_default=""))
        batch.add_column(sa.Column("shows", sa.JSON(), nullable=False, server_default="[]"))
        batch.create_foreign_key(
            op.f("fk_participant_nominated_by_id_enrolment"), "enrolment", ["nominated_by_id"], ["id"]
        )
    with op.batch_alter_table("participant") as batch:
        batch.alter_column(
            "came",
            existing_type=sa.Enum(
                "ticked", "joined", "added", "nominated", "newcomer", name="came", native_enum=False, length=32
            ),
            server_default=None,
        )
        batch.alter_column("languages", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("timezone", existing_type=sa.String(length=64), server_default=None)
        batch.alter_column("hours", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("interests", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("answers", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("team", existing_type=sa.String(length=120), server_default=None)
        batch.alter_column("shows", existing_type=sa.JSON(), server_default=None)
    with op.batch_alter_table("mentor_offer") as batch:
        batch.add_column(sa.Column("kinds", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("topics", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("types", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("experience", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("checked", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("mentor_offer") as batch:
        batch.alter_column("kinds", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("skills", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("topics", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("types", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("words", existing_type=sa.Text(), server_default=None)
        batch.alter_column("checked", existing_type=sa.JSON(), server_default=None)


def _pairing() -> None:
    op.create_table(
        "match_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "working", "draft", "published", "discarded", "failed", name="runstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_aside", sa.Boolean(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("engine", sa.String(length=32), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_match_run_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["made_by_id"], ["enrolment.id"], name=op.f("fk_match_run_made_by_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["enrolment.id"], name=op.f("fk_match_run_published_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sa.UniqueConstraint("cohort_id", "number", name=op.f("uq_match_run_cohort_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_run_public_id")),
    )
    with op.batch_alter_table("match_run") as batch:
        batch.create_index(
            "uq_match_run_open",
            ["cohort_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('working', 'draft') AND NOT is_aside"),
            postgresql_where=sa.text("state IN ('working', 'draft') AND NOT is_aside"),
        )
    op.create_table(
        "match_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["mentee_id"], ["participant.id"], name=op.f("fk_match_pair_mentee_id_participant")),
        sa.ForeignKeyConstraint(["mentor_id"], ["participant.id"], name=op.f("fk_match_pair_mentor_id_participant")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_pair_run_id_match_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_pair")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_pair_public_id")),
        sa.UniqueConstraint("run_id", "mentee_id", "mentor_id", name=op.f("uq_match_pair_run_id_mentee_id_mentor_id")),
    )


def _mentorships() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("mentor", "co_mentor", "mentee", "peer", "substitute", name="part", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["done_by_id"], ["participant.id"], name=op.f("fk_task_done_by_id_participant")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_task_mentorship_id_mentorship")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_task_public_id")),
    )
    with op.batch_alter_table("task") as batch:
        batch.create_index(op.f("ix_task_mentorship_id"), ["mentorship_id"], unique=False)
    with op.batch_alter_table("mentorship") as batch:
        batch.add_column(
            sa.Column(
                "origin",
                sa.Enum("assigned", "run", "request", name="origin", native_enum=False, length=32),
                nullable=False,
                server_default="assigned",
            )
        )
        batch.add_column(sa.Column("run_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("passed_on_from_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("case_text", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("question", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("answer", sa.Text(), nullable=False, server_default=""))
        batch.add_column(
            sa.Column(
                "waits_for",
                sa.Enum(
                    "mentor", "co_mentor", "mentee", "peer", "substitute", name="part", native_enum=False, length=32
                ),
                nullable=True,
            )
        )
        batch.add_column(sa.Column("asked", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("mentor_agreed", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("mentee_agreed", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_mentorship_run_id_match_run"), "match_run", ["run_id"], ["id"])
        batch.create_foreign_key(
            op.f("fk_mentorship_passed_on_from_id_mentorship"), "mentorship", ["passed_on_from_id"], ["id"]
        )
    with op.batch_alter_table("mentorship") as batch:
        batch.alter_column(
            "origin",
            existing_type=sa.Enum("assigned", "run", "request", name="origin", native_enum=False, length=32),
            server_default=None,
        )
        batch.alter_column("case_text", existing_type=sa.Text(), server_default=None)
        batch.alter_column("question", existing_type=sa.Text(), server_default=None)
        batch.alter_column("answer", existing_type=sa.Text(), server_default=None)
    with op.batch_alter_table("transition") as batch:
        batch.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("transition") as batch:
        batch.alter_column("note", existing_type=sa.Text(), server_default=None)
