"""The campus's SQLite database: one connection behind one lock, so that `:memory:` works with threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any

from campus.settings import IN_MEMORY

LAUNCHES_KEPT = timedelta(days=1)
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, given TEXT, family TEXT, name TEXT, email TEXT,
    locale TEXT NOT NULL, time_zone TEXT NOT NULL, about TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS courses (id TEXT PRIMARY KEY, label TEXT NOT NULL, title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS enrolments (
    course_id TEXT NOT NULL REFERENCES courses, person_id TEXT NOT NULL REFERENCES people,
    role TEXT NOT NULL, status TEXT NOT NULL, observes TEXT, PRIMARY KEY (course_id, person_id));
CREATE INDEX IF NOT EXISTS enrolments_in_order ON enrolments (course_id, CAST(person_id AS INTEGER));
CREATE TABLE IF NOT EXISTS groups (
    id TEXT PRIMARY KEY, course_id TEXT NOT NULL REFERENCES courses, kind TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS group_members (
    group_id TEXT NOT NULL REFERENCES groups, person_id TEXT NOT NULL REFERENCES people,
    PRIMARY KEY (person_id, group_id));
CREATE TABLE IF NOT EXISTS placements (
    id TEXT PRIMARY KEY, course_id TEXT NOT NULL REFERENCES courses, key TEXT NOT NULL, title TEXT NOT NULL,
    about TEXT NOT NULL, custom TEXT NOT NULL, UNIQUE (course_id, key));
CREATE TABLE IF NOT EXISTS line_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT, course_id TEXT NOT NULL REFERENCES courses,
    placement_id TEXT REFERENCES placements, label TEXT NOT NULL, maximum REAL NOT NULL,
    resource_id TEXT, tag TEXT, extra TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cells (
    line_item_id INTEGER NOT NULL REFERENCES line_items ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people, score REAL, comment TEXT, stamp TEXT NOT NULL,
    activity_progress TEXT NOT NULL, grading_progress TEXT NOT NULL, body TEXT NOT NULL,
    submissions INTEGER NOT NULL, arrived TEXT NOT NULL, PRIMARY KEY (line_item_id, person_id));
CREATE TABLE IF NOT EXISTS score_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT, line_item_id INTEGER NOT NULL, person_id TEXT NOT NULL,
    effect TEXT NOT NULL, body TEXT NOT NULL, arrived TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS overrides (
    line_item_id INTEGER NOT NULL REFERENCES line_items ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people, override REAL NOT NULL, PRIMARY KEY (line_item_id, person_id));
CREATE TABLE IF NOT EXISTS locks (line_item_id INTEGER PRIMARY KEY REFERENCES line_items ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS reviews (
    message_hint TEXT PRIMARY KEY, line_item_id INTEGER NOT NULL REFERENCES line_items ON DELETE CASCADE,
    learner_id TEXT NOT NULL REFERENCES people);
CREATE TABLE IF NOT EXISTS signing_keys (
    kid TEXT PRIMARY KEY, pem TEXT NOT NULL, standing TEXT NOT NULL, made TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS launches (
    message_hint TEXT PRIMARY KEY, login_hint TEXT NOT NULL, person_id TEXT NOT NULL,
    placement_id TEXT NOT NULL, document_target TEXT NOT NULL, issued TEXT NOT NULL,
    spent TEXT, nonce TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS deep_links (
    key TEXT PRIMARY KEY, message_hint TEXT NOT NULL UNIQUE, course_id TEXT NOT NULL REFERENCES courses,
    person_id TEXT NOT NULL REFERENCES people, settings TEXT NOT NULL, issued TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answer_nonces (nonce TEXT PRIMARY KEY, arrived TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS course_copies (
    course_id TEXT PRIMARY KEY REFERENCES courses, origin_id TEXT NOT NULL REFERENCES courses);
CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY, scopes TEXT NOT NULL, expires TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tools (
    number INTEGER PRIMARY KEY, client_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, scopes TEXT NOT NULL,
    claims TEXT NOT NULL, deployment_id TEXT NOT NULL, activated INTEGER);
CREATE TABLE IF NOT EXISTS registration_tokens (
    hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, withheld TEXT NOT NULL, expires TEXT NOT NULL, used TEXT);
CREATE TABLE IF NOT EXISTS notice_handlers (kind TEXT PRIMARY KEY, handler TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notices_sent (id TEXT PRIMARY KEY, kind TEXT NOT NULL, status INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS jtis (jti TEXT PRIMARY KEY, expires TEXT NOT NULL);
"""


class CannotStore(Exception):
    """The data file cannot be opened or written; says why in a sentence."""


class Store:
    """Reads are single statements, writes are transactions; both wait for the one lock."""

    def __init__(self, path: str) -> None:
        self._lock = RLock()
        try:
            if path != IN_MEMORY:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as problem:
            raise CannotStore(
                f"The campus cannot write its data to {path} ({problem}). "
                "Make the folder writable or name another file with --data."
            ) from None

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def first(self, sql: str, *values: Any) -> sqlite3.Row | None:
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return row

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction nobody else writes beside; undone if anything goes wrong."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def forget_expired(self, now: datetime) -> None:
        """Drop what can no longer be used: old launches, tokens and the ids of assertions."""
        with self.writing() as db:
            db.execute("DELETE FROM launches WHERE issued < ?", ((now - LAUNCHES_KEPT).isoformat(),))
            db.execute("DELETE FROM tokens WHERE expires < ?", (now.isoformat(),))
            db.execute("DELETE FROM jtis WHERE CAST(expires AS REAL) < ?", ((now - LAUNCHES_KEPT).timestamp(),))

    def remember(self, name: str, value: str) -> str:
        """Keep a value under this name unless there is one already; the one kept is returned."""
        with self.writing() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value))
            kept: str = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()["value"]
        return kept

    def close(self) -> None:
        with self._lock:
            self._connection.close()
