"""Mentorships that stood before there were timelines get the six events; those that are over do not."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Connection, Engine, text

from lti_tool import migrating
from tests.lti_tool.upgrading import insert
from tests.mentoring.test_circle_migration import fill_places
from tests.mentoring.test_passed_migration import LONG_AGO

BEFORE = "0020"
TEXTS = {"case_text": "", "question": "", "answer": "", "end_reason": ""}


def fill_mentorships(connection: Connection) -> None:
    """One that was accepted, one that has begun on the fifth, one without dates, one that is over."""
    told = {"cohort_id": 1, "kind_id": 1, "origin": "run", "created": LONG_AGO, **TEXTS}
    dates = {"started": LONG_AGO, "planned_end": "2026-04-11 00:00:00.000000"}
    insert(connection, "mentorship", id=2, public_id="m2", state="accepted", **dates, **told)
    insert(connection, "mentorship", id=3, public_id="m3", state="paused", **dates, **told)
    insert(connection, "mentorship", id=4, public_id="m4", state="completed", **dates, **told)
    for number, at in enumerate(("2026-01-05 00:00:00.000000", "2026-02-05 00:00:00.000000"), 1):
        said = {"to_state": "active", "reason": "", "note": ""}
        insert(connection, "transition", id=number, mentorship_id=3, at=at, **said)


def test_those_that_stand_get_their_six_events(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), BEFORE)
    with old_database.begin() as connection:
        fill_places(connection)
        fill_mentorships(connection)

    command.upgrade(migrating.alembic_config(old_database), "head")

    with old_database.connect() as connection:
        rows = connection.execute(
            text("SELECT mentorship_id, step, due, done, public_id FROM timeline_entry ORDER BY id")
        ).all()
    said = [(row.mentorship_id, row.step, str(row.due)[:16], str(row.done)[:10]) for row in rows]
    hundred = [
        ("kick_off", "2026-01-09 00:00"),
        ("outline", "2026-01-13 00:00"),
        ("schedule", "2026-01-17 00:00"),
        ("mid_evaluation", "2026-02-20 00:00"),
        ("end_evaluation", "2026-04-11 00:00"),
    ]
    assert said[6:12] == [
        (2, "matched", "2026-01-01 00:00", "2026-01-01"),
        *((2, step, due, "None") for step, due in hundred),
    ]
    assert said[12:] == [
        (3, "matched", "2026-01-01 00:00", "2026-01-01"),
        (3, "kick_off", "2026-01-09 00:00", "2026-01-05"),
        *((3, step, due, "None") for step, due in hundred[1:]),
    ]
    assert [each[:2] + each[3:] for each in said[:2]] == [
        (1, "matched", "2026-01-01"),
        (1, "kick_off", "2026-01-01"),
    ]
    assert said[5][:3] == (1, "end_evaluation", "2026-04-01 00:00")
    assert len({row.public_id for row in rows}) == 18
