"""Statements told from outside: one, many, again, otherwise; in both versions and in a form."""

import json
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.xapi.lrs.replaying import basic
from tests.xapi.lrs.telling import COURSE, LEO, MAYA, OTHER_COURSE, QUIZ, activity, id_of, keep, names, told, voiding
from tests.xapi.lrs.visitors import Program, program
from tests.xapi.samples import BASE
from xapi.lrs.models import Store, StoredStatement

VERSIONS = ("1.0.3", "2.0.0")


@pytest.fixture(params=VERSIONS)
def lrs(client: FlaskClient, session: Session, store: Store, request: pytest.FixtureRequest) -> Program:
    return program(client, session, store, version=request.param)


def stored(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StoredStatement)) or 0


def test_a_statement_that_was_told_is_read_as_it_was_told(lrs: Program):
    answer = lrs.send("POST", "statements", BASE)

    assert (answer.status_code, answer.get_json()) == (200, [BASE["id"]])
    read = lrs.send("GET", "statements", statementId=BASE["id"])
    said = read.get_json()
    assert {name: said[name] for name in BASE} == BASE
    assert said.keys() - BASE.keys() == {"stored", "authority", "version"}
    assert said["authority"] == {
        "objectType": "Agent",
        "account": {"homePage": "http://localhost:8000", "name": lrs.key[0]},
    }
    assert said["version"] == {"1.0.3": "1.0.0", "2.0.0": "2.0.0"}[lrs.version]
    assert read.headers["Last-Modified"].endswith(" GMT")


def test_what_is_told_without_id_gets_one(lrs: Program):
    nameless = {name: value for name, value in told("one").items() if name != "id"}

    [first, second] = lrs.tell(nameless, nameless).get_json()

    assert first != second
    assert str(uuid.UUID(first)) == first
    assert len(lrs.read()) == 2


def test_a_time_that_is_missing_is_when_it_was_stored(lrs: Program):
    timeless = {name: value for name, value in told("one").items() if name != "timestamp"}

    lrs.tell(timeless)

    [said] = lrs.read()
    assert said["timestamp"] == said["stored"]


@pytest.mark.parametrize(
    ("told_at", "kept"),
    [
        ("2026-11-22T12:00:00.1234567+05:30", "2026-11-22T06:30:00.1234567Z"),
        ("2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00Z"),
        ("2026-11-22T12:00:00.120Z", "2026-11-22T12:00:00.120Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_xapi_2_0_keeps_times_in_utc_and_1_0_3_as_they_came(
    client: FlaskClient, session: Session, store: Store, told_at: str, kept: str
):
    for version, name in (("1.0.3", "old"), ("2.0.0", "new")):
        program(client, session, store, version=version).tell(told(name, timestamp=told_at))

    read = program(client, session, store).read()
    assert [statement["timestamp"] for statement in read] == [kept, told_at]


def test_telling_again_is_fine_and_telling_otherwise_is_a_conflict(lrs: Program, session: Session):
    assert lrs.tell(told("one")).status_code == 200

    assert lrs.tell(told("two"), told("one")).status_code == 200
    answer = lrs.tell(told("three"), told("one", verb="passed"))

    assert (answer.status_code, answer.get_json()) == (
        409,
        {"error": f"Another statement is stored under the id {id_of('one')}."},
    )
    assert names(lrs.read()) == ["two", "one"]


def test_one_bad_statement_of_a_batch_keeps_all_out_and_is_named(lrs: Program, session: Session):
    answer = lrs.tell(told("one"), {**told("two"), "verb": {"id": "answered"}}, told("three"))

    assert (answer.status_code, answer.get_json()) == (
        400,
        {"error": "Statement 2 of 3: verb.id: must be an IRI with a scheme."},
    )
    assert stored(session) == 0


def test_put_names_the_id(lrs: Program):
    nameless = {name: value for name, value in told("one").items() if name != "id"}

    assert lrs.send("PUT", "statements", nameless, statementId=id_of("one").upper()).status_code == 204
    assert lrs.send("PUT", "statements", told("one"), statementId=id_of("one")).status_code == 204
    assert lrs.send("PUT", "statements", told("one"), statementId=id_of("two")).status_code == 400
    assert lrs.send("PUT", "statements", [told("one")], statementId=id_of("one")).status_code == 400
    assert lrs.send("PUT", "statements", told("one")).status_code == 400
    assert lrs.send("PUT", "statements", told("one", verb="passed"), statementId=id_of("one")).status_code == 409
    assert names(lrs.read()) == ["one"]


def test_the_same_id_twice_in_a_batch_is_refused_in_2_0_and_told_once_in_1_0_3(
    client: FlaskClient, session: Session, store: Store
):
    old, new = (program(client, session, store, version=version) for version in VERSIONS)

    refused = new.tell(told("one"), told("one"))
    taken = old.tell(told("one"), told("one"))

    assert (refused.status_code, refused.get_json()) == (
        400,
        {"error": "Two statements of one request have the same id."},
    )
    assert (taken.status_code, taken.get_json()) == (200, [id_of("one")] * 2)
    assert stored(session) == 1


def test_people_in_the_context_are_of_2_0_alone(client: FlaskClient, session: Session, store: Store):
    old, new = (program(client, session, store, version=version) for version in VERSIONS)
    company = {"contextAgents": [{"objectType": "contextAgent", "agent": MAYA}]}
    statement = {**told("one"), "context": company}

    assert old.tell(statement).status_code == 400
    assert new.tell(statement).status_code == 200
    assert names(new.read(agent=MAYA, related_agents=True)) == ["one"]


def test_both_versions_stand_on_one_store(client: FlaskClient, session: Session, store: Store):
    old, new = (program(client, session, store, version=version) for version in VERSIONS)

    old.tell(told("one"))
    new.tell(told("two"))

    assert names(old.read()) == names(new.read()) == ["two", "one"]


def test_a_voiding_statement_hides_another(lrs: Program):
    lrs.tell(told("wrong"), told("right"))

    assert lrs.tell(voiding("voiding", "wrong")).status_code == 200

    assert names(lrs.read()) == ["voiding", "right"]
    assert lrs.send("GET", "statements", statementId=id_of("wrong")).status_code == 404
    assert lrs.send("GET", "statements", voidedStatementId=id_of("wrong")).status_code == 200


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        (["statements/write"], 200),
        (["all"], 200),
        (["statements/read"], 403),
        (["all/read", "state", "profile", "define"], 403),
        ([], 403),
    ],
)
def test_a_key_writes_what_its_scopes_allow(
    client: FlaskClient, session: Session, store: Store, scopes: list[str], status: int
):
    writer = program(client, session, store, scopes=scopes)

    assert writer.tell(told("one")).status_code == status
    assert stored(session) == (status == 200)


def test_a_key_may_read_what_it_wrote_and_nothing_else(client: FlaskClient, session: Session, store: Store):
    keep(session, store, told("ours"), told("ours too"))
    one = program(client, session, store, scopes=["statements/write", "statements/read/mine"])
    other = program(client, session, store)

    one.tell(told("mine"), told("about ours", actor=MAYA, object={"objectType": "StatementRef", "id": id_of("ours")}))
    other.tell(told("theirs"))

    assert names(one.read()) == ["about ours", "mine"]
    assert names(one.read(agent=LEO)) == ["mine"]
    assert one.send("GET", "statements", statementId=id_of("ours")).status_code == 404
    assert one.send("GET", "statements", statementId=id_of("mine")).status_code == 200


def grouped(name: str, iri: str, **parts: Any) -> dict[str, Any]:
    return told(name, context={"contextActivities": {"grouping": [activity(iri)]}}, **parts)


def test_a_key_of_a_course_writes_to_that_course_only(client: FlaskClient, session: Session, store: Store):
    teacher = program(client, session, store, course=COURSE)

    assert teacher.tell(grouped("ours", COURSE), told("entered", object=activity(COURSE))).status_code == 200
    for outside in (grouped("theirs", OTHER_COURSE), told("of none")):
        answer = teacher.tell(grouped("fine", COURSE), outside)
        assert (answer.status_code, answer.get_json()) == (
            403,
            {"error": "This credential is for one course: every statement must be about it or grouped under it."},
        )
    assert names(teacher.read()) == ["entered", "ours"]


def test_a_key_of_a_course_voids_in_that_course_only(client: FlaskClient, session: Session, store: Store):
    keep(session, store, grouped("ours", COURSE), grouped("theirs", OTHER_COURSE))
    teacher = program(client, session, store, course=COURSE)

    def void(name: str, target: str) -> int:
        reference = {"objectType": "StatementRef", "id": id_of(target)}
        return teacher.tell(grouped(name, COURSE, verb="voided", object=reference)).status_code

    assert [void("a", "theirs"), void("b", "not yet told"), void("c", "ours")] == [403, 403, 200]
    assert names(program(client, session, store).read()) == ["c", "theirs"]


def test_another_stores_key_reaches_nothing(client: FlaskClient, session: Session, store: Store, other_store: Store):
    ours, theirs = program(client, session, store), program(client, session, other_store)
    ours.tell(told("one"))

    assert theirs.tell(told("one", verb="passed")).status_code == 200
    assert theirs.tell(voiding("voiding", "one")).status_code == 200

    assert names(ours.read()) == ["one"]
    assert names(theirs.read()) == ["voiding"]
    assert ours.send("GET", "statements", statementId=id_of("voiding")).status_code == 404


# In a form: xAPI 1.0.3 only.


def form(old: Program, method: str, resource: str = "statements", **fields: str) -> Any:
    said = {"Authorization": basic(*old.key), "X-Experience-API-Version": "1.0.3", **fields}
    return old.client.post(
        f"/lrs/1.0.3/{resource}?method={method}",
        data=urlencode({name.replace("_", "-") if name[0].isupper() else name: said[name] for name in said}),
        content_type="application/x-www-form-urlencoded",
    )


def test_a_form_may_stand_for_any_request_of_1_0_3(client: FlaskClient, session: Session, store: Store):
    old = program(client, session, store)
    put = form(old, "PUT", statementId=id_of("one"), content=json.dumps(told("one")))
    got = form(old, "GET", verb="http://adlnet.gov/expapi/verbs/answered")
    posted = form(old, "POST", content=json.dumps(told("two")), Content_Type="application/json")

    assert (put.status_code, posted.status_code, posted.get_json()) == (204, 200, [id_of("two")])
    assert names(got.get_json()["statements"]) == ["one"]


def test_a_form_may_carry_documents_and_conditions(client: FlaskClient, session: Session, store: Store):
    old = program(client, session, store)
    where = {"activityId": QUIZ, "agent": json.dumps(LEO), "stateId": "bookmark"}

    assert form(old, "PUT", "activities/state", **where, content="page 7", Content_Type="text/plain").status_code == 204
    read = form(old, "GET", "activities/state", **where)
    assert (read.text, read.mimetype) == ("page 7", "text/plain")
    assert form(old, "DELETE", "activities/state", **where, If_Match='"x"').status_code == 412
    assert form(old, "DELETE", "activities/state", **where).status_code == 204


@pytest.mark.parametrize(
    ("query", "content_type", "body", "says"),
    [
        ("method=PUT&statementId=1", None, "content=x", "Beside method, parameters go into the form."),
        ("method=put", None, "content=x", "The parameter method must be one of"),
        ("method=PUT&method=PUT", None, "content=x", "The parameter method must be one of"),
        ("method=PUT", "application/json", "{}", "With the parameter method, send a form"),
        ("method=PUT", None, "statementId=x", "The form needs one field named content"),
        ("method=PUT", None, "content=%ff", "The form is not well-formed."),
        ("method=PUT", None, "a=1&" * 200 + "content=x", "The form is not well-formed."),
        ("method=GET", None, "If-Match=a%0d%0ab", "The field If-Match must be one line of text, given once."),
        ("method=GET", None, "verb=%00", "No parameter may hold a NUL character."),
    ],
)  # fmt: skip
def test_a_form_that_is_none_is_refused(
    client: FlaskClient, session: Session, store: Store, query: str, content_type: str | None, body: str, says: str
):
    old = program(client, session, store)

    answer = client.post(
        f"/lrs/1.0.3/statements?{query}",
        data=body,
        content_type=content_type or "application/x-www-form-urlencoded",
        headers={"X-Experience-API-Version": "1.0.3"},
        auth=old.key,
    )

    assert (answer.status_code, answer.get_json()["error"].startswith(says)) == (400, True), answer.text
    assert stored(session) == 0


def test_xapi_2_0_knows_no_forms(client: FlaskClient, session: Session, store: Store):
    new = program(client, session, store, version="2.0.0")

    answer = new.send("POST", "statements?method=PUT", told("one"))

    assert (answer.status_code, answer.get_json()) == (400, {"error": "There is no parameter method here."})
