"""What nobody should send: each is told apart with the right status and one sentence, and nothing is stored."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.xapi import cases
from tests.xapi.lrs.telling import COURSE, LEO, QUIZ, VERBS, id_of, keep, names, told
from tests.xapi.lrs.visitors import Program, program
from tests.xapi.samples import BASE, changed
from xapi.lrs import limits
from xapi.lrs.arriving import MOST_AT_ONCE
from xapi.lrs.models import Attachment, Document, KnownActivity, Mention, Store, StoredStatement

TABLES = (StoredStatement, Mention, KnownActivity, Attachment, Document)
JSON = {"Content-Type": "application/json"}


@pytest.fixture(params=["1.0.3", "2.0.0"])
def lrs(client: FlaskClient, session: Session, store: Store, request: pytest.FixtureRequest) -> Program:
    return program(client, session, store, version=request.param)


def nothing_is_stored(session: Session) -> bool:
    session.rollback()
    return not any(session.scalar(select(func.count()).select_from(table)) for table in TABLES)


def sentence(answer: TestResponse) -> str:
    """The one thing that an error says: short, whole and printable."""
    said = answer.get_json()
    assert list(said) == ["error"]
    why: str = said["error"]
    assert why.endswith((".", "?"))
    assert 10 < len(why) < 1000
    assert why.isprintable()
    return why


@pytest.mark.parametrize("name", cases.BAD_FORTY)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_none_of_the_forty_bad_statements_gets_in(lrs: Program, session: Session, name: str, method: str):
    statement = cases.BAD_FORTY[name]
    query = {"statementId": BASE["id"]} if method == "PUT" else {}

    answer = lrs.send(method, "statements", statement, **query)

    assert answer.status_code == 400
    assert sentence(answer)
    assert nothing_is_stored(session)


def nested(depth: int) -> bytes:
    inside = "[" * depth + "]" * depth
    return json.dumps(changed(("context.extensions", {"https://e.org/x": 7}))).replace("7", inside, 1).encode()


TEXT = json.dumps(BASE)
BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b"{'a': 1}", 400),
    "half of it": (TEXT[:-20].encode(), 400),
    "something behind it": (TEXT.encode() + b"x", 400),
    "two of them": (TEXT.encode() * 2, 400),
    "a number": (b"7", 400),
    "null": (b"null", 400),
    "a string": (b'"statement"', 400),
    "a list of lists": (b"[[]]", 400),
    "a key twice": (TEXT.replace('"actor"', '"actor": {}, "actor"').encode(), 400),
    "NaN": (TEXT.replace("0.5", "NaN").encode(), 400),
    "Infinity": (TEXT.replace("0.5", "-Infinity").encode(), 400),
    "a number without end": (TEXT.replace("0.5", "9" * 5000).encode(), 400),
    "a number beyond all": (TEXT.replace("0.5", "1e999").encode(), 400),
    "Latin-1": (TEXT.replace("answered", "é").encode("latin-1"), 400),
    "UTF-16": (TEXT.encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + TEXT.encode(), 400),
    "half a surrogate pair": (TEXT.replace('"response": "a"', '"response": "\\ud800"').encode(), 400),
    "nested a hundred thousand times": (b"[" * 100_000, 400),
    "an extension nested too deeply": (nested(500), 400),
    "an extension of too many values": (
        json.dumps(cases.extended([0] * 100_001)).encode(),
        400,
    ),
    "too many statements": (json.dumps([told("x")] * (MOST_AT_ONCE + 1)).encode(), 413),
    "too many bytes": (b" " * (limits.MOST_BYTES + 1), 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_none_stores_nothing(lrs: Program, session: Session, name: str):
    body, status = BODIES[name]

    answer = lrs.send("POST", "statements", body, headers=JSON)

    assert answer.status_code == status
    assert sentence(answer)
    assert nothing_is_stored(session)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", ";"]
)
def test_statements_come_as_json_or_in_parts(lrs: Program, session: Session, kind: str):
    answer = lrs.send("POST", "statements", TEXT.encode(), headers={"Content-Type": kind} if kind else {})

    assert (answer.status_code, sentence(answer)) == (
        400,
        "Send statements as application/json, or with attachments as multipart/mixed.",
    )
    assert nothing_is_stored(session)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;x"])
def test_json_may_be_named_in_several_ways(lrs: Program, kind: str):
    assert lrs.send("POST", "statements", TEXT.encode(), headers={"Content-Type": kind}).status_code == 200


def test_an_empty_batch_is_an_answer_of_nothing(lrs: Program):
    answer = lrs.tell()

    assert (answer.status_code, answer.get_json()) == (200, [])


HOSTILE = [
    "'; DROP TABLE lrs_statement; --",
    '" OR 1=1 --',
    "%' OR '1'='1",
    "{\"$gt\": \"\"}",
    "$.actor.mbox[*]",
    "../../etc/passwd",
    "${jndi:ldap://e.org/a}",
    "{{7*7}}",
    "\r\nSet-Cookie: a=b",
    "x" * 5000,
    "🙂\u202e\u2028",
]  # fmt: skip
PARAMETERS = [
    "statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities",
    "related_agents", "since", "until", "limit", "format", "attachments", "ascending", "cursor", "nothing",
]  # fmt: skip


@pytest.mark.every_case
@pytest.mark.parametrize("value", HOSTILE)
def test_no_parameter_takes_what_would_harm_a_database(lrs: Program, session: Session, store: Store, value: str):
    keep(session, store, told("one"))

    answers = [lrs.send("GET", f"statements?{urlencode({name: value})}") for name in PARAMETERS]

    assert [answer.status_code for answer in answers] == [400] * len(PARAMETERS)
    assert all(map(sentence, answers))
    assert names(lrs.read()) == ["one"]


@pytest.mark.every_case
@pytest.mark.parametrize("value", HOSTILE)
def test_what_would_harm_a_database_is_only_text_in_a_statement(lrs: Program, value: str):
    statement = told(
        "one",
        actor={"account": {"homePage": "https://e.org", "name": value}},
        result={"response": "one", "extensions": {"https://e.org/x": {value: value}}},
    )

    assert lrs.tell(statement).status_code == 200

    [found] = lrs.read(agent=statement["actor"])
    assert found["result"] == statement["result"]
    assert lrs.read(agent={"account": {"homePage": "https://e.org", "name": value + "x"}}) == []


@pytest.mark.every_case
@pytest.mark.parametrize("value", HOSTILE[:5])
def test_what_would_harm_a_database_harms_none_beside_any_other_filter(
    lrs: Program, session: Session, store: Store, value: str
):
    keep(session, store, told("one"))
    strangers = [
        {"account": {"homePage": "https://e.org", "name": value}},
        {"objectType": "Group", "account": {"homePage": "https://e.org", "name": value}},
    ]
    filters: dict[str, Any] = {
        "verb": VERBS + "answered",
        "activity": QUIZ,
        "registration": id_of("run"),
        "since": "2020-01-01T00:00:00Z",
        "until": "2030-01-01T00:00:00Z",
        "related_agents": True,
        "related_activities": True,
        "ascending": True,
        "format": "canonical",
        "limit": 5,
        "cursor": 10**9,
    }

    for name, right in filters.items():
        for stranger in strangers:
            assert lrs.read(agent=stranger, **{name: right}) == []
        for wrong in ("statementId", "verb", "activity", "since", "registration", "limit", "cursor", "format"):
            if wrong != name:
                answer = lrs.send("GET", "statements", **{wrong: value, name: right})
                assert (answer.status_code, bool(sentence(answer))) == (400, True)
    assert names(lrs.read()) == ["one"]


def test_a_nul_in_a_parameter_is_refused(lrs: Program):
    for resource in ("statements?verb=%00", "statements?%00=1", "activities?activityId=https://e.org/%00"):
        answer = lrs.send("GET", resource)

        assert (answer.status_code, sentence(answer)) == (400, "No parameter may hold a NUL character.")


def test_a_nul_in_a_statement_is_kept_as_it_came(lrs: Program):
    lrs.tell(told("one", result={"response": "one", "extensions": {"https://e.org/x": "a\x00b"}}))

    assert lrs.read()[0]["result"]["extensions"] == {"https://e.org/x": "a\x00b"}


ONE, LEO_TEXT = id_of("one"), json.dumps(LEO)


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("resource", "says"),
    [
        (f"statements?statementId={ONE}&voidedStatementId={ONE}", "Ask for statementId or for voidedStatementId"),
        (f"statements?statementId={ONE}&verb={VERBS}passed", "The parameter verb cannot be combined with the id"),
        (f"statements?voidedStatementId={ONE}&limit=1", "The parameter limit cannot be combined with the id"),
        ("statements?limit=1&limit=2", "The parameter limit may be given only once."),
        ("statements?Limit=1", "There is no parameter Limit; did you mean limit?"),
        ("statements?since=2026-11-23T09:00:00-00:00", "The parameter since must be an ISO 8601 date and time"),
        ("activities", "The parameter activityId must be given, and be an IRI."),
        ("activities?activityId=true", "The parameter activityId must be given, and be an IRI."),
        (f"activities?activityId={QUIZ}&x=1", "There is no parameter x here."),
        (f"activities?activityId={QUIZ}&activityId={QUIZ}", "The parameter activityId may be given only once."),
        ("agents", "The parameter agent must be given: a JSON object"),
        ("agents?agent=leo", "The parameter agent must be given: a JSON object"),
        (f"agents?agent={LEO_TEXT}&Agent={LEO_TEXT}", "There is no parameter Agent here."),
        ("about?x=1", "There is no parameter x here."),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(lrs: Program, resource: str, says: str):
    answer = lrs.send("GET", resource)

    assert (answer.status_code, sentence(answer).startswith(says)) == (400, True), answer.text


def test_filters_that_contradict_each_other_find_nothing(lrs: Program, session: Session, store: Store):
    keep(session, store, told("one"))
    nothing: dict[str, Any] = {"since": "2030-01-01T00:00:00Z", "until": "2020-01-01T00:00:00Z", "ascending": True}

    assert lrs.read(**nothing) == []
    assert lrs.read(agent=LEO, activity=COURSE, **nothing) == []
    assert lrs.read(verb=VERBS + "passed", agent=LEO) == []
    assert lrs.read(related_agents=True, related_activities=True) != []


def test_wrong_versions_are_told_which_is_right(client: FlaskClient, session: Session, store: Store):
    for version, others in {
        "1.0.3": ["0.9", "2.0.0", "1.1", "", "1.0.3\x7f"],
        "2.0.0": ["1.0.3", "2", "3.0.0"],
    }.items():
        lrs = program(client, session, store, version=version)
        for other in others:
            answer = lrs.send("POST", "statements", BASE, headers={"X-Experience-API-Version": other})

            assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (400, version)
            assert version in sentence(answer)
    assert nothing_is_stored(session)


def test_a_credential_of_another_tenant_finds_neither_statements_nor_names(
    client: FlaskClient, session: Session, store: Store, other_store: Store
):
    stranger = program(client, session, other_store)
    secret = {"objectType": "Activity", "id": QUIZ, "definition": {"name": {"en": "Secret"}}}
    keep(session, store, told("one", object=secret))

    assert stranger.read() == stranger.read(agent=LEO) == stranger.read(activity=QUIZ) == []
    assert stranger.send("GET", "statements", statementId=ONE).status_code == 404
    assert stranger.send("GET", "activities", activityId=QUIZ).get_json() == {"objectType": "Activity", "id": QUIZ}


@pytest.mark.every_case
def test_a_credential_of_another_tenant_changes_nothing_here(lrs: Program, session: Session, other_store: Store):
    stranger = program(lrs.client, session, other_store, version=lrs.version)
    voiding = told("void", verb={"id": VERBS + "voided"}, object={"objectType": "StatementRef", "id": ONE})
    where: dict[str, Any] = {"agent": LEO, "profileId": "one"}
    assert lrs.tell(told("one")).status_code == 200
    assert lrs.send("PUT", "agents/profile", {"a": 1}, headers={"If-None-Match": "*"}, **where).status_code == 204

    assert stranger.tell(voiding, told("one", result={"response": "another"})).status_code == 200
    assert stranger.send("DELETE", "agents/profile", **where).status_code == 204
    assert stranger.send("GET", "agents/profile", **where).status_code == 404
    assert stranger.send("GET", "agents/profile", agent=LEO).get_json() == []

    assert names(lrs.read()) == ["one"]
    assert lrs.send("GET", "statements", statementId=ONE).status_code == 200
    assert lrs.send("GET", "agents/profile", **where).get_json() == {"a": 1}


# Too much of it.


def tight(app: Flask, **numbers: float) -> None:
    app.extensions["lrs_guard"] = limits.Guard(limits.Limits(**numbers))


def test_a_credential_that_asks_too_often_waits_and_others_do_not(
    app: Flask, client: FlaskClient, session: Session, store: Store
):
    tight(app, requests=2, requests_a_second=0.1)
    busy, other = program(client, session, store), program(client, session, store)

    answers = [busy.tell(told(name)) for name in "abc"]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "10"
    assert sentence(answers[2]) == "This credential asks too often. Try again in 10 s."
    assert names(other.read()) == ["b", "a"]


def test_a_network_that_guesses_is_kept_out_even_with_the_right_key(
    app: Flask, client: FlaskClient, session: Session, store: Store
):
    tight(app, failures=3, failures_a_second=0.1)
    app.config["PUBLIC_URL"] = "https://tool.example"
    right = program(client, session, store)
    wrong = Program(client, (right.key[0], "guessed"))

    answers = [wrong.send("GET", "statements") for _ in range(3)]
    late = right.send("GET", "statements")

    assert [answer.status_code for answer in answers] == [401] * 3
    assert (late.status_code, late.headers["Retry-After"]) == (429, "10")
    assert sentence(late) == "Too many wrong keys or secrets came from your network. Try again in 10 s."
