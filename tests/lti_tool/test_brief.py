"""Brief transactions: prepared statements and the session in one, committed together or not at all."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.brief import brief_transaction
from lti_tool.db import db, transaction
from lti_tool.models import Course, Platform
from lti_tool.outbox import Happening
from lti_tool.prepared import Prepared, insert_into
from tests.cast import Cast
from tests.lti_tool.launching import FakeWeb, launch
from tests.lti_tool.outcomes import Watch

HAPPENED = insert_into(Happening, "event_id", "name", "at", "body")
NAMES = Prepared(select(Happening.__table__.c.name).order_by(Happening.__table__.c.id))


def happen(here: object, name: str) -> None:
    HAPPENED.run(here, event_id=name, name=name, at=clock.now(), body="{}")  # type: ignore[arg-type]


def happened(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Happening.name).order_by(Happening.id)))


def test_what_is_written_is_there_afterwards(app: Flask, session: Session):
    with brief_transaction() as here:
        happen(here, "one")
        assert NAMES.rows(here) == [("one",)]

    assert happened(session) == ["one"]


def test_nothing_is_there_after_a_failure(app: Flask, session: Session):
    def fail() -> None:
        with brief_transaction() as here:
            happen(here, "one")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    assert happened(session) == []


def test_the_session_joins_and_both_are_committed_together(app: Flask, session: Session, cast: Cast):
    course = cast.course()
    session.commit()

    with brief_transaction() as here:
        happen(here, "before")
        mine = db.session.get_one(Course, course.id, populate_existing=True)
        mine.title = "Joined"
        assert db.session.scalar(select(Happening.name)) == "before"
        db.session.add(Happening(event_id="new", name="by the session", at=clock.now(), body="{}"))
        db.session.flush()
        happen(here, "after")

    assert happened(session) == ["before", "by the session", "after"]
    assert session.scalars(select(Course.title)).all() == ["Joined"]


def test_the_session_joins_and_both_are_undone_together(app: Flask, session: Session, cast: Cast):
    course = cast.course()
    session.commit()
    title = course.title

    def fail() -> None:
        with brief_transaction() as here:
            happen(here, "before")
            db.session.get_one(Course, course.id, populate_existing=True).title = "Joined"
            db.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert happened(session) == []
    session.expire_all()
    assert session.scalars(select(Course.title)).all() == [title]


def test_what_the_session_was_only_given_is_committed_as_well(app: Flask, session: Session):
    with brief_transaction() as here:
        happen(here, "one")
        db.session.add(Happening(event_id="two", name="two", at=clock.now(), body="{}"))

    assert happened(session) == ["one", "two"]


def test_the_session_goes_on_as_ever_afterwards(app: Flask, session: Session, cast: Cast):
    platform = cast.platform()
    session.commit()
    for joins in (True, False):
        with brief_transaction():
            if joins:
                db.session.get_one(Platform, platform.id)

        with transaction() as own:
            own.get_one(Platform, platform.id).name = f"After {joins}"
        assert db.session.scalars(select(Platform.name)).one() == f"After {joins}"


def test_reading_before_it_is_let_go_of(app: Flask, session: Session, cast: Cast):
    """A reader that became a writer would fail on SQLite as soon as somebody else wrote in between."""
    cast.platform()
    session.commit()
    db.session.scalars(select(Platform.name)).all()

    def write() -> None:
        with app.app_context(), transaction() as other:
            other.add(Happening(event_id="other", name="other", at=clock.now(), body="{}"))

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    with brief_transaction() as here:
        happen(here, "mine")

    assert happened(session) == ["other", "mine"]


def test_a_broken_rule_is_told_without_the_values_and_leaves_nothing(app: Flask, session: Session):
    def twice() -> None:
        with brief_transaction() as here:
            happen(here, "Leo Fischer")
            happen(here, "Leo Fischer")

    with pytest.raises(DBAPIError) as refused:
        twice()
    assert "Leo" not in str(refused.value.statement)
    assert refused.value.hide_parameters
    assert happened(session) == []


def test_those_who_listen_to_the_database_hear_it(app: Flask, session: Session):
    heard: list[str] = []
    engine = db.engine

    def statement(_connection: object, _cursor: object, said: str, *_rest: object) -> None:
        heard.append(said.split()[0])

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", lambda _connection: heard.append("commit"))
    event.listen(engine, "rollback", lambda _connection: heard.append("rollback"))
    with brief_transaction() as here:
        happen(here, "one")
    with pytest.raises(RuntimeError), brief_transaction():
        raise RuntimeError

    assert heard == ["INSERT", "commit", "rollback"]


def test_many_at_once_take_turns(app: Flask, session: Session):
    def write(number: int) -> None:
        with app.app_context():
            for turn in range(10):
                with brief_transaction() as here:
                    happen(here, f"{number} {turn}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(happened(session)) == sorted(f"{number} {turn}" for number in range(6) for turn in range(10))


@pytest.mark.parametrize("is_first", [True, False], ids=["first visit", "visit again"])
def test_a_launch_is_one_transaction(app: Flask, web: FakeWeb, platform: Platform, is_first: bool):
    """Person, course, role, spent nonce, session and the news of the visit: all of it, or nothing."""
    launch(
        app.test_client(), sub="ines", context={"id": "another"}, resource_link={"id": "8"}
    )  # The platform's keys are there from now on.
    made = {f"INSERT {name}" for name in ("course", "person", "enrolment", "placement")}
    if not is_first:
        launch(app.test_client())
    with Watch(app) as watch:
        assert launch(app.test_client()).status_code == 303

    written, *after = watch.transactions
    assert {"INSERT spent_state", "INSERT browser_session", "INSERT visit", "INSERT letter"} <= written
    assert (made <= written, made.isdisjoint(written)) == (is_first, not is_first)
    # Somebody whom no roster has named has it read; by a job of its own, when they are in already.
    assert after == ([frozenset({"UPDATE course", "INSERT job"})] if is_first else [])
