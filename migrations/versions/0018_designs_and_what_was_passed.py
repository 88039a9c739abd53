"""Versions know who designed them, and quizzes that somebody has passed are remembered for trainings."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_METADATA = sa.MetaData()
_AT = sa.DateTime(timezone=True)
HAPPENING = sa.Table("happening", _METADATA, sa.Column("name", sa.String), sa.Column("body", sa.Text))
PASSED = sa.Table(
    "passed",
    _METADATA,
    sa.Column("enrolment_id", sa.Integer),
    sa.Column("activity", sa.String),
    sa.Column("at", _AT),
)
PLATFORM, PERSON, COURSE, ENROLMENT = (
    sa.Table(name, _METADATA, *(sa.Column(column) for column in ("id", *columns)))
    for name, columns in (
        ("platform", ("public_id",)),
        ("person", ("platform_id", "subject")),
        ("course", ("public_id",)),
        ("enrolment", ("person_id", "course_id")),
    )
)


def upgrade() -> None:
    op.create_table(
        "passed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=128), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_passed_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed")),
        sa.UniqueConstraint("enrolment_id", "activity", name=op.f("uq_passed_enrolment_id_activity")),
    )
    with op.batch_alter_table("program_version") as batch:
        batch.add_column(sa.Column("made_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_program_version_made_by_id_enrolment"), "enrolment", ["made_by_id"], ["id"])
    _remember()


def _remember() -> None:
    """What was passed before anybody listened stands in the history."""
    connection = op.get_bind()
    people = {(row.platform, row.subject, row.course): row.id for row in connection.execute(_people())}
    newest: dict[tuple[int, str], datetime] = {}
    for told in _passed(connection):
        who = (told["who"]["platform"], told["who"]["subject"], told["where"]["course"])
        if who in people:
            key, at = (people[who], told["activity"]), datetime.fromisoformat(told["at"])
            newest[key] = max(at, newest.get(key, at))
    if newest:
        rows = [{"enrolment_id": key[0], "activity": key[1], "at": at} for key, at in newest.items()]
        connection.execute(sa.insert(PASSED), rows)


def _people() -> sa.Select[Any]:
    return (
        sa.select(
            ENROLMENT.c.id, PERSON.c.subject, PLATFORM.c.public_id.label("platform"), COURSE.c.public_id.label("course")
        )
        .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
        .join(PLATFORM, PLATFORM.c.id == PERSON.c.platform_id)
        .join(COURSE, COURSE.c.id == ENROLMENT.c.course_id)
    )


def _passed(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    told = connection.scalars(sa.select(HAPPENING.c.body).where(HAPPENING.c.name == "ActivityCompleted"))
    return (body for body in map(json.loads, told.all()) if body["has_passed"])
