"""Gradebook columns get rows of their own; grades are compared with what the platform holds."""

import base64
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grade_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=128), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("maximum", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("line_item", sa.Text(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compared", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_grade_column_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_column")),
        sa.UniqueConstraint("course_id", "activity", name=op.f("uq_grade_column_course_id_activity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grade_column_public_id")),
    )
    with op.batch_alter_table("grade", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempt", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("told_attempt", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("sent_share", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("trouble", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("seen", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("seen_score", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("seen_maximum", sa.Double(), nullable=True))
    with op.batch_alter_table("grade", schema=None) as batch_op:
        for name in ("attempt", "told_attempt", "tries", "trouble"):
            batch_op.alter_column(name, server_default=None)
    _carry_over()


GRADE = sa.table(
    "grade",
    *(
        sa.column(name)
        for name in (
            *("id", "enrolment_id", "activity", "title", "maximum", "score", "earned", "problem", "trouble", "tries"),
            *("version", "stamped_version", "sent_version", "sent_share"),
        )
    ),
)


def _carry_over() -> None:
    """Each activity that has grades gets its column, and what was known of a grade stands where it is kept now."""
    connection = op.get_bind()
    enrolment = sa.table("enrolment", sa.column("id"), sa.column("course_id"))
    found = connection.execute(
        sa.select(
            enrolment.c.course_id,
            GRADE.c.activity,
            sa.func.max(GRADE.c.title).label("title"),
            sa.func.max(GRADE.c.maximum).label("maximum"),
            sa.func.min(GRADE.c.earned).label("created"),
        )
        .join_from(GRADE, enrolment, enrolment.c.id == GRADE.c.enrolment_id)
        .group_by(enrolment.c.course_id, GRADE.c.activity)
    ).mappings()
    column = sa.table(
        "grade_column",
        *(sa.column(name) for name in ("public_id", "course_id", "activity", "title", "maximum", "created", "state")),
    )
    for row in found.all():
        public_id = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        connection.execute(column.insert().values(public_id=public_id, state="unsought", **row))
    is_stamped = GRADE.c.stamped_version == GRADE.c.version
    is_sent = GRADE.c.sent_version == GRADE.c.version
    connection.execute(GRADE.update().where(is_stamped, ~is_sent).values(tries=1))
    connection.execute(
        GRADE.update().where(is_sent, GRADE.c.maximum > 0).values(sent_share=GRADE.c.score / GRADE.c.maximum)
    )
    connection.execute(GRADE.update().where(~is_sent, GRADE.c.problem != "").values(trouble="no_answer"))
    letter = sa.table("letter", sa.column("key"), sa.column("state"))
    given_up = connection.scalars(
        sa.select(letter.c.key).where(letter.c.state == "dead", letter.c.key.startswith("grade:"))
    )
    ids = {int(key.removeprefix("grade:")) for key in given_up}
    for grade in sorted(ids):
        connection.execute(GRADE.update().where(GRADE.c.id == grade, ~is_sent).values(trouble="refused"))
