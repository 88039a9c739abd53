"""Statements reach LRSs outside once, in order, and never hold up anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock, happenings, keys, outbox
from lti_tool.db import db, transaction
from lti_tool.events import CourseEntered
from lti_tool.models import Enrolment
from lti_tool.outbox import Lane, Letter, LetterState
from lti_tool.outgoing.http import Answer
from lti_tool.running.delivering import drain, serve
from mentoring.events import MentorshipBegan
from tests.cast import Cast
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from tests.xapi.outside import connect, letters, stored_ids
from xapi.consent.saying import answer
from xapi.endpoints import Endpoint, RefusedStatement
from xapi.identities import Actors
from xapi.lrs import storing
from xapi.lrs.models import StoredStatement
from xapi.profile.examples import made_up
from xapi.retelling import authority
from xapi.translations import course_iri


@pytest.fixture
def leo(cast: Cast) -> Enrolment:
    return cast.enrol(cast.course(), "Leo")


@pytest.fixture
def lrs() -> Iterator[OutsideLRS]:
    with outside_lrs() as lrs:
        yield lrs


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

    in_order = select(StoredStatement.statement_id).order_by(StoredStatement.seq)
    assert list(lrs.stored) == list(session.scalars(in_order))


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
    until = session.scalars(select(Lane.held_until).where(Lane.name == letter.lane)).one()
    assert until is not None
    assert timedelta(seconds=seconds) <= until - at <= timedelta(seconds=max(2, seconds))


# What an endpoint is to have, and how


def change(endpoint: Endpoint, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Endpoint).where(Endpoint.id == endpoint.id).values(**values))


def test_people_are_named_as_the_endpoint_wants(app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS):
    leo.person.email = "leo@example.org"
    session.commit()
    endpoint = connect(lrs.url)
    named = []
    for actors in Actors:
        change(endpoint, actors=actors, sealed_pseudonyms=keys.seal("a key"))
        if actors is Actors.MAIL:
            with transaction() as own:
                answer(own, leo, endpoint.public_id, is_given=True, at=clock.now())
        enter(leo)
        drain(app)
        named.append(list(lrs.stored.values())[-1]["actor"])

    account, pseudonym, mail = named
    assert account["account"] == {"homePage": "https://campus.example", "name": leo.person.subject}
    assert pseudonym["account"]["homePage"] == app.config["IRI_BASE"]
    assert leo.person.subject not in pseudonym["account"]["name"] or len(pseudonym["account"]["name"]) == 32
    assert mail == {"objectType": "Agent", "mbox": "mailto:leo@example.org"}


def test_an_endpoint_is_spoken_to_in_its_version(app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS):
    change(connect(lrs.url), version="2.0.0")
    with transaction() as own:
        event = replace(
            made_up(MentorshipBegan)[0], mentee=leo.who, mentor=replace(leo.who, subject="4"), where=leo.course.where
        )
        outbox.announce(own, event)

    drain(app)

    [told] = lrs.stored.values()
    assert lrs.versions == {"2.0.0"}
    assert told["context"]["contextAgents"] == [{"objectType": "contextAgent", "agent": told["context"]["instructor"]}]


def test_an_endpoint_for_one_course_gets_that_one_only(
    app: Flask, cast: Cast, leo: Enrolment, session: Session, lrs: OutsideLRS
):
    other = cast.enrol(cast.course("Another"), "Leo")
    change(connect(lrs.url), course=course_iri(app.config["IRI_BASE"], leo.course.public_id))

    enter(leo)
    enter(other)
    drain(app)

    assert list(lrs.stored) == stored_ids(session)[:1]


def test_an_endpoint_for_quizzes_hears_nothing_of_visits(app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS):
    change(connect(lrs.url), rooms=["quizzes"])

    enter(leo)

    assert letters(session) == []


def test_what_an_lrs_refuses_as_too_large_it_is_not_sent_again(
    app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS
):
    endpoint = connect(lrs.url)
    enter(leo, 40)
    lrs.most_bytes = 20_000

    drain(app)

    session.rollback()
    assert list(lrs.stored) == stored_ids(session)
    found = session.scalars(select(Endpoint.most_bytes).where(Endpoint.id == endpoint.id)).one()
    assert 16 * 1024 <= found <= 40_000
    before = lrs.posts
    enter(leo, 40)
    drain(app)
    assert lrs.posts - before <= 4, "requests are small enough from the first one on"


def test_what_happened_before_arrives_first_and_once(app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS):
    enter(leo, 3)
    endpoint = connect(lrs.url)
    enter(leo, 2)

    said = app.test_cli_runner().invoke(args=["lrs", "endpoint", "backfill", endpoint.public_id])
    assert said.exit_code == 0, said.output
    drain(app)

    assert list(lrs.stored) == stored_ids(session)
    assert app.test_cli_runner().invoke(args=["lrs", "endpoint", "backfill", endpoint.public_id]).exit_code == 0
    drain(app)
    assert list(lrs.stored) == stored_ids(session)
    assert "0 waiting, 0 given up" in app.test_cli_runner().invoke(args=["lrs", "endpoint", "list"]).output


def test_an_endpoint_is_added_with_its_history(app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS):
    enter(leo, 2)
    words = ["lrs", "endpoint", "add", "--url", lrs.url, "--key", "k", "--secret", "s", "--label", "New", "--history"]

    said = app.test_cli_runner().invoke(args=[*words, "--actors", "pseudonym", "--only", "courses"])
    assert said.exit_code == 0, said.output
    drain(app)

    assert list(lrs.stored) == stored_ids(session)
    assert {each["actor"]["account"]["homePage"] for each in lrs.stored.values()} == {app.config["IRI_BASE"]}


def test_of_history_what_was_voided_is_not_sent_and_an_old_statement_without_context_is(
    app: Flask, leo: Enrolment, session: Session, lrs: OutsideLRS
):
    enter(leo, 2)
    hidden, bare = stored_ids(session)
    with transaction() as own:
        store = storing.store_of(own, leo.who.platform, clock.now())
        voiding = {
            "actor": authority(),
            "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
            "object": {"objectType": "StatementRef", "id": hidden},
        }
        storing.store(own, store, [voiding], authority(), clock.now())
        row = own.scalars(select(StoredStatement).where(StoredStatement.statement_id == bare)).one()
        row.body = json.dumps({name: part for name, part in json.loads(row.body).items() if name != "context"})
    course = course_iri(app.config["IRI_BASE"], leo.course.public_id)
    endpoint = connect(lrs.url)
    change(endpoint, course=course, actors=Actors.PSEUDONYM, sealed_pseudonyms=keys.seal("a key"))

    said = app.test_cli_runner().invoke(args=["lrs", "endpoint", "backfill", endpoint.public_id])
    assert said.exit_code == 0, said.output
    drain(app)

    assert list(lrs.stored) == [bare]


def test_a_course_without_its_platform_is_refused(app: Flask, session: Session):
    words = ["lrs", "endpoint", "add", "--url", "https://lrs.example", "--key", "k", "--secret", "s", "--label", "New"]

    said = app.test_cli_runner().invoke(args=[*words, "--course", "x"])

    assert (said.exit_code, said.output) == (1, "Error: Say with --platform whose course it is.\n")
    assert session.scalars(select(Endpoint)).all() == []
