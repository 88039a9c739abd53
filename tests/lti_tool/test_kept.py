"""Platforms are remembered for some seconds, and one that is shut out is out at once all the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from lti_tool.arrivals.kept import Kept
from lti_tool.db import db, transaction
from lti_tool.models import Person, Platform, Standing
from tests.lti_tool.launching import FakeWeb, launch, start
from tests.lti_tool.outcomes import shown_on


@contextmanager
def executed_by_session() -> Iterator[list[str]]:
    """What goes through the session meanwhile, instead of straight to the driver."""
    said: list[str] = []

    def note(state: ORMExecuteState) -> None:
        said.append(str(state.statement))

    event.listen(Session, "do_orm_execute", note)
    try:
        yield said
    finally:
        event.remove(Session, "do_orm_execute", note)


def asked(kept: Kept, key: str, times: int, *, may_be_kept: bool = True) -> int:
    """How often something was looked up."""
    looks: list[str] = []

    def look() -> tuple[str, bool]:
        looks.append(key)
        return key, may_be_kept

    for _ in range(times):
        assert kept.found(key, look) == key
    return len(looks)


def test_what_was_found_is_found_again_without_looking(monkeypatch: pytest.MonkeyPatch):
    kept = Kept(5.0)
    now = time.monotonic()

    assert (asked(kept, "a", 3), asked(kept, "b", 2), asked(kept, "a", 2)) == (1, 1, 0)
    monkeypatch.setattr(time, "monotonic", lambda: now + 6)
    assert asked(kept, "a", 2) == 1


def test_what_lets_nobody_in_is_not_kept_and_no_seconds_keep_nothing():
    assert asked(Kept(5.0), "a", 3, may_be_kept=False) == 3
    assert asked(Kept(0.0), "a", 3) == 3


def test_it_does_not_grow_for_ever():
    kept = Kept(5.0)

    for number in range(3000):
        asked(kept, str(number), 1)

    assert len(kept._values) <= 1000


@pytest.fixture
def keeping(app: Flask, web: FakeWeb) -> Flask:
    app.extensions["kept"] = Kept(60.0)
    return app


def test_a_class_that_arrives_together_asks_for_its_platform_once(keeping: Flask, platform: Platform):
    launch(keeping.test_client())
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, sql, *_rest: said.append(sql))

    start(keeping.test_client())
    login = list(said)
    launch(keeping.test_client(), sub="maya")

    assert login == []
    assert not [sql for sql in said if sql.startswith("SELECT") and "jwks_url" in sql]


@pytest.mark.parametrize(
    ("shut_out", "code"), [("platform", "platform_not_active"), ("deployment", "unknown_deployment")]
)
def test_who_is_shut_out_meanwhile_is_not_let_in(
    keeping: Flask, client: FlaskClient, session: Session, platform: Platform, shut_out: str, code: str
):
    assert launch(client).status_code == 303
    with transaction():
        gone = platform if shut_out == "platform" else platform.deployments[0]
        gone.standing = Standing.WAITING

    answer = launch(keeping.test_client())

    assert (answer.status_code, shown_on(answer)) == (403, code)


def test_what_a_platform_is_made_of_is_written_once(keeping: Flask, platform: Platform):
    made_of: Any = {"tool_platform": {"guid": "1", "product_family_code": "moodle"}}
    launch(keeping.test_client(), **made_of)
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, sql, *_rest: said.append(sql))

    launch(keeping.test_client(), sub="maya", **made_of)

    assert not [sql for sql in said if sql.startswith("UPDATE platform")]
    assert db.session.scalars(select(Platform.family)).one() == "moodle"


def test_whom_a_roster_has_named_is_brought_up_without_a_session(keeping: Flask, platform: Platform):
    """Everybody of a class that a roster has named launches for the first time, and each adds a locale and a zone."""
    launch(keeping.test_client())
    with transaction() as session:
        session.execute(update(Person).values(given_name="", locale=""))
    with executed_by_session() as statements:
        answer = launch(keeping.test_client(), locale="de")

    assert answer.status_code == 303
    assert statements == []
    assert db.session.scalars(select(Person.locale)).one() == "de"
