"""Places become possible without a mentor: those there are stay as they were, and so does what they must keep."""

from __future__ import annotations

from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from lti_tool import migrating
from tests.lti_tool.upgrading import insert
from tests.mentoring.test_passed_migration import LONG_AGO, fill

BEFORE = "0019"
PLACE = {"mentorship_id": 1, "kind_id": 1, "since": LONG_AGO}


def fill_places(connection: Connection) -> None:
    """Maya mentors Leo."""
    fill(connection)
    kind = {"key": "mentor", "label": "Mentor", "place": 1, "needed": 1, "is_required": True}
    insert(connection, "mentor_kind", id=1, version_id=1, **kind)
    run: dict[str, Any] = {"name": "first", "title": "", "state": "running", "starts": LONG_AGO, "created": LONG_AGO}
    run |= {"invites_newcomers": False, "keeps_waiting_list": False}
    insert(connection, "cohort", id=1, public_id="c", version_id=1, **run)
    nothing = {"languages": "[]", "timezone": "", "hours": "[]", "interests": "[]", "answers": "{}", "team": ""}
    for number in (1, 2):
        insert(
            connection,
            "participant",
            id=number,
            public_id=str(number),
            cohort_id=1,
            enrolment_id=number,
            as_mentor=number == 2,
            as_mentee=number == 1,
            state="taking_part",
            came="added",
            shows="[]",
            created=LONG_AGO,
            **nothing,
        )
    told = {"state": "active", "origin": "run", "created": LONG_AGO}
    told |= {"case_text": "", "question": "", "answer": "", "end_reason": ""}
    insert(connection, "mentorship", id=1, public_id="m", cohort_id=1, kind_id=1, **told)
    insert(connection, "place", id=1, mentor_id=2, mentee_id=1, nth=1, **PLACE)


def refused(engine: Engine, **place: object) -> bool:
    with engine.connect() as connection:
        try:
            insert(connection, "place", **PLACE, **place)
        except IntegrityError:
            return True
        return False


def test_places_stay_and_those_of_circles_need_no_mentor(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), BEFORE)
    with old_database.begin() as connection:
        fill_places(connection)
    before = {each["name"] for each in inspect(old_database).get_indexes("place")}

    command.upgrade(migrating.alembic_config(old_database), "head")

    with old_database.connect() as connection:
        kept = connection.execute(text("SELECT id, mentorship_id, mentor_id, mentee_id, nth FROM place")).all()
    told = inspect(old_database)
    checks = {each["name"] for each in told.get_check_constraints("place")}
    unique = {each["name"] for each in told.get_unique_constraints("place")}
    after = {each["name"] for each in told.get_indexes("place")}
    assert [tuple(row) for row in kept] == [(1, 1, 2, 1, 1)]
    assert (after, checks) == (before, {"ck_place_not_oneself", "ck_place_nth"})
    assert unique == {"uq_place_mentee_id_mentor_id", "uq_place_mentee_id_kind_id_nth"}
    assert refused(old_database, mentor_id=2, mentee_id=2, nth=1)
    assert refused(old_database, mentor_id=None, mentee_id=1, nth=1)
    assert refused(old_database, mentor_id=None, mentee_id=2, nth=0)
    assert not refused(old_database, mentor_id=None, mentee_id=2, nth=1)


def test_the_fixture_of_refusals_can_fail(old_database: Engine):
    """Before the migration a place without a mentor is refused."""
    command.upgrade(migrating.alembic_config(old_database), BEFORE)
    with old_database.begin() as connection:
        fill_places(connection)

    assert refused(old_database, mentor_id=None, mentee_id=2, nth=1)
