"""The gradebook: columns (line items), cells, and a log of every score that was accepted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from campus.scoring import CANVAS_SUBMISSION, Effect, Ruling, Standing
from campus.store import Store


@dataclass(frozen=True, kw_only=True)
class Column:
    id: int
    course_id: str
    placement_id: str | None
    label: str
    maximum: float
    resource_id: str | None
    tag: str | None
    extra: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The newest grade of one person in one column; `score` is in points of the column's maximum."""

    line_item_id: int
    person_id: str
    score: float | None
    comment: str | None
    stamp: datetime
    activity_progress: str
    grading_progress: str
    body: dict[str, Any]
    submissions: int
    arrived: datetime
    override: float | None = None
    """What a teacher has set by hand."""

    @property
    def shown(self) -> float | None:
        """The score that counts."""
        return self.score if self.override is None else self.override


WITH_OVERRIDES = "SELECT c.*, o.override FROM cells c LEFT JOIN overrides o USING (line_item_id, person_id)"


def columns(store: Store, course_id: str) -> list[Column]:
    return [_column(row) for row in store.all("SELECT * FROM line_items WHERE course_id = ? ORDER BY id", course_id)]


def columns_of_placement(store: Store, placement_id: str) -> list[Column]:
    rows = store.all("SELECT * FROM line_items WHERE placement_id = ? ORDER BY id", placement_id)
    return [_column(row) for row in rows]


def column(store: Store, line_item_id: int) -> Column | None:
    row = store.first("SELECT * FROM line_items WHERE id = ?", line_item_id)
    return _column(row) if row else None


def cells(store: Store, line_item_id: int) -> list[Cell]:
    rows = store.all(f"{WITH_OVERRIDES} WHERE c.line_item_id = ? ORDER BY CAST(c.person_id AS INTEGER)", line_item_id)
    return [_cell(row) for row in rows]


def all_cells(store: Store) -> list[Cell]:
    rows = store.all(f"{WITH_OVERRIDES} ORDER BY c.line_item_id, CAST(c.person_id AS INTEGER)")
    return [_cell(row) for row in rows]


def cell(store: Store, line_item_id: int, person_id: str) -> Cell | None:
    row = store.first(f"{WITH_OVERRIDES} WHERE c.line_item_id = ? AND c.person_id = ?", line_item_id, person_id)
    return _cell(row) if row else None


def override(store: Store, column: Column, person_id: str, score: float, at: datetime) -> None:
    """A teacher sets a grade by hand, be there one from the tool or not."""
    with store.writing() as db:
        db.execute(
            "INSERT OR IGNORE INTO cells VALUES (?, ?, NULL, NULL, ?, 'Initialized', 'NotReady', '{}', 0, ?)",
            (column.id, person_id, datetime.fromtimestamp(0, UTC).isoformat(), at.isoformat()),
        )
        db.execute("INSERT OR REPLACE INTO overrides VALUES (?, ?, ?)", (column.id, person_id, score))


def release(store: Store, column: Column, person_id: str) -> None:
    with store.writing() as db:
        db.execute("DELETE FROM overrides WHERE line_item_id = ? AND person_id = ?", (column.id, person_id))


def lock(store: Store, column: Column, *, is_locked: bool) -> None:
    with store.writing() as db:
        db.execute("DELETE FROM locks WHERE line_item_id = ?", (column.id,))
        if is_locked:
            db.execute("INSERT INTO locks VALUES (?)", (column.id,))


def is_locked(store: Store, line_item_id: int) -> bool:
    return store.first("SELECT * FROM locks WHERE line_item_id = ?", line_item_id) is not None


def delete(store: Store, column: Column) -> None:
    with store.writing() as db:
        db.execute("DELETE FROM line_items WHERE id = ?", (column.id,))


def standing(found: Cell | None) -> Standing | None:
    return Standing(found.stamp, found.body) if found else None


def enter(
    db: sqlite3.Connection,
    line_item_id: int,
    person_id: str,
    body: Mapping[str, Any],
    ruling: Ruling,
    at: datetime,
) -> None:
    """Log an accepted score, and let it do to the cell what the ruling says."""
    text = json.dumps(body, ensure_ascii=False)
    db.execute(
        "INSERT INTO score_log (line_item_id, person_id, effect, body, arrived) VALUES (?, ?, ?, ?, ?)",
        (line_item_id, person_id, ruling.effect, text, at.isoformat()),
    )
    if ruling.effect in (Effect.IGNORED, Effect.REPEATED, Effect.KEPT):
        return
    if ruling.effect == Effect.GRADED:
        db.execute("DELETE FROM overrides WHERE line_item_id = ? AND person_id = ?", (line_item_id, person_id))
    submissions = int((body.get(CANVAS_SUBMISSION) or {}).get("new_submission", True) is not False)
    db.execute(
        "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (line_item_id, person_id) DO UPDATE SET"
        " score = CASE WHEN ? THEN score ELSE excluded.score END,"
        " comment = coalesce(excluded.comment, comment), stamp = excluded.stamp,"
        " activity_progress = excluded.activity_progress, grading_progress = excluded.grading_progress,"
        " body = excluded.body, submissions = submissions + excluded.submissions, arrived = excluded.arrived",
        (
            line_item_id,
            person_id,
            ruling.score,
            body.get("comment"),
            ruling.stamp.isoformat(),
            str(body["activityProgress"]),
            str(body["gradingProgress"]),
            text,
            submissions,
            at.isoformat(),
            ruling.effect == Effect.NOTED,
        ),
    )


def score_log(store: Store) -> list[dict[str, Any]]:
    """Every accepted score in order of arrival, repeats among them."""
    return [{**dict(row), "body": json.loads(row["body"])} for row in store.all("SELECT * FROM score_log ORDER BY id")]


def points(value: float) -> int | float:
    """A number as a person writes it: 8 instead of 8.0, and no trail of digits."""
    rounded = round(value, 5)
    return int(rounded) if rounded == int(rounded) else rounded


def _column(row: sqlite3.Row) -> Column:
    return Column(**{**dict(row), "extra": json.loads(row["extra"])})


def _cell(row: sqlite3.Row) -> Cell:
    values = dict(row)
    values["stamp"] = datetime.fromisoformat(row["stamp"])
    values["arrived"] = datetime.fromisoformat(row["arrived"])
    values["body"] = json.loads(row["body"])
    return Cell(**values)
