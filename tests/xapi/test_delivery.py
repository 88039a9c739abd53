"""Statements reach LRSs outside once, in order, and never hold up anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, happenings, keys
from lti_tool.db import db, transaction
from lti_tool.events import CourseEntered
from lti_tool.models import Enrolment
from lti_tool.outbox import Lane, Letter, LetterState
from lti_tool.outgoing.http import Answer
from lti_tool.running.delivering import drain, serve
from tests.cast import Cast
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from xapi.endpoints import Endpoint, RefusedStatement
from xapi.lrs.models import StoredStatement


@pytest.fixture
def leo(cast: Cast) -> Enrolment:
    return cast.enrol(cast.course(), "Leo")


@pytest.fixture
def lrs() -> Iterator[OutsideLRS]:
    with outside_lrs() as lrs:
        yield lrs


def connect(url: str, label: str = "Outside", platform_id: int | None = None) -> Endpoint:
    with transaction() as session:
        endpoint = Endpoint(
            label=label,
            url=url,
            key="k",
            sealed_secret=keys.seal("s"),
            platform_id=platform_id,
            created=clock.now(),
        )
        session.add(endpoint)
    return endpoint


def enter(leo: Enrolment, times: int = 1) -> None:
    """Leo opens the course; the statements of it are stored and wait for the LRSs."""
    for _ in range(times):
        with transaction() as session:
            event = CourseEntered(at=clock.now(), who=leo.who, where=leo.course.where, role="learner", is_first=False)
            happenings.announce_soon(session, event)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    assert serve(app, f"happened:{leo.who.platform}") == times


AT_LRSS = select(Letter).where(Letter.lane.startswith("lrs:")).order_by(Letter.id)
"""Letters to LRSs, without those that have the visits told in the first place."""


def letters(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    return [(row.state.value, row.error) for row in session.scalars(AT_LRSS)]


def test_an_outside_lrs_gets_what_the_embedded_one_has(app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS):
    connect(lrs.url)
    enter(leo, 3)

    drain(app)

    assert list(lrs.stored) == list(session.scalars(select(StoredStatement.statement_id).order_by(StoredStatement.seq)))
    assert lrs.posts == 1, "three statements travel as one batch"
    assert {"stored", "authority", "version"}.isdisjoint(next(iter(lrs.stored.values())))


def test_without_an_outside_lrs_nothing_waits(session: Session, leo: Enrolment):
    enter(leo)

    assert letters(session) == []


def test_an_lrs_of_another_platform_gets_nothing(
    app: Flask, session: Session, cast: Cast, leo: Enrolment, lrs: OutsideLRS
):
    connect(lrs.url, platform_id=cast.platform("Other school", client_id="other").id)
    enter(leo)

    drain(app)

    assert lrs.stored == {}


def test_an_lrs_that_is_down_does_not_hold_up_its_neighbour(
    app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS
):
    connect("http://127.0.0.1:9/xAPI", "Down")
    connect(lrs.url, "Up")
    enter(leo)

    drain(app)

    assert len(lrs.stored) == 1
    assert [state for state, _error in letters(session)] == ["waiting", "delivered"]
    assert "127.0.0.1 cannot be reached" in letters(session)[0][1]


def test_an_answer_lost_after_storing_tells_nothing_twice(
    app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS
):
    connect(lrs.url)
    lrs.lost_answers = 1
    enter(leo, 2)

    drain(app)
    with clock.moved_by(timedelta(seconds=10)):
        drain(app)

    assert (len(lrs.stored), lrs.posts) == (2, 2)
    assert letters(session) == [("delivered", "")] * 2


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_credential_pauses_the_lane_and_keeps_the_statements(
    app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS, status: int
):
    endpoint = connect(lrs.url)
    lrs.answer = status
    enter(leo, 2)

    drain(app)

    assert [state for state, _error in letters(session)] == ["waiting", "waiting"]
    assert f"HTTP {status}" in session.scalars(select(Lane.paused).where(Lane.name == endpoint.lane)).one()
    lrs.answer = 200
    app.test_cli_runner().invoke(args=["lrs", "endpoint", "resume", endpoint.public_id], catch_exceptions=False)
    drain(app)
    assert len(lrs.stored) == 2


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_passing_trouble_is_tried_again_with_the_same_ids(
    app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS, status: int
):
    connect(lrs.url)
    lrs.answer = status
    enter(leo)
    drain(app)
    lrs.answer = 200

    with clock.moved_by(timedelta(minutes=1)):
        drain(app)

    assert list(lrs.stored) == list(session.scalars(select(StoredStatement.statement_id)))


class Picky:
    """An LRS that refuses batches with certain statements, and knows others already."""

    def __init__(self, refuse: Callable[[Mapping[str, Any]], bool], status: int, known: Any = None) -> None:
        self.refuse, self.status, self.known = refuse, status, known
        self.stored: list[str] = []
        self.posts = 0

    def post(self, url: str, body: bytes, **_rest: Any) -> Answer:
        self.posts += 1
        statements = json.loads(body)
        if any(self.refuse(statement) for statement in statements):
            return Answer(self.status, {}, b"", url)
        self.stored += [statement["id"] for statement in statements]
        return Answer(200, {}, b"[]", url)

    def get(self, url: str, **_rest: Any) -> Answer:
        if isinstance(self.known, bytes):
            return Answer(200, {}, self.known, url)
        found = self.known(url.rpartition("=")[2]) if self.known else None
        return Answer(200 if found else 404, {}, json.dumps(found).encode(), url)


def _ids(session: Session) -> list[str]:
    return list(session.scalars(select(StoredStatement.statement_id).order_by(StoredStatement.seq)))


def test_one_bad_statement_is_isolated_and_its_neighbours_arrive(app: Flask, session: Session, leo: Enrolment):
    connect("http://localhost/xAPI")
    enter(leo, 16)
    bad = _ids(session)[5]
    picky = Picky(lambda statement: statement["id"] == bad, 400)
    app.extensions["http"] = _as_http(app, picky)

    drain(app)

    assert picky.stored == [each for each in _ids(session) if each != bad]
    assert [state for state, _error in letters(session)].count("dead") == 1
    assert picky.posts == 9, "one bad among sixteen is found by halving"


def test_a_conflict_with_the_same_statement_is_fine_and_with_another_is_not(
    app: Flask, session: Session, leo: Enrolment
):
    connect("http://localhost/xAPI")
    enter(leo, 2)
    _same, other = _ids(session)

    def known(statement_id: str) -> Any:
        body = session.scalars(select(StoredStatement.body).where(StoredStatement.statement_id == statement_id)).one()
        return (
            {**json.loads(body), "verb": {"id": "http://example.org/other"}}
            if statement_id == other
            else json.loads(body)
        )

    app.extensions["http"] = _as_http(app, Picky(lambda _statement: True, 409, known))

    drain(app)

    assert letters(session) == [("delivered", ""), ("dead", "the LRS has another statement under this id")]


def _as_http(app: Flask, picky: Picky) -> Any:
    http = app.extensions["http"]
    http.post, http.get = picky.post, picky.get
    return http


def test_a_statement_our_validator_refuses_never_undoes_the_act(
    app: Flask, session: Session, leo: Enrolment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    app.testing = False
    monkeypatch.setitem(app.config, "IRI_BASE", "not an iri")

    enter(leo)

    db.session.rollback()
    refused = session.scalars(select(RefusedStatement)).one()
    assert "object.id: must be an IRI with a scheme" in refused.faults
    assert session.scalars(select(StoredStatement)).all() == []


def test_a_platforms_statements_stay_in_its_own_store(session: Session, cast: Cast, leo: Enrolment):
    other = cast.platform("Other school", client_id="other")
    stranger = cast.enrol(cast.course("Elsewhere", platform=other), "Zoe")
    enter(leo)
    enter(stranger)

    stores = list(session.scalars(select(StoredStatement.store_id)))
    assert len(set(stores)) == 2


@pytest.mark.parametrize(
    "odd",
    [
        b"{}",
        b"[]",
        b"null",
        b"7",
        b"<html>",
        b'{"statements":[]}',
        b'{"actor":5,"verb":[],"object":null}',
        b'{"actor":{},"verb":{"id":"v"},"object":{"objectType":"StatementRef","id":7}}',
        b"[" * 100_000,
    ],
)
def test_an_odd_answer_about_one_statement_gives_up_that_one_alone(
    app: Flask, session: Session, leo: Enrolment, odd: bytes
):
    connect("http://localhost/xAPI")
    enter(leo, 4)
    bad = _ids(session)[1]
    picky = Picky(lambda statement: statement["id"] == bad, 409, odd)
    app.extensions["http"] = _as_http(app, picky)

    drain(app)

    assert picky.stored == [each for each in _ids(session) if each != bad]
    assert [state for state, _error in letters(session)] == ["delivered", "dead", "delivered", "delivered"]


def test_a_statement_that_cannot_be_sent_at_all_holds_up_no_other(app: Flask, session: Session, leo: Enrolment):
    connect("http://localhost/xAPI")
    enter(leo, 4)
    bad = _ids(session)[2]
    with transaction():
        row = session.scalars(select(StoredStatement).where(StoredStatement.statement_id == bad)).one()
        row.body = json.dumps({**json.loads(row.body), "result": {"response": "\ud83d"}})
    picky = Picky(lambda _statement: False, 200)
    app.extensions["http"] = _as_http(app, picky)

    drain(app)

    assert picky.stored == [each for each in _ids(session) if each != bad]
    assert letters(session)[2] == ("dead", "UnicodeEncodeError inside the tool when sending this statement")


@pytest.mark.parametrize(
    ("wish", "seconds"), [("120", 120), ("9" * 400, 3600), ("0", 1), ("²", 1), ("٣", 1), ("soon", 1), ("", 1)]
)
def test_the_wish_to_be_asked_later_is_honoured_where_it_is_one(
    app: Flask, session: Session, leo: Enrolment, wish: str, seconds: int
):
    connect("http://localhost/xAPI")
    enter(leo)
    http = app.extensions["http"]
    http.post = lambda url, _body, **_rest: Answer(503, {"retry-after": wish}, b"", url)
    at = clock.now()

    with clock.moved_to(at):
        drain(app, rounds=3)

    session.rollback()
    letter = session.scalars(AT_LRSS).one()
    assert (letter.state, letter.attempts) == (LetterState.WAITING, 1)
    assert timedelta(seconds=seconds) <= letter.due - at <= timedelta(seconds=max(2, seconds))
