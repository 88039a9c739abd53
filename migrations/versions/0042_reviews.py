"""Reviews: instruments, campaigns, who is asked, what was answered, what was published."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "review", "pair", "program", "survey", "checklist", name="instrumentkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ready_made", sa.String(length=64), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_instrument_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_public_id")),
    )
    with op.batch_alter_table("instrument", schema=None) as batch:
        batch.create_index(batch.f("ix_instrument_course_id"), ["course_id"], unique=False)

    op.create_table(
        "instrument_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_instrument_version_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["enrolment.id"], name=op.f("fk_instrument_version_made_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_version")),
        sa.UniqueConstraint("instrument_id", "n", name=op.f("uq_instrument_version_instrument_id_n")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("review", "pair", "program", "survey", name="campaignkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "purpose", sa.Enum("development", "decision", name="purpose", native_enum=False, length=32), nullable=False
        ),
        sa.Column("purpose_words", sa.Text(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "draft",
                "nominating",
                "approving",
                "collecting",
                "closed",
                "released",
                "archived",
                name="phase",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "moment",
            sa.Enum("date", "days", "interval", "baseline", "mid", "end", name="moment", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("nominate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "released_by",
            sa.Enum("staff", "coach", "at_close", name="releasedby", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reduced", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days > 0 AND open_days > 0", name=op.f("ck_campaign_days")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_campaign_opens_before_it_closes")),
        sa.CheckConstraint("retention_months > 0", name=op.f("ck_campaign_retention")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_campaign_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_campaign_course_id_course")),
        sa.ForeignKeyConstraint(["follows_id"], ["campaign.id"], name=op.f("fk_campaign_follows_id_campaign")),
        sa.ForeignKeyConstraint(["made_by_id"], ["enrolment.id"], name=op.f("fk_campaign_made_by_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["instrument_version.id"], name=op.f("fk_campaign_version_id_instrument_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_public_id")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch:
        batch.create_index(batch.f("ix_campaign_cohort_id"), ["cohort_id"], unique=False)
        batch.create_index(batch.f("ix_campaign_course_id"), ["course_id"], unique=False)
        batch.create_index(batch.f("ix_campaign_follows_id"), ["follows_id"], unique=False)
        batch.create_index(batch.f("ix_campaign_version_id"), ["version_id"], unique=False)

    op.create_table(
        "rater_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column(
            "anonymity",
            sa.Enum("named", "attributed", "anonymous", name="anonymity", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "nominated_by",
            sa.Enum("nobody", "subject", "staff", name="nominatedby", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("fewest_invited", sa.Integer(), nullable=False),
        sa.Column("most_invited", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column(
            "comments",
            sa.Enum("verbatim", "shuffled", "none", name="seescomments", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("fewest_invited <= most_invited", name=op.f("ck_rater_group_fewest_and_most")),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_rater_group_weight")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_rater_group_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["instrument_version.id"], name=op.f("fk_rater_group_version_id_instrument_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rater_group")),
        sa.UniqueConstraint("campaign_id", "key", name=op.f("uq_rater_group_campaign_id_key")),
    )
    with op.batch_alter_table("rater_group", schema=None) as batch:
        batch.create_index(batch.f("ix_rater_group_version_id"), ["version_id"], unique=False)

    op.create_table(
        "review_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("mentorship_id", sa.Integer(), nullable=True),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("opens", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nominated", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_review_target_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["coach_id"], ["enrolment.id"], name=op.f("fk_review_target_coach_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_review_target_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_review_target_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_target")),
        sa.UniqueConstraint("campaign_id", "key", name=op.f("uq_review_target_campaign_id_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_target_public_id")),
    )
    with op.batch_alter_table("review_target", schema=None) as batch:
        batch.create_index(batch.f("ix_review_target_coach_id"), ["coach_id"], unique=False)
        batch.create_index(batch.f("ix_review_target_enrolment_id"), ["enrolment_id"], unique=False)
        batch.create_index(batch.f("ix_review_target_mentorship_id"), ["mentorship_id"], unique=False)

    op.create_table(
        "development_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("competency", sa.String(length=128), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_development_goal_goal_id_goal")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["review_target.id"], name=op.f("fk_development_goal_target_id_review_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_goal")),
        sa.UniqueConstraint(
            "target_id", "competency", "goal_id", name=op.f("uq_development_goal_target_id_competency_goal_id")
        ),
    )
    with op.batch_alter_table("development_goal", schema=None) as batch:
        batch.create_index(batch.f("ix_development_goal_goal_id"), ["goal_id"], unique=False)

    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("whole_of_id", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("published", sa.JSON(), nullable=False),
        sa.Column("ledger", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("released", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(target_id IS NULL) <> (whole_of_id IS NULL)", name=op.f("ck_report_snapshot_of_one")),
        sa.ForeignKeyConstraint(["made_by_id"], ["enrolment.id"], name=op.f("fk_report_snapshot_made_by_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["enrolment.id"], name=op.f("fk_report_snapshot_released_by_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["review_target.id"], name=op.f("fk_report_snapshot_target_id_review_target")
        ),
        sa.ForeignKeyConstraint(["whole_of_id"], ["campaign.id"], name=op.f("fk_report_snapshot_whole_of_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_snapshot_public_id")),
        sa.UniqueConstraint("target_id", "n", name=op.f("uq_report_snapshot_target_id_n")),
    )
    with op.batch_alter_table("report_snapshot", schema=None) as batch:
        batch.create_index(batch.f("ix_report_snapshot_whole_of_id"), ["whole_of_id"], unique=False)

    op.create_table(
        "review_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mail", sa.String(length=255), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "rejected",
                "invited",
                "started",
                "submitted",
                "declined",
                "expired",
                name="assignmentstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("invited", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted", sa.Date(), nullable=True),
        sa.Column("sealed_draft", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.CheckConstraint("(rater_id IS NULL) <> (mail IS NULL)", name=op.f("ck_review_assignment_one_rater")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["rater_group.id"], name=op.f("fk_review_assignment_group_id_rater_group")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["enrolment.id"], name=op.f("fk_review_assignment_proposed_by_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["enrolment.id"], name=op.f("fk_review_assignment_rater_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["review_target.id"], name=op.f("fk_review_assignment_target_id_review_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_assignment_public_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_review_assignment_secret_hash")),
        sa.UniqueConstraint("target_id", "mail", name=op.f("uq_review_assignment_target_id_mail")),
        sa.UniqueConstraint("target_id", "rater_id", name=op.f("uq_review_assignment_target_id_rater_id")),
    )
    with op.batch_alter_table("review_assignment", schema=None) as batch:
        batch.create_index(batch.f("ix_review_assignment_group_id"), ["group_id"], unique=False)
        batch.create_index(batch.f("ix_review_assignment_rater_id"), ["rater_id"], unique=False)

    op.create_table(
        "result_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "action", sa.Enum("looked", "pdf", "excel", name="access", native_enum=False, length=32), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_result_access_snapshot_id_report_snapshot")
        ),
        sa.ForeignKeyConstraint(["viewer_id"], ["enrolment.id"], name=op.f("fk_result_access_viewer_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_access")),
    )
    with op.batch_alter_table("result_access", schema=None) as batch:
        batch.create_index(batch.f("ix_result_access_snapshot_id"), ["snapshot_id"], unique=False)
        batch.create_index(batch.f("ix_result_access_viewer_id"), ["viewer_id"], unique=False)

    op.create_table(
        "review_remark",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=True),
        sa.Column("may_be_quoted", sa.Boolean(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["review_assignment.id"], name=op.f("fk_review_remark_assignment_id_review_assignment")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["rater_group.id"], name=op.f("fk_review_remark_group_id_rater_group")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["review_target.id"], name=op.f("fk_review_remark_target_id_review_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_remark")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("review_remark", schema=None) as batch:
        batch.create_index(batch.f("ix_review_remark_assignment_id"), ["assignment_id"], unique=False)
        batch.create_index(batch.f("ix_review_remark_group_id"), ["group_id"], unique=False)
        batch.create_index(batch.f("ix_review_remark_target_id"), ["target_id"], unique=False)

    op.create_table(
        "review_response",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("importance", sa.JSON(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["review_assignment.id"], name=op.f("fk_review_response_assignment_id_review_assignment")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["rater_group.id"], name=op.f("fk_review_response_group_id_rater_group")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["review_target.id"], name=op.f("fk_review_response_target_id_review_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_response")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_review_response_assignment_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("review_response", schema=None) as batch:
        batch.create_index(batch.f("ix_review_response_group_id"), ["group_id"], unique=False)
        batch.create_index(batch.f("ix_review_response_target_id"), ["target_id"], unique=False)
