"""What was passed before trainings listened is taken from the history; programs there keep their words."""

from __future__ import annotations

import json
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, text

from lti_tool import migrating
from tests.lti_tool.upgrading import insert

BEFORE = "0014"
LONG_AGO = "2026-01-01 00:00:00.000000"


def told(connection: Connection, number: int, subject: str, at: str, *, has_passed: bool | None) -> None:
    who = {"platform": "p", "issuer": "https://c.example", "subject": subject}
    body = {"at": at, "who": who, "where": {"course": "c", "title": "Starting"}, "activity": "quiz:abc"}
    insert(
        connection,
        "happening",
        event_id=str(number),
        name="ActivityCompleted",
        at=LONG_AGO,
        body=json.dumps({**body, "has_passed": has_passed}),
    )


def fill(connection: Connection) -> None:
    """Leo has passed twice, Maya has not, Zoe is in no course any more; the course has a program."""
    platform: dict[str, Any] = {"family": "", "standing": "active", "is_self_registered": False}
    platform |= {
        "granted_scopes": "[]",
        "remarks": "[]",
        "auth_url": "a",
        "token_url": "t",
        "jwks_url": "j",
        "framed_from": "[]",
    }
    names = {"name": "Campus", "issuer": "https://c.example", "client_id": "tool"}
    insert(connection, "platform", id=1, public_id="p", created=LONG_AGO, **platform, **names)
    insert(connection, "deployment", id=1, platform_id=1, deployment_id="1", standing="active", created=LONG_AGO)
    course = {"title": "Starting", "label": "S", "line_item_scopes": "[]", "next_number": 3, "context_id": "101"}
    insert(connection, "course", id=1, public_id="c", deployment_id=1, created=LONG_AGO, **course)
    empty = {"given_name": "", "email": "", "locale": "", "time_zone": "", "created": LONG_AGO}
    for number, subject in enumerate(("leo", "maya", "zoe"), start=1):
        insert(connection, "person", id=number, public_id=subject, platform_id=1, subject=subject, name="", **empty)
    seat = {"role": "learner", "is_active": True, "is_test": False, "created": LONG_AGO, "course_id": 1}
    for number in (1, 2):
        insert(connection, "enrolment", id=number, public_id=str(number), person_id=number, number=number, **seat)
    told(connection, 1, "leo", "2026-02-01T10:00:00+00:00", has_passed=True)
    told(connection, 2, "leo", "2026-03-01T10:00:00+00:00", has_passed=True)
    told(connection, 3, "maya", "2026-02-01T10:00:00+00:00", has_passed=False)
    told(connection, 4, "zoe", "2026-02-01T10:00:00+00:00", has_passed=True)
    connection.execute(
        text(
            "INSERT INTO program (id, public_id, course_id, name, title, observers_may_follow, created)"
            f" VALUES (1, 'q', 1, 'first', 'Mentoring', '0', '{LONG_AGO}')"
        )
    )
    version: dict[str, Any] = {"number": 1, "goal": "", "mentoring_type": "one_on_one", "length_days": 90}
    version |= {"reply_days": 3, "default_capacity": 3, "must_agree": "nobody", "takes_requests": False}
    version |= {"needs_consent": False, "meeting_days": 14, "channel": "any", "smallest_group": 1, "largest_group": 1}
    version |= {"least_minutes": 0, "least_experience": 0, "level_rule": "any", "bars_same_manager": False}
    version |= dict.fromkeys(("goal_types", "checklist", "skills", "topics", "interests", "questions"), "[]")
    version |= {"kpis": "[]", "evaluations": "[]", "weights": "{}", "evaluation_days": 30, "created": LONG_AGO}
    insert(connection, "program_version", id=1, program_id=1, **version)


def test_what_was_passed_before_counts_and_programs_stay(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), BEFORE)
    with old_database.begin() as connection:
        fill(connection)

    command.upgrade(migrating.alembic_config(old_database), "head")

    with old_database.connect() as connection:
        passed = connection.execute(text("SELECT enrolment_id, activity, at FROM passed")).all()
        versions = connection.execute(text("SELECT number, length_days, made_by_id FROM program_version")).all()

    assert [(row.enrolment_id, row.activity, str(row.at)[:19]) for row in passed] == [
        (1, "quiz:abc", "2026-03-01 10:00:00")
    ]
    assert [tuple(row) for row in versions] == [(1, 90, None)]
