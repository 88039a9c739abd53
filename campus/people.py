"""Who is on campus: people, courses, who is enrolled where, and what is placed in a course."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campus.store import Store


class Role(StrEnum):
    """A person's seat in a course; each flavor has its own LTI roles for it."""

    INSTRUCTOR = "instructor"
    ASSISTANT = "teaching assistant"
    LEARNER = "learner"
    OBSERVER = "observer"
    PREVIEW = "preview student"

    @property
    def sees_all_grades(self) -> bool:
        return self in (Role.INSTRUCTOR, Role.ASSISTANT)

    @property
    def is_graded(self) -> bool:
        return self in (Role.LEARNER, Role.PREVIEW)


class Status(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    """Gone, and a roster that shows such people calls them Deleted."""
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Person:
    id: str
    """What the tool is told as `sub`."""
    key: str
    given: str | None
    family: str | None
    name: str | None
    email: str | None
    locale: str
    time_zone: str
    about: str

    @property
    def shown_name(self) -> str:
        return self.name or f"Person {self.id} (no name)"


@dataclass(frozen=True, kw_only=True)
class Course:
    id: str
    label: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Placement:
    id: str
    course_id: str
    key: str
    title: str
    about: str
    custom: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    person: Person
    course_id: str
    role: Role
    status: Status
    observes: str | None

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE


PERSON_COLUMNS = ("id", "key", "given", "family", "name", "email", "locale", "time_zone", "about")


def _person(row: sqlite3.Row) -> Person:
    return Person(**{column: row[column] for column in PERSON_COLUMNS})


def _enrolment(row: sqlite3.Row) -> Enrolment:
    return Enrolment(
        person=_person(row),
        course_id=row["course_id"],
        role=Role(row["role"]),
        status=Status(row["status"]),
        observes=row["observes"],
    )


def _placement(row: sqlite3.Row) -> Placement:
    return Placement(**{**dict(row), "custom": json.loads(row["custom"])})


class Register:
    """The campus's register of people and courses, read from the store each time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def person(self, key_or_id: str) -> Person | None:
        """By key (`leo`) or by id (`5`)."""
        row = self._store.first("SELECT * FROM people WHERE key = ? OR id = ?", key_or_id, key_or_id)
        return _person(row) if row else None

    def people(self) -> list[Person]:
        return [_person(row) for row in self._store.all("SELECT * FROM people ORDER BY CAST(id AS INTEGER)")]

    def courses(self) -> list[Course]:
        return [Course(**dict(row)) for row in self._store.all("SELECT * FROM courses ORDER BY CAST(id AS INTEGER)")]

    def course(self, course_id: str) -> Course | None:
        row = self._store.first("SELECT * FROM courses WHERE id = ?", course_id)
        return Course(**dict(row)) if row else None

    def courses_of(self, person: Person) -> list[Course]:
        """The courses this person is active in."""
        rows = self._store.all(
            "SELECT c.* FROM courses c JOIN enrolments e ON e.course_id = c.id"
            " WHERE e.person_id = ? AND e.status = 'active' ORDER BY CAST(c.id AS INTEGER)",
            person.id,
        )
        return [Course(**dict(row)) for row in rows]

    def enrolment(self, course_id: str, person_id: str) -> Enrolment | None:
        row = self._store.first(
            "SELECT * FROM enrolments e JOIN people p ON p.id = e.person_id WHERE course_id = ? AND person_id = ?",
            course_id,
            person_id,
        )
        return _enrolment(row) if row else None

    def enrolments(self, course_id: str) -> list[Enrolment]:
        rows = self._store.all(
            "SELECT * FROM enrolments e JOIN people p ON p.id = e.person_id WHERE course_id = ?"
            " ORDER BY CAST(person_id AS INTEGER)",
            course_id,
        )
        return [_enrolment(row) for row in rows]

    def seats(
        self, course_id: str, statuses: Sequence[Status], *, start: int = 0, size: int | None = None
    ) -> list[Enrolment]:
        """A stretch of those with one of these statuses, in the order of their ids."""
        marks = ", ".join("?" * len(statuses))
        rows = self._store.all(
            "SELECT * FROM enrolments e JOIN people p ON p.id = e.person_id"
            f" WHERE course_id = ? AND status IN ({marks})"
            " ORDER BY CAST(person_id AS INTEGER) LIMIT ? OFFSET ?",
            *(course_id, *statuses, -1 if size is None else size, start),
        )
        return [_enrolment(row) for row in rows]

    def placements(self, course_id: str) -> list[Placement]:
        rows = self._store.all("SELECT * FROM placements WHERE course_id = ? ORDER BY CAST(id AS INTEGER)", course_id)
        return [_placement(row) for row in rows]

    def placement(self, placement_id: str) -> Placement | None:
        row = self._store.first("SELECT * FROM placements WHERE id = ?", placement_id)
        return _placement(row) if row else None

    def placement_called(self, course_id: str, key: str) -> Placement | None:
        row = self._store.first("SELECT * FROM placements WHERE course_id = ? AND key = ?", course_id, key)
        return _placement(row) if row else None

    def history(self, course_id: str) -> list[str]:
        """The courses this one was copied from, the nearest first."""
        found: list[str] = []
        origin = self._origin(course_id)
        while origin is not None and origin not in found:
            found.append(origin)
            origin = self._origin(origin)
        return found

    def _origin(self, course_id: str) -> str | None:
        row = self._store.first("SELECT origin_id FROM course_copies WHERE course_id = ?", course_id)
        return str(row["origin_id"]) if row else None

    def set_status(self, person: Person, status: Status, course_id: str | None = None) -> None:
        """Suspend, unenrol or re-enrol a person, in one course or in all of theirs."""
        with self._store.writing() as db:
            db.execute(
                "UPDATE enrolments SET status = ? WHERE person_id = ? AND (? IS NULL OR course_id = ?)",
                (status, person.id, course_id, course_id),
            )

    def enrol(self, person: Person, course_id: str, role: Role) -> None:
        """Give a person a seat in a course, or another role in it."""
        with self._store.writing() as db:
            db.execute(
                "INSERT INTO enrolments VALUES (?, ?, ?, 'active', NULL) ON CONFLICT (course_id, person_id)"
                " DO UPDATE SET role = excluded.role, status = 'active'",
                (course_id, person.id, role),
            )

    def change(self, person: Person, **columns: Any) -> None:
        """Edit a person: `change(leo, name="Leo Neu", email=None)`."""
        unknown = set(columns) - set(PERSON_COLUMNS[2:])
        if unknown:
            raise ValueError(f"A person has no {', '.join(sorted(unknown))}")
        with self._store.writing() as db:
            for column, value in columns.items():
                db.execute(f"UPDATE people SET {column} = ? WHERE id = ?", (value, person.id))
