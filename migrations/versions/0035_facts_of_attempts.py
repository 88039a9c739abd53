"""Closed attempts as a few bytes each, and sums over them, for reports."""

import json
import struct
from collections import defaultdict
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

UNITS, PARTS, AT_ONCE = 100_000, 4, 500
CHOICES = ("single", "multiple", "true_false", "hotspot")

ANSWERS = """
SELECT attempt.id, attempt.quiz_id, attempt.enrolment_id, attempt.n, attempt.started, attempt.submitted,
       answer.version_id, answer.place, answer.mark, answer.fraction, answer.maximum, answer.response
FROM attempt JOIN answer ON answer.attempt_id = attempt.id
WHERE attempt.id BETWEEN :first AND :last ORDER BY attempt.id, answer.place
"""
CLOSED = """
SELECT attempt.id FROM attempt JOIN enrolment ON enrolment.id = attempt.enrolment_id
WHERE attempt.submitted IS NOT NULL AND NOT enrolment.is_test AND attempt.id > :last ORDER BY attempt.id LIMIT :most
"""


def upgrade() -> None:
    op.create_table(
        "attempt_facts",
        sa.Column("attempt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_facts_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_attempt_facts_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_facts")),
    )
    with op.batch_alter_table("attempt_facts") as batch:
        batch.create_index("ix_attempt_facts_quiz_id", ["quiz_id"], unique=False)
    op.create_table(
        "live_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_live_sums_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_sums")),
        sa.UniqueConstraint("quiz_id", "part", name=op.f("uq_live_sums_quiz_id_part")),
    )
    _fill()


def _fill() -> None:
    """Of all attempts that are closed already."""
    connection = op.get_bind()
    asked = connection.execute(sa.text("SELECT id, kind, body FROM question_version"))
    versions = {row.id: _Version(row.kind, _json(row.body)) for row in asked}
    sums: dict[tuple[int, int], dict[str, list[int]]] = defaultdict(dict)
    last = 0
    while some := connection.execute(sa.text(CLOSED), {"last": last, "most": AT_ONCE}).scalars().all():
        wanted, last = set(some), some[-1]
        rows = connection.execute(sa.text(ANSWERS), {"first": some[0], "last": last})
        facts = []
        for attempt, answers in groupby(rows, itemgetter(0)):
            if attempt in wanted:
                facts.append(_facts(list(answers), versions, sums))
        if facts:
            connection.execute(
                sa.text(
                    "INSERT INTO attempt_facts (attempt_id, quiz_id, packed) VALUES (:attempt_id, :quiz_id, :packed)"
                ),
                facts,
            )
    for (quiz, part), kept in sums.items():
        connection.execute(
            sa.text("INSERT INTO live_sums (quiz_id, part, sums) VALUES (:quiz, :part, :sums)"),
            {"quiz": quiz, "part": part, "sums": json.dumps(kept)},
        )


class _Version:
    """What a question's version tells of its answers."""

    def __init__(self, kind: str, body: Any) -> None:
        self.is_asked = kind != "description"
        options = body.get("areas" if kind == "hotspot" else "options", []) if kind in CHOICES else []
        ids = ["true", "false"] if kind == "true_false" else [str(each["id"]) for each in options]
        self.bits = {each: 1 << place for place, each in enumerate(ids[:31])}


def _facts(answers: list[Any], versions: dict[int, _Version], sums: dict[Any, Any]) -> dict[str, Any]:
    attempt, quiz, enrolment, n, started, submitted = answers[0][:6]
    begun, ended = _seconds(started), _seconds(submitted)
    rows = [(-1, enrolment, n, ended // 60, ended - begun, len(answers))]
    is_waiting = False
    for row in answers:
        version, response = versions[row.version_id], _json(row.response)
        chosen = sum(version.bits.get(each, 0) for each in response.get("chosen", ()))
        is_marked = row.fraction is not None
        is_waiting |= not is_marked
        maximum = round(row.maximum * UNITS) if version.is_asked else 0
        flags = bool(response) + 2 * is_marked
        rows.append((row.version_id, row.place, round((row.mark or 0) * UNITS), maximum, chosen, flags))
    if n == 1 and not is_waiting:
        _add(sums[quiz, enrolment % PARTS], [row for row in rows[1:] if row[3] > 0])
    packed = b"".join(struct.pack("<6i", *row) for row in rows)
    return {"attempt_id": attempt, "quiz_id": quiz, "packed": packed}


def _add(kept: dict[str, list[int]], rows: list[tuple[int, ...]]) -> None:
    total = sum(row[2] for row in rows)
    slots: dict[int, int] = defaultdict(int)
    for row in rows:
        slots[row[1]] += row[2]
    marks = [("total", total), *((f"v{row[0]}", row[2]) for row in rows), *((f"s{s}", x) for s, x in slots.items())]
    for key, x in marks:
        y = total - x
        before = kept.get(key, [0] * 6)
        kept[key] = [a + b for a, b in zip(before, (1, x, x * x, y, y * y, x * y), strict=True)]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _seconds(moment: Any) -> int:
    """SQLite gives moments as it keeps them: in words, in UTC."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
