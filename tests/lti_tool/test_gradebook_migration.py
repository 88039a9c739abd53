"""Grades from before columns had rows of their own keep their values, and what was known of them."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Connection, Engine, text

from lti_tool.migrating import alembic_config, migrate
from tests.lti_tool.upgrading import insert

THEN = "2026-11-23 09:00:00"


def fill(connection: Connection) -> None:
    """A course with four learners: one grade sent, one on its way, one waiting, one given up."""
    addresses = dict.fromkeys(("issuer", "auth_url", "token_url", "jwks_url"), "https://campus.example")
    rest = {"standing": "active", "created": THEN}
    platform = {"id": 1, "public_id": "p", "name": "Campus", "client_id": "x", "family": "moodle", **addresses, **rest}
    insert(connection, "platform", **platform)
    insert(connection, "deployment", id=1, platform_id=1, deployment_id="1", **rest)
    course = {
        "id": 1,
        "public_id": "c",
        "deployment_id": 1,
        "context_id": "2",
        "title": "Course",
        "label": "C",
        "line_item_scopes": "[]",
        "next_number": 5,
        "created": THEN,
    }
    insert(connection, "course", **course)
    for n in (1, 2, 3, 4):
        person = {"id": n, "public_id": f"q{n}", "platform_id": 1, "subject": str(n), "created": THEN}
        person |= dict.fromkeys(("name", "given_name", "email", "locale", "time_zone"), "")
        insert(connection, "person", **person)
        enrolment = {"id": n, "public_id": f"e{n}", "course_id": 1, "person_id": n, "role": "learner", "number": n}
        enrolment |= {"is_active": True, "is_test": False, "created": THEN}
        insert(connection, "enrolment", **enrolment)
        grade = {"id": n, "enrolment_id": n, "activity": "quiz:a", "title": "Quiz", "score": 14.0, "maximum": 20.0}
        grade |= {"comment": "", "earned": THEN, "version": 2, "problem": "HTTP 503" if n in (3, 4) else ""}
        grade |= {"stamped_version": 2 if n < 3 else 1, "sent_version": 2 if n == 1 else 0}
        insert(connection, "grade", **grade)
    letter = {"lane": "gradebook:p", "key": "grade:4", "body": "{}", "edition": 1, "due": THEN, "state": "dead"}
    insert(connection, "letter", id=1, **letter, attempts=1, error="HTTP 400", created=THEN)


def test_old_grades_get_their_column_and_keep_what_was_known_of_them(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0004")
    with old_database.begin() as connection:
        fill(connection)

    migrate(old_database)

    with old_database.connect() as connection:
        columns = connection.execute(text("SELECT course_id, activity, title, maximum, state FROM grade_column")).all()
        grades = connection.execute(
            text("SELECT id, tries, sent_share, trouble, attempt, told_attempt FROM grade ORDER BY id")
        ).all()
    assert [tuple(row) for row in columns] == [(1, "quiz:a", "Quiz", 20.0, "unsought")]
    assert [tuple(row) for row in grades] == [
        (1, 0, 0.7, "", "", ""),
        (2, 1, None, "", "", ""),
        (3, 0, None, "no_answer", "", ""),
        (4, 0, None, "refused", "", ""),
    ]
