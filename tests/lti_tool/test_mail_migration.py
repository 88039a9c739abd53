"""The migration of notices with people in the tables: each is as before, and has chosen nothing."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, text

from lti_tool import migrating
from tests.lti_tool.upgrading import insert

THEN = "2026-01-01 00:00:00+00:00"


def test_people_keep_what_their_lms_said_of_them(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), "0013")
    with old_database.begin() as connection:
        platform = {"issuer": "https://c.example", "client_id": "tool", "auth_url": "a", "token_url": "t"}
        lists = {"granted_scopes": "[]", "remarks": "[]", "framed_from": "[]"}
        insert(
            connection,
            "platform",
            **platform,
            **lists,
            id=1,
            public_id="p",
            name="Campus",
            jwks_url="j",
            family="",
            standing="active",
            is_self_registered=False,
            created=THEN,
        )
        said = {"name": "Leo", "given_name": "Leo", "email": "leo@c.example", "locale": "en", "time_zone": "UTC"}
        insert(connection, "person", id=1, public_id="l", platform_id=1, subject="leo", created=THEN, **said)

    command.upgrade(migrating.alembic_config(old_database), "0015")

    with old_database.connect() as connection:
        people = connection.execute(text("SELECT name, email, time_zone, own_time_zone FROM person")).all()
        told = connection.execute(text("SELECT count(*) FROM personal_notice")).scalar()
    assert ([tuple(row) for row in people], told) == ([("Leo", "leo@c.example", "UTC", None)], 0)
