"""Other stores forward to ours and ours to others: as it was told, once, and never round in a circle."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.models import Enrolment
from lti_tool.running.delivering import drain
from tests.cast import Cast
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from tests.xapi.lrs.visitors import MIXED, Program, attached, attachment_part, mixed, program, statements_part
from tests.xapi.outside import connect, stored_ids, tell
from xapi.lrs import storing
from xapi.lrs.models import Store
from xapi.translations import course_iri

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@pytest.fixture
def leo(cast: Cast) -> Enrolment:
    return cast.enrol(cast.course(), "Leo")


@pytest.fixture
def lrs() -> Iterator[OutsideLRS]:
    with outside_lrs() as lrs:
        yield lrs


def store_of(session: Session, platform: str) -> Store:
    with transaction() as own:
        return storing.store_of(own, platform, clock.now())


@pytest.fixture
def simulation(client: FlaskClient, session: Session, leo: Enrolment) -> Program:
    """A program of somebody else's that tells our store what happens in it."""
    return program(client, session, store_of(session, leo.who.platform), scopes=["statements/write"])


def told(course: str | None = None, **more: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": "mailto:leo@elsewhere.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://simulation.example/rounds/3"},
        "timestamp": "2026-11-22T12:00:00.000Z",
    }
    if course is not None:
        statement["context"] = {"contextActivities": {"grouping": [{"id": course}]}}
    return statement | more


def voiding(statement: dict[str, Any]) -> dict[str, Any]:
    return told(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": statement["id"]})


# In


def test_a_forwarder_needs_nothing_but_a_key_that_writes(simulation: Program, session: Session):
    """As Learning Locker forwards: one by one, with what its own store has added, after retries again."""
    added = {"stored": "2026-11-22T12:00:01.000Z", "version": "1.0.0"}
    statement = told(**added, authority={"objectType": "Agent", "mbox": "mailto:lrs@elsewhere.example"})

    answers = [simulation.send("POST", "statements", statement).status_code for _try in range(2)]

    assert answers == [200, 200]
    assert stored_ids(session) == [statement["id"]]


def test_a_forwarder_that_names_no_version_is_told_which_header_is_missing(simulation: Program, session: Session):
    """As Ralph 5.1 forwards."""
    answer = simulation.send("POST", "statements", [told()], headers={"X-Experience-API-Version": ""})

    assert answer.status_code == 400
    assert "X-Experience-API-Version" in answer.get_json()["error"]


def test_what_is_forwarded_stays_in_the_store_and_the_course_of_the_key(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, leo: Enrolment
):
    course, other = (course_iri(app.config["IRI_BASE"], each) for each in (leo.course.public_id, "another"))
    other_school = cast.platform("Other school", client_id="other").public_id
    mine, theirs = (store_of(session, each) for each in (leo.who.platform, other_school))
    of_course = program(client, session, mine, scopes=["statements/write", "statements/read"], course=course)
    elsewhere = program(client, session, theirs)
    inside = told(course)

    answers = [of_course.tell(each).status_code for each in (inside, told(other), told())]

    assert answers == [200, 403, 403]
    assert [each["id"] for each in of_course.read()] == [inside["id"]]
    assert elsewhere.read() == []


# Out


def test_what_others_tell_goes_on_where_that_is_wanted_and_nowhere_else(
    app: Flask, session: Session, leo: Enrolment, simulation: Program, lrs: OutsideLRS
):
    with outside_lrs() as ours_only:
        connect(lrs.url, forwards_received=True)
        connect(ours_only.url)
        first = told()
        simulation.tell(first)
        tell(leo.who, 2)
        simulation.tell(told(), told())

        drain(app)

        assert list(lrs.stored) == stored_ids(session)
        assert lrs.stored[first["id"]] == first, "as it was told"
        assert len(ours_only.stored) == 2


def test_nothing_goes_round_in_a_circle(
    app: Flask, client: FlaskClient, session: Session, leo: Enrolment, simulation: Program, lrs: OutsideLRS
):
    """The LRS outside sends back whatever it gets, and tells things of its own."""
    back = program(client, session, store_of(session, leo.who.platform), scopes=["statements/write"])
    connect(lrs.url, forwards_received=True, writes_as=back.key[0])
    tell(leo.who, 2)
    simulation.tell(told())
    drain(app)
    assert (len(lrs.stored), lrs.posts) == (3, 1)

    answer = back.tell(*lrs.stored.values(), told())
    drain(app)

    assert answer.status_code == 200
    assert len(stored_ids(session)) == 4, "only its own is new"
    assert (len(lrs.stored), lrs.posts, lrs.repeated) == (3, 1, 0)


def test_two_stores_that_forward_to_each_other_come_to_rest(
    app: Flask, session: Session, simulation: Program, lrs: OutsideLRS
):
    """Even where nobody has said by which key the other one writes."""
    connect(lrs.url, forwards_received=True)
    statement = told()
    simulation.tell(statement)

    for _round in range(3):
        drain(app)
        assert simulation.tell(*lrs.stored.values()).status_code == 200

    assert (stored_ids(session), lrs.posts) == ([statement["id"]], 1)


def test_a_voiding_follows_what_it_voids(
    app: Flask, session: Session, leo: Enrolment, simulation: Program, lrs: OutsideLRS
):
    course = course_iri(app.config["IRI_BASE"], leo.course.public_id)
    connect(lrs.url, forwards_received=True, course=course)
    inside, outside = told(course), told()
    its_voiding = voiding(inside)

    simulation.tell(inside, outside)
    simulation.tell(its_voiding, voiding(outside))
    drain(app)

    assert list(lrs.stored) == [inside["id"], its_voiding["id"]]


def test_data_goes_along_with_its_statement(app: Flask, session: Session, simulation: Program, lrs: OutsideLRS):
    connect(lrs.url, forwards_received=True)
    linked = told(attachments=[attached(b"elsewhere", fileUrl="https://simulation.example/notes")])
    whole, again = (told(attachments=[attached(b"notes")]) for _ in range(2))
    sent = mixed(statements_part([linked, whole, again]), attachment_part(b"notes"))

    assert simulation.send("POST", "statements", sent, headers=MIXED).status_code == 200
    simulation.tell(told())
    drain(app)

    assert list(lrs.stored) == stored_ids(session)
    assert lrs.stored[whole["id"]] == whole
    assert lrs.data == {hashlib.sha256(b"notes").hexdigest(): b"notes"}


def test_much_data_goes_in_requests_of_the_size_that_is_taken(
    app: Flask, session: Session, simulation: Program, lrs: OutsideLRS
):
    connect(lrs.url, forwards_received=True, most_bytes=100_000)
    for number in range(4):
        data = bytes([number]) * 60_000
        sent = mixed(statements_part([told(attachments=[attached(data)])]), attachment_part(data))
        assert simulation.send("POST", "statements", sent, headers=MIXED).status_code == 200

    drain(app)

    assert list(lrs.stored) == stored_ids(session)
    assert (lrs.posts, len(lrs.data)) == (4, 4)


def test_what_was_told_in_2_0_is_told_on_in_either_version(
    app: Flask, session: Session, simulation: Program, lrs: OutsideLRS
):
    company = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:maya@elsewhere.example"}}]
    statement = told(context={"instructor": {"mbox": "mailto:ines@elsewhere.example"}, "contextAgents": company})
    with outside_lrs() as newer:
        connect(lrs.url, forwards_received=True)
        connect(newer.url, forwards_received=True, version="2.0.0")
        assert replace(simulation, version="2.0.0").tell(statement).status_code == 200
        drain(app)

        assert [sorted(each["context"]) for each in lrs.stored.values()] == [["instructor"]]
        assert [each["context"] for each in newer.stored.values()] == [statement["context"]]


def test_history_brings_what_others_told_too(
    app: Flask, client: FlaskClient, session: Session, leo: Enrolment, simulation: Program, lrs: OutsideLRS
):
    back = program(client, session, store_of(session, leo.who.platform), scopes=["statements/write"])
    first = told()
    simulation.tell(first)
    back.tell(told())
    tell(leo.who, 1)
    words = ["lrs", "endpoint", "add", "--url", lrs.url, "--key", "k", "--secret", "s", "--label", "New", "--history"]

    said = app.test_cli_runner().invoke(args=[*words, "--forward-received", "--writes-as", back.key[0]])
    assert said.exit_code == 0, said.output
    drain(app)

    assert list(lrs.stored) == [first["id"], stored_ids(session)[2]]
    assert "what others told too" in app.test_cli_runner().invoke(args=["lrs", "endpoint", "list"]).output


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (["--forward-received", "--actors", "pseudonym"], "--forward-received wants --actors account."),
        (["--forward-received", "--writes-as", "nobody"], "No key nobody that is in force"),
    ],
)
def test_what_cannot_be_forwarded_is_told_at_once(app: Flask, session: Session, more: list[str], problem: str):
    words = ["lrs", "endpoint", "add", "--url", "https://lrs.example", "--key", "k", "--secret", "s", "--label", "New"]

    said = app.test_cli_runner().invoke(args=[*words, *more])

    assert said.exit_code == 1
    assert problem in said.output
