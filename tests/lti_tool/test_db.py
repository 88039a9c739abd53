"""The database keeps its promises: zones, foreign keys, an orderly queue of writers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create, new_public_id, new_public_ids, transaction
from lti_tool.models import Course, Enrolment, Person, Platform
from tests.cast import Cast


def test_a_moment_comes_back_in_utc_with_its_zone(session: Session, cast: Cast):
    course = cast.course()
    course.roster_read = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    session.commit()
    session.expire_all()

    assert course.roster_read == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert course.roster_read.tzinfo is UTC


def test_a_moment_without_zone_is_refused(session: Session, cast: Cast):
    course = cast.course()
    course.roster_read = datetime(2026, 7, 1, 12, 0)

    with pytest.raises(StatementError, match="A time without zone cannot be stored"):
        session.flush()


def test_foreign_keys_are_on(session: Session):
    session.add(Enrolment(course_id=99, person_id=99, role="learner", number=1, created=datetime.now(UTC)))

    with pytest.raises(IntegrityError):
        session.flush()


def test_ids_compare_with_their_case(session: Session, cast: Cast):
    platform = cast.platform()

    for subject in ("abc", "ABC"):
        find_or_create(session, Person, {"platform_id": platform.id, "subject": subject}, created=datetime.now(UTC))

    assert sorted(session.scalars(select(Person.subject))) == ["ABC", "abc"]


def test_eight_who_arrive_at_once_find_the_same_row(app: Flask, session: Session, cast: Cast):
    course = cast.course()
    key = {"deployment_id": course.deployment_id, "context_id": "brand new"}
    at = datetime.now(UTC)
    together, found = threading.Barrier(8, timeout=10), []

    def arrive() -> None:
        together.wait()
        with app.app_context(), transaction() as own:
            row, made = find_or_create(own, Course, key, title="t", label="l", line_item_scopes=[], created=at)
            found.append((row.id, made))

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({row for row, _made in found}) == 1
    assert sorted(made for _row, made in found) == [False] * 7 + [True]


def test_public_ids_are_random_and_fit_an_address():
    ids = {new_public_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(len(each) == 16 and each.isalnum() and each.islower() for each in ids)


def test_public_ids_made_at_once_are_like_others():
    ids = new_public_ids(1000)

    assert len(set(ids)) == 1000
    assert {len(each) for each in ids} == {len(new_public_id())}
    assert new_public_ids(0) == []


def test_many_writers_at_once_all_get_their_turn(app: Flask, session: Session, cast: Cast):
    platform = cast.platform()

    def write() -> None:
        for _ in range(10):
            with app.app_context(), transaction() as own:
                row = own.get(Platform, platform.id, with_for_update=True)
                assert row is not None
                row.name = str(int(row.name) + 1)

    platform.name = "0"
    session.commit()
    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    session.expire_all()
    assert platform.name == "80"


def test_sqlite_runs_in_wal_mode(session: Session):
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    else:
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_what_has_no_order_comes_the_other_way_round_in_tests_on_sqlite(session: Session, cast: Cast):
    course = cast.course()
    people = [cast.enrol(course, name) for name in ("Leo", "Maya", "Zoe")]
    session.commit()

    anyhow = session.scalars(select(Enrolment.id).where(Enrolment.course_id == course.id)).all()
    in_order = session.scalars(select(Enrolment.id).order_by(Enrolment.id)).all()

    assert in_order == [person.id for person in people]
    if session.get_bind().dialect.name == "sqlite":
        assert anyhow == in_order[::-1]
