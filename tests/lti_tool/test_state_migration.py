"""Sessions outlive the migration that gives spent states another shape; older states could not be opened any more."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, inspect, text

from lti_tool.migrating import alembic_config, migrate
from tests.lti_tool.upgrading import insert

THEN = "2026-11-23 09:00:00"


def test_sessions_stay_and_spent_states_begin_anew(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0012")
    with old_database.begin() as connection:
        addresses = dict.fromkeys(("issuer", "auth_url", "token_url", "jwks_url"), "https://campus.example")
        platform = {"public_id": "p", "name": "Campus", "client_id": "x", "family": "", "framed_from": "[]"}
        platform |= {"granted_scopes": "[]", "remarks": "[]", "standing": "active"}
        insert(connection, "platform", id=1, **platform, **addresses, is_self_registered=False, created=THEN)
        person = dict.fromkeys(("name", "given_name", "email", "locale", "time_zone"), "")
        insert(connection, "person", id=1, public_id="q", platform_id=1, subject="7", created=THEN, **person)
        insert(connection, "browser_session", id=1, key="k", person_id=1, data="{}", expires=THEN, seen=THEN)
        insert(connection, "spent_state", id=1, key="s", expires=THEN)

    migrate(old_database)

    with old_database.begin() as connection:
        insert(connection, "spent_state", key="s", expires=THEN)
        sessions = connection.execute(text("SELECT key, person_id FROM browser_session")).all()
        states = connection.execute(text("SELECT key FROM spent_state")).scalars().all()
    indexes = inspect(old_database).get_indexes("browser_session")
    assert [tuple(row) for row in sessions] == [("k", 1)]
    assert states == ["s"]
    assert [index["name"] for index in indexes if not index["unique"]] == []
