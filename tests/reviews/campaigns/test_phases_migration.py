"""Campaigns from before phases were kept: they are said to have been in those that their people and days tell of."""

from __future__ import annotations

import json

from alembic import command
from sqlalchemy import Engine, text

from lti_tool import migrating
from tests.lti_tool.upgrading import insert
from tests.mentoring.test_circle_migration import BEFORE as COURSES
from tests.mentoring.test_circle_migration import fill_places
from tests.mentoring.test_passed_migration import LONG_AGO

BEFORE = "0056"
PHASES = ("draft", "nominating", "collecting", "archived")


def test_what_was_named_tells_which_phases_there_were(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), COURSES)
    with old_database.begin() as connection:
        fill_places(connection)
    command.upgrade(migrating.alembic_config(old_database), BEFORE)
    with old_database.begin() as connection:
        kept = {"kind": "review", "name": "", "ready_made": "", "is_retired": False, "created": LONG_AGO}
        insert(connection, "instrument", id=1, public_id="i", course_id=1, **kept)
        insert(connection, "instrument_version", id=1, instrument_id=1, n=1, content="{}", created=LONG_AGO)
        told = {"title": "", "purpose": "development", "purpose_words": "", "moment": "date", "open_days": 14}
        told |= {"released_by": "staff", "thresholds": "{}", "retention_months": 6, "reviewed": "mentee"}
        told |= {"kind": "review", "course_id": 1, "version_id": 1, "created": LONG_AGO, "reminding": "{}"}
        for number, phase in enumerate((*PHASES, "collecting"), 1):
            insert(connection, "campaign", id=number, public_id=str(number), phase=phase, **told)
        named = {"key": "p", "profile": "", "nominated": LONG_AGO}
        insert(connection, "review_target", id=1, public_id="t", campaign_id=5, **named)

    command.upgrade(migrating.alembic_config(old_database), "head")

    with old_database.connect() as connection:
        rows = connection.execute(text("SELECT id, passed FROM campaign ORDER BY id")).all()
    assert {row.id: row.passed if isinstance(row.passed, list) else json.loads(row.passed) for row in rows} == {
        1: [],
        2: ["draft"],
        3: ["draft"],
        4: ["draft", "collecting", "closed", "released"],
        5: ["draft", "nominating", "approving"],
    }
