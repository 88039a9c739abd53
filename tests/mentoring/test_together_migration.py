"""A mentorship from before there were goals, notes, messages and reminders: nothing of it is lost, the tool reads it,
and its people go on where they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from lti_tool import clock, migrating
from lti_tool.db import db
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship, Task
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.together.goals.models import Goal
from mentoring.together.meetings.models import Meeting
from mentoring.together.nudges import sweeping
from mentoring.together.nudges.models import Nudge
from tests.cast import Cast
from tests.conftest import make_app
from tests.lti_tool.upgrading import insert
from tests.mentoring.reading import words
from tests.mentoring.test_circle_migration import fill_places
from tests.mentoring.test_passed_migration import LONG_AGO

PAIRED, BEFORE = "0020", "0022"
MAY, JUNE = "2026-05-04 15:00:00.000000", "2026-06-01 15:00:00.000000"
LATER = datetime(2026, 3, 20, 9, tzinfo=UTC)
"""Within their ninety days, and long after they last did anything."""
LEO, MAYA, INES = 1, 2, 3
BASE = "/courses/c/mentoring/mentorships/m"


def fill(connection: Connection) -> None:
    """Leo and Maya have met once and said how it was, will meet again, have agreed, and have tasks, one of them done;
    Ines teaches."""
    connection.execute(text("UPDATE person SET name = 'Leo Nowak', locale = 'en' WHERE id = 1"))
    connection.execute(text("UPDATE person SET name = 'Maya Okafor', locale = 'en' WHERE id = 2"))
    connection.execute(text("UPDATE person SET name = 'Ines Torres', locale = 'en' WHERE id = 3"))
    seat = {"role": "instructor", "is_active": True, "is_test": False, "created": LONG_AGO, "course_id": 1}
    insert(connection, "enrolment", id=3, public_id="3", person_id=3, number=3, **seat)
    connection.execute(text(f"UPDATE mentorship SET started = '{LONG_AGO}', planned_end = '{JUNE}' WHERE id = 1"))
    for number, part in ((LEO, "mentee"), (MAYA, "mentor")):
        member = {"mentorship_id": 1, "participant_id": number, "part": part, "since": LONG_AGO}
        insert(connection, "membership", id=number, **member)
    for number, done in ((1, LONG_AGO), (2, None)):
        task = {"part": "mentor", "title": f"Task {number}", "detail": "", "due": JUNE, "done": done}
        done_by = LEO if done else None
        insert(connection, "task", id=number, public_id=f"t{number}", mentorship_id=1, done_by_id=done_by, **task)
    own = {"title": "Visit the archive", "due": JUNE, "by_id": LEO, "mentorship_id": 1}
    insert(connection, "timeline_entry", id=100, public_id="own", **own)
    _agreed(connection)
    _met(connection)


def _agreed(connection: Connection) -> None:
    expectations = {"mentor_expects": "Ask early.", "mentee_expects": "Be honest.", "all_expect": "", "boundaries": ""}
    terms = {"rhythm_days": 14, "channel": "video", "ends": JUNE, "created": LONG_AGO, "signed": LONG_AGO}
    insert(connection, "agreement", id=1, public_id="a", mentorship_id=1, number=1, by_id=LEO, **expectations, **terms)
    for person in (LEO, MAYA):
        insert(connection, "agreement_signature", id=person, agreement_id=1, participant_id=person, at=LONG_AGO)


def _met(connection: Connection) -> None:
    told = {"mentorship_id": 1, "minutes": 45, "timezone": "UTC", "channel": "video", "place": "", "agenda": ""}
    told |= {"planned_by_id": MAYA, "sequence": 0, "created": LONG_AGO, "changed": LONG_AGO}
    insert(connection, "meeting", id=1, public_id="m1", state="held", starts=LONG_AGO, **told)
    insert(connection, "meeting", id=2, public_id="m2", state="planned", starts=MAY, **told)
    said = {"has_attended": True, "topics": "The house", "actions": "Leo reads.", "more": '{"progress": "some"}'}
    said |= {"useful": "very", "written": LONG_AGO, "changed": LONG_AGO}
    insert(connection, "meeting_entry", id=1, meeting_id=1, participant_id=LEO, **said)


@pytest.fixture
def upgraded(old_database: Engine) -> Engine:
    """What was there before is there, in the newest shape."""
    command.upgrade(migrating.alembic_config(old_database), PAIRED)
    with old_database.begin() as connection:
        fill_places(connection)
    command.upgrade(migrating.alembic_config(old_database), BEFORE)
    with old_database.begin() as connection:
        fill(connection)

    migrating.migrate(old_database)
    return old_database


@pytest.fixture
def tool(upgraded: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The tool as it is now, over that database, in March."""
    app = make_app(upgraded.url.render_as_string(hide_password=False), tmp_path)
    with app.app_context(), clock.moved_to(LATER):
        yield app
        db.session.rollback()
        db.engine.dispose()


def test_every_row_is_kept_and_has_what_is_new(upgraded: Engine):
    with upgraded.connect() as connection:
        tasks = connection.execute(text("SELECT title, done_by_id, given_by_id, changes FROM task ORDER BY id")).all()
        entries = connection.execute(
            text(
                "SELECT step, title, manner, whom, address, share FROM timeline_entry"
                " WHERE id = 100 OR step = 'outline'"
            )
        ).all()
        meetings = connection.execute(text("SELECT state, occasion_id FROM meeting ORDER BY id")).all()
        [said] = connection.execute(text("SELECT topics, useful, functions, said_by_id FROM meeting_entry")).all()
    assert [tuple(row) for row in tasks] == [("Task 1", LEO, None, 0), ("Task 2", None, None, 0)]
    assert sorted((tuple(row) for row in entries), key=str) == [
        ("outline", "", None, None, "", None),
        (None, "Visit the archive", None, None, "", None),
    ]
    assert [tuple(row) for row in meetings] == [("held", None), ("planned", None)]
    assert (said.topics, said.useful, str(said.functions), said.said_by_id) == ("The house", "very", "[]", None)


@pytest.mark.parametrize(
    ("table", "column"), [("task", "changes"), ("timeline_entry", "address"), ("meeting_entry", "functions")]
)
def test_what_was_filled_in_for_old_rows_is_not_filled_in_for_new_ones(upgraded: Engine, table: str, column: str):
    [told] = [each for each in inspect(upgraded).get_columns(table) if each["name"] == column]

    assert (told["nullable"], told["default"]) == (False, None)


@pytest.mark.parametrize(
    "insertion",
    [
        "INSERT INTO meeting (public_id, mentorship_id, state, starts, minutes, timezone, channel, place, agenda,"
        " planned_by_id, sequence, created, changed, occasion_id)"
        f" VALUES ('x', 1, 'planned', '{MAY}', 45, 'UTC', 'any', '', '', 1, 0, '{MAY}', '{MAY}', 77)",
        "INSERT INTO task (public_id, mentorship_id, part, title, detail, changes, given_by_id)"
        " VALUES ('x', 1, 'mentor', '', '', 0, 77)",
    ],
    ids=["of an occasion", "given by somebody"],
)
def test_new_columns_lead_to_rows_that_exist(upgraded: Engine, insertion: str):
    with pytest.raises(IntegrityError), upgraded.begin() as connection:
        connection.execute(text(insertion))


READS = [
    (LEO, f"{BASE}", "Task 2"),
    (LEO, f"{BASE}/timeline", "Visit the archive"),
    (LEO, f"{BASE}/agreement", "Be honest."),
    (LEO, f"{BASE}/meetings", "What has been"),
    (LEO, f"{BASE}/meetings/m1", "Leo reads."),
    (LEO, f"{BASE}/goals", "Goals"),
    (LEO, f"{BASE}/summary", "Maya Okafor"),
    (MAYA, f"{BASE}/brief", "Leo reads."),
    (MAYA, "/courses/c/", "Leo Nowak"),
    (INES, f"{BASE}", "Maya Okafor"),
    (INES, "/courses/c/mentoring/fading", "Leo Nowak"),
    (INES, "/courses/c/mentoring/looking-after", "Maya Okafor"),
]


def test_the_tool_reads_what_was_there(tool: Flask):
    visit = Cast(db.session).visit
    clients = {who: visit(tool.test_client(), db.session.get_one(Enrolment, who)) for who in (LEO, MAYA, INES)}

    answers = [(address, clients[who].get(address), sentence) for who, address, sentence in READS]

    assert [(address, page.status_code) for address, page, _said in answers if page.status_code != 200] == []
    assert [(address, sentence) for address, page, sentence in answers if sentence not in words(page)] == []


def test_its_people_go_on_where_they_were(tool: Flask):
    leo = Cast(db.session).visit(tool.test_client(), db.session.get_one(Enrolment, LEO))

    leo.post(f"{BASE}/tasks/t2", data={"done": "y"})
    leo.post(f"{BASE}/timeline/own/done", data={"done": "y"})
    leo.post(f"{BASE}/goals/new", data={"statement": "I know whom to ask", "due": "2026-05-20"})
    leo.post(f"{BASE}/meetings/m2/cancel")

    db.session.expire_all()
    assert [task.done is not None for task in db.session.scalars(select(Task).order_by(Task.id))] == [True, True]
    assert db.session.get_one(TimelineEntry, 100).done is not None
    assert [goal.statement for goal in db.session.scalars(select(Goal))] == ["I know whom to ask"]
    assert [meeting.state.value for meeting in db.session.scalars(select(Meeting).order_by(Meeting.id))] == [
        "held",
        "cancelled",
    ]


def test_a_mentorship_from_before_is_not_forgotten_by_the_night(tool: Flask):
    db.session.execute(text("DELETE FROM meeting WHERE id = 2"))
    db.session.commit()

    sweeping.sweep(at=LATER)

    nudges = db.session.scalars(select(Nudge).order_by(Nudge.id)).all()
    assert {nudge.mentorship_id for nudge in nudges} == {db.session.scalars(select(Mentorship.id)).one()}
    assert {nudge.participant_id for nudge in nudges} == {LEO, MAYA}
