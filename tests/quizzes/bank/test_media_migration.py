"""The migration of recordings with pictures in the table: each stays what it was."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from lti_tool import migrating
from tests.lti_tool.upgrading import insert

THEN = "2026-01-01 00:00:00+00:00"
FILE = {"bank_id": 1, "size": 5, "created": THEN, "mimetype": "image/png"}


def test_pictures_stay_pictures_and_recordings_have_no_size_in_pixels(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), "0054")
    with old_database.begin() as connection:
        bank = {"title": "Ours", "language": "en", "license": "", "fingerprint": ""}
        insert(connection, "bank", id=1, public_id="b", name="ours", **bank)
        insert(
            connection,
            "picture",
            id=1,
            public_id="p",
            file="a" * 32,
            name="a.png",
            sha256="a",
            **FILE,
            width=4,
            height=3,
        )

    command.upgrade(migrating.alembic_config(old_database), "0055")

    with old_database.begin() as connection:
        sound = {**FILE, "mimetype": "audio/mpeg", "kind": "sound", "width": 0, "height": 0}
        insert(connection, "picture", id=2, public_id="s", file="b" * 32, name="a.mp3", sha256="b", **sound)
        found = connection.execute(text("SELECT public_id, kind, width FROM picture ORDER BY id")).all()
    assert [tuple(row) for row in found] == [("p", "picture", 4), ("s", "sound", 0)]
    flat = {**FILE, "kind": "picture", "width": 0, "height": 0}
    with old_database.connect() as connection, pytest.raises(IntegrityError):
        insert(connection, "picture", id=3, public_id="f", file="c" * 32, name="a.png", sha256="c", **flat)
