"""States and profiles: kept, merged, listed, removed; and nobody overwrites what they have not seen."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock
from tests.xapi.lrs.conftest import THEN
from tests.xapi.lrs.telling import COURSE, LEO, MAYA, QUIZ
from tests.xapi.lrs.visitors import Program, program
from xapi.lrs.models import Document, Store

ANY = {"If-None-Match": "*"}
REGISTRATION = "16ad7a5b-bb2b-4a9d-8c2e-00000000000a"
RESOURCES: dict[str, dict[str, Any]] = {
    "activities/state": {"activityId": QUIZ, "agent": LEO, "stateId": "one"},
    "agents/profile": {"agent": LEO, "profileId": "one"},
    "activities/profile": {"activityId": QUIZ, "profileId": "one"},
}


@pytest.fixture(params=["1.0.3", "2.0.0"])
def lrs(client: FlaskClient, session: Session, store: Store, request: pytest.FixtureRequest) -> Program:
    return program(client, session, store, version=request.param)


def put(lrs: Program, resource: str, data: object, *, seen: str = "", **query: Any) -> TestResponse:
    headers = {"If-Match": seen} if seen else ANY
    return lrs.send("PUT", resource, data, headers=headers, **{**RESOURCES[resource], **query})


def get(lrs: Program, resource: str, **query: Any) -> TestResponse:
    return lrs.send("GET", resource, **{**RESOURCES[resource], **query})


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_document_comes_back_as_it_was_kept(lrs: Program, resource: str):
    data = b"\x00\xff any bytes"

    with clock.moved_to(THEN):
        kept = lrs.send("PUT", resource, data, headers={**ANY, "Content-Type": "image/png; x=y"}, **RESOURCES[resource])
    found = get(lrs, resource)

    assert kept.status_code == 204
    assert (found.status_code, found.data, found.content_type) == (200, data, "image/png; x=y")
    assert found.headers["ETag"] == f'"{hashlib.sha1(data).hexdigest()}"'
    assert found.headers["Last-Modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    head = lrs.send("HEAD", resource, **RESOURCES[resource])
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", found.headers["ETag"])


@pytest.mark.parametrize("resource", RESOURCES)
def test_posting_merges_top_level_keys(lrs: Program, resource: str):
    lrs.send("POST", resource, {"a": 1, "b": {"x": 1}}, **RESOURCES[resource])

    assert lrs.send("POST", resource, {"b": {"y": 2}, "c": None}, **RESOURCES[resource]).status_code == 204

    assert get(lrs, resource).get_json() == {"a": 1, "b": {"y": 2}, "c": None}


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    ("there", "kind", "more", "as_kind"),
    [
        (b"text", "text/plain", b'{"a": 1}', "application/json"),
        (b'{"a": 1}', "application/json", b"text", "text/plain"),
        (b'{"a": 1}', "application/json", b"[1]", "application/json"),
        (b"[1]", "application/json", b'{"a": 1}', "application/json"),
        (b'{"a": 1}', "application/json", b'{"a": 1', "application/json"),
        (b'{"a": 1}', "application/json", b'{"a": 1, "a": 2}', "application/json"),
        (b'{"a": 1}', "application/json", b'{"a": NaN}', "application/json"),
        (b'{"a": 1}', "application/json", b'{"a": "\xff"}', "application/json"),
    ],
)
def test_what_cannot_be_merged_changes_nothing(
    lrs: Program, resource: str, there: bytes, kind: str, more: bytes, as_kind: str
):
    lrs.send("POST", resource, there, headers={"Content-Type": kind}, **RESOURCES[resource])

    answer = lrs.send("POST", resource, more, headers={"Content-Type": as_kind}, **RESOURCES[resource])

    assert (answer.status_code, list(answer.get_json())) == (400, ["error"])
    assert get(lrs, resource).data == there


@pytest.mark.parametrize("resource", RESOURCES)
def test_whoever_has_not_seen_the_newest_changes_nothing(lrs: Program, resource: str):
    put(lrs, resource, {"a": 1})
    seen = get(lrs, resource).headers["ETag"]
    put(lrs, resource, {"a": 2}, seen=seen)

    late = {"If-Match": seen}
    refused = [
        lrs.send("PUT", resource, {"a": 3}, headers=late, **RESOURCES[resource]),
        lrs.send("POST", resource, {"a": 3}, headers=late, **RESOURCES[resource]),
        lrs.send("DELETE", resource, headers=late, **RESOURCES[resource]),
        lrs.send("PUT", resource, {"a": 3}, headers=ANY, **RESOURCES[resource]),
        lrs.send("DELETE", resource, headers=ANY, **RESOURCES[resource]),
    ]

    assert [answer.status_code for answer in refused] == [412] * 5
    assert get(lrs, resource).get_json() == {"a": 2}


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_etag_may_come_weak_in_a_list_or_without_quotes(lrs: Program, resource: str):
    put(lrs, resource, {"n": 0})
    for n, form in enumerate(['W/"{}"', '"x", "{}"', "{}", "*"]):
        seen = form.format(get(lrs, resource).headers["ETag"].strip('"'))
        assert put(lrs, resource, {"n": n + 1}, seen=seen).status_code == 204

    assert get(lrs, resource).get_json() == {"n": 4}


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_not_there_matches_nothing(lrs: Program, resource: str):
    assert put(lrs, resource, {}, seen='"x"').status_code == 412
    assert put(lrs, resource, {}, seen="*").status_code == 412
    assert get(lrs, resource).status_code == 404


@pytest.mark.parametrize("resource", RESOURCES)
def test_replacing_without_having_looked_is_a_conflict_that_says_what_to_do(lrs: Program, resource: str):
    put(lrs, resource, {"a": 1})

    answer = lrs.send("PUT", resource, {"a": 2}, **RESOURCES[resource])

    free = lrs.version == "1.0.3" and resource == "activities/state"
    assert answer.status_code == (204 if free else 409)
    assert free or "If-Match" in answer.get_json()["error"]
    assert get(lrs, resource).get_json() == {"a": 2 if free else 1}


@pytest.mark.parametrize(("resource", "status"), [("activities/state", 204), ("agents/profile", 400)])
def test_a_new_state_needs_no_condition_and_a_new_profile_does(lrs: Program, resource: str, status: int):
    assert lrs.send("PUT", resource, {}, **RESOURCES[resource]).status_code == status


@pytest.mark.parametrize("resource", RESOURCES)
def test_ids_are_listed_since_a_moment_too(lrs: Program, resource: str):
    name = "stateId" if resource == "activities/state" else "profileId"
    where = {key: value for key, value in RESOURCES[resource].items() if key != name}
    for minutes, each in enumerate(["zoe", "anna", "mia"]):
        with clock.moved_to(THEN + timedelta(minutes=minutes)):
            put(lrs, resource, {}, **{name: each})

    assert lrs.send("GET", resource, **where).get_json() == ["anna", "mia", "zoe"]
    assert lrs.send("GET", resource, **where, since="2026-11-23T09:00:00Z").get_json() == ["anna", "mia"]
    assert lrs.send("GET", resource, **where, since="2026-11-23T10:02:00%2B01:00").status_code == 400
    assert lrs.send("GET", resource, **where, since="soon").status_code == 400
    assert lrs.send("HEAD", resource, **where).status_code == 200


def test_states_belong_to_an_activity_an_agent_and_perhaps_a_registration(lrs: Program):
    where = "activities/state"
    put(lrs, where, {"n": 0})
    put(lrs, where, {"n": 1}, registration=REGISTRATION)
    put(lrs, where, {"n": 2}, agent=MAYA)
    put(lrs, where, {"n": 3}, activityId=COURSE)

    assert get(lrs, where).get_json() == {"n": 0}
    assert get(lrs, where, registration=REGISTRATION.upper()).get_json() == {"n": 1}
    lrs.send("DELETE", where, activityId=QUIZ, agent=LEO, registration=REGISTRATION)
    assert [get(lrs, where).status_code, get(lrs, where, registration=REGISTRATION).status_code] == [200, 404]
    lrs.send("DELETE", where, activityId=QUIZ, agent=LEO)
    assert get(lrs, where).status_code == 404
    assert [get(lrs, where, agent=MAYA).get_json(), get(lrs, where, activityId=COURSE).get_json()] == [
        {"n": 2},
        {"n": 3},
    ]


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_removed_is_gone_and_removing_it_again_is_fine(lrs: Program, resource: str):
    put(lrs, resource, {})

    assert lrs.send("DELETE", resource, **RESOURCES[resource]).status_code == 204
    assert lrs.send("DELETE", resource, **RESOURCES[resource]).status_code == 204
    assert get(lrs, resource).status_code == 404


@pytest.mark.parametrize(
    ("method", "resource", "query", "says"),
    [
        ("PUT", "activities/state", {"agent": LEO, "stateId": "x"}, "The parameter activityId must be given"),
        ("PUT", "activities/state", {"activityId": "quiz", "agent": LEO, "stateId": "x"}, "The parameter activityId"),
        ("PUT", "activities/state", {"activityId": QUIZ, "stateId": "x"}, "The parameter agent must be given"),
        ("PUT", "activities/state", {"activityId": QUIZ, "agent": "leo", "stateId": "x"}, "The parameter agent must"),
        ("PUT", "activities/state", {"activityId": QUIZ, "agent": LEO}, "The parameter stateId must be given."),
        ("POST", "activities/state", {"activityId": QUIZ, "agent": LEO}, "The parameter stateId must be given."),
        (
            "PUT",
            "activities/state",
            {"activityId": QUIZ, "agent": LEO, "stateId": "x", "registration": "y"},
            "The parameter registration must be a UUID.",
        ),
        (
            "PUT",
            "activities/state",
            {"activityId": QUIZ, "agent": LEO, "stateId": ""},
            "The parameter stateId must have",
        ),
        (
            "PUT",
            "activities/state",
            {"activityId": QUIZ, "agent": LEO, "stateId": "x" * 2001},
            "The parameter stateId must have",
        ),
        (
            "GET",
            "activities/state",
            {"activityId": QUIZ, "agent": LEO, "stateID": "x"},
            "There is no parameter stateID",
        ),
        (
            "GET",
            "activities/state",
            {"activityId": QUIZ, "agent": LEO, "stateId": "x", "since": "2026-11-23"},
            "There is no parameter since",
        ),
        ("PUT", "agents/profile", {"profileId": "x"}, "The parameter agent must be given"),
        ("PUT", "agents/profile", {"agent": LEO}, "The parameter profileId must be given."),
        ("DELETE", "agents/profile", {"agent": LEO}, "The parameter profileId must be given."),
        ("DELETE", "activities/profile", {"activityId": QUIZ}, "The parameter profileId must be given."),
        ("GET", "activities/profile", {"profileId": "x"}, "The parameter activityId must be given"),
        ("GET", "agents/profile", {"agent": {"objectType": "Group", "member": [LEO]}}, "The parameter agent must"),
    ],
)
def test_what_cannot_be_placed_is_refused(
    lrs: Program, session: Session, method: str, resource: str, query: dict[str, Any], says: str
):
    answer = lrs.send(method, resource, {} if method != "GET" else None, headers=ANY, **query)

    assert (answer.status_code, answer.get_json()["error"].startswith(says)) == (400, True), answer.text
    assert session.scalar(select(func.count()).select_from(Document)) == 0


@pytest.mark.parametrize("resource", RESOURCES)
def test_json_that_is_none_is_not_kept(lrs: Program, resource: str):
    answer = lrs.send(
        "PUT", resource, b"{'a': 1}", headers={**ANY, "Content-Type": "application/json"}, **RESOURCES[resource]
    )

    assert (answer.status_code, get(lrs, resource).status_code) == (400, 404)


@pytest.mark.parametrize(
    ("scopes", "resource", "reads", "writes"),
    [
        (["state"], "activities/state", 404, 204),
        (["state"], "agents/profile", 403, 403),
        (["profile"], "agents/profile", 404, 204),
        (["profile"], "activities/state", 403, 403),
        (["all/read"], "activities/profile", 404, 403),
        (["statements/read", "statements/write"], "activities/state", 403, 403),
        (["all"], "activities/profile", 404, 204),
    ],
)
def test_a_key_reaches_the_documents_that_its_scopes_name(
    client: FlaskClient, session: Session, store: Store, scopes: list[str], resource: str, reads: int, writes: int
):
    lrs = program(client, session, store, scopes=scopes)

    assert (get(lrs, resource).status_code, put(lrs, resource, {}).status_code) == (reads, writes)


def test_a_key_of_a_course_reaches_no_documents(client: FlaskClient, session: Session, store: Store):
    lrs = program(client, session, store, course=COURSE)

    assert [get(lrs, resource).status_code for resource in RESOURCES] == [403] * 3


@pytest.mark.parametrize("resource", RESOURCES)
def test_another_stores_documents_are_not_there(
    client: FlaskClient, session: Session, store: Store, other_store: Store, resource: str
):
    ours, theirs = program(client, session, store), program(client, session, other_store)
    put(ours, resource, {"ours": True})

    assert get(theirs, resource).status_code == 404
    assert put(theirs, resource, {"theirs": True}).status_code == 204
    assert theirs.send("DELETE", resource, **RESOURCES[resource]).status_code == 204
    assert get(ours, resource).get_json() == {"ours": True}
