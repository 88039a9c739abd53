"""The embedded LRS as a consumer meets it: credentials, headers, parameters, forms of answer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock
from tests.xapi.lrs.conftest import THEN
from tests.xapi.lrs.telling import (
    AUTHORITY,
    COURSE,
    LEO,
    MAYA,
    OTHER_COURSE,
    QUIZ,
    VERBS,
    activity,
    id_of,
    keep,
    names,
    told,
    voiding,
)
from xapi.lrs import credentials
from xapi.lrs.models import Credential, Store

STATEMENTS = "/lrs/1.0.3/statements"
VERSION = {"X-Experience-API-Version": "1.0.3"}
VERSION_2 = {"X-Experience-API-Version": "2.0.0"}


@pytest.fixture
def key(session: Session, store: Store) -> tuple[str, str]:
    issued = credentials.issue(session, store, label="Reports", at=THEN)
    session.commit()
    return issued


def get(client: FlaskClient, key: tuple[str, str], path: str = STATEMENTS, **parameters: Any) -> TestResponse:
    query = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in parameters.items()}
    return client.get(path, query_string=query or None, auth=key, headers=VERSION)


def test_a_consumer_reads_statements_with_key_and_secret(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    statement = told("one")
    keep(session, store, statement, told("two"))

    answer = get(client, key)

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert names(answer.get_json()["statements"]) == ["two", "one"]
    assert answer.get_json()["more"] == ""
    assert answer.get_json()["statements"][1] == {
        **statement,
        "stored": "2026-11-23T09:00:00.000000Z",
        "authority": AUTHORITY,
        "version": "1.0.0",
    }


def test_one_statement_is_given_out_by_itself(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, told("wrong"), voiding("voiding", "wrong"))

    assert names([get(client, key, statementId=id_of("voiding")).get_json()]) == ["voiding"]
    assert names([get(client, key, voidedStatementId=id_of("wrong")).get_json()]) == ["wrong"]
    assert get(client, key, statementId=id_of("wrong")).status_code == 404
    assert get(client, key, statementId=id_of("wrong")).get_json() == {"error": "There is no such statement."}


def test_every_answer_names_the_version_and_up_to_when_it_is_complete(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, told("one"))

    with clock.moved_to(THEN + timedelta(hours=1)):
        answers = [get(client, key), get(client, key, foo="bar"), client.get(STATEMENTS), client.post(STATEMENTS)]

    assert [answer.status_code for answer in answers] == [200, 400, 401, 401]
    assert [answer.headers["X-Experience-API-Version"] for answer in answers] == ["1.0.3"] * 4
    assert [answer.headers["X-Experience-API-Consistent-Through"] for answer in answers] == [
        "2026-11-23T09:59:59.000000Z"
    ] * 4


def test_what_has_been_stored_just_now_counts_as_complete(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, told("one"), told("two"), at=THEN)

    with clock.moved_to(THEN):
        answer = get(client, key)

    assert answer.headers["X-Experience-API-Consistent-Through"] == "2026-11-23T09:00:00.000001Z"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic:bm9ib2R5OnNlY3JldA==",
        "Basic bm9ib2R5",
        "Basic bm9ib2R5OnNlY3JldA==",
        "Basic /////w==",
        "Basic AAAAOgAA",
        "Bearer abc",
        "Digest username=x",
    ],
)
def test_without_good_credentials_nothing_is_given_out(client: FlaskClient, store: Store, header: str | None):
    headers = VERSION if header is None else {**VERSION, "Authorization": header}

    answer = client.get(STATEMENTS, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="Learning record store"')
    assert list(answer.get_json()) == ["error"]


def test_key_and_secret_belong_together(client: FlaskClient, session: Session, store: Store, key: tuple[str, str]):
    other = credentials.issue(session, store, label="Other", at=THEN)
    session.commit()

    tried = [(key[0], other[1]), (key[0], ""), ("", key[1]), (key[0].upper(), key[1]), (key[0], key[1] + " ")]

    assert [get(client, wrong).status_code for wrong in tried] == [401] * 5
    assert get(client, other).status_code == 200


def test_a_revoked_key_reads_nothing(client: FlaskClient, session: Session, key: tuple[str, str]):
    assert credentials.revoke(session, key[0], at=THEN)
    session.commit()

    assert get(client, key).status_code == 401
    assert not credentials.revoke(session, key[0], at=THEN)
    assert not credentials.revoke(session, "nobody", at=THEN)


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        (["statements/read"], 200),
        (["all/read"], 200),
        (["all"], 200),
        (["statements/write", "statements/read"], 200),
        (["statements/write"], 403),
        (["state"], 403),
        (["all/read", "state"], 200),
        (["profile"], 403),
        ([], 403),
    ],
)
def test_a_key_reads_what_its_scopes_allow(
    client: FlaskClient, session: Session, store: Store, scopes: list[str], status: int
):
    key = credentials.issue(session, store, label="Scoped", at=THEN, scopes=scopes)
    session.commit()

    assert get(client, key).status_code == status


def test_a_key_reads_its_own_store_only(client: FlaskClient, session: Session, store: Store, other_store: Store):
    keep(session, store, told("ours", id=id_of("same")))
    keep(session, other_store, told("theirs", id=id_of("same")), told("secret"))
    key = credentials.issue(session, store, label="Ours", at=THEN)
    session.commit()

    assert names(get(client, key).get_json()["statements"]) == ["ours"]
    assert names(get(client, key, agent=LEO).get_json()["statements"]) == ["ours"]
    assert names([get(client, key, statementId=id_of("same")).get_json()]) == ["ours"]
    assert get(client, key, statementId=id_of("secret")).status_code == 404


def test_a_key_of_a_course_reads_that_course_only(client: FlaskClient, session: Session, store: Store):
    def grouped(iri: str) -> dict[str, Any]:
        return {"contextActivities": {"grouping": [activity(iri)]}}

    keep(session, store, told("ours", context=grouped(COURSE)), told("theirs", context=grouped(OTHER_COURSE)))
    key = credentials.issue(session, store, label="One course", at=THEN, course=COURSE)
    session.commit()

    assert names(get(client, key).get_json()["statements"]) == ["ours"]
    assert names(get(client, key, agent=LEO, verb=VERBS + "answered").get_json()["statements"]) == ["ours"]
    assert get(client, key, statementId=id_of("theirs")).status_code == 404
    assert get(client, key, activity=OTHER_COURSE, related_activities="true").get_json()["statements"] == []


@pytest.mark.parametrize(("version", "status"), [
    ("1.0", 200), ("1.0.0", 200), ("1.0.3", 200), ("1.0.9", 200),
    ("", 400), ("0.9", 400), ("0.95", 400), ("1", 400), ("1.1.0", 400), ("2.0.0", 400), ("1.0.x", 400),
])  # fmt: skip
def test_the_version_header_must_say_1_0(client: FlaskClient, key: tuple[str, str], version: str, status: int):
    answer = client.get(STATEMENTS, auth=key, headers={"X-Experience-API-Version": version})

    assert answer.status_code == status
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"


def test_without_version_header_a_reader_is_told_what_to_send(client: FlaskClient, key: tuple[str, str]):
    answer = client.get(STATEMENTS, auth=key)

    assert (answer.status_code, answer.get_json()) == (
        400,
        {"error": "Send the header X-Experience-API-Version: 1.0.3."},
    )


def test_a_question_that_cannot_be_answered_is_a_400_that_says_why(client: FlaskClient, key: tuple[str, str]):
    answers = [get(client, key, LIMIT="1"), get(client, key, agent="[" * 5000), get(client, key, verb="")]

    assert [(answer.status_code, answer.get_json()) for answer in answers] == [
        (400, {"error": "There is no parameter LIMIT; did you mean limit?"}),
        (400, {"error": "The parameter agent must be a JSON object of an agent or an identified group."}),
        (400, {"error": "The parameter verb must be an IRI."}),
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"agent": '{"account": {"homePage": "https://e.org", "name": "\\u0000 \' \\" % _ 🙂"}}'},
        {"agent": '{"account": {"homePage": "https://e.org", "name": "%s"}}' % ("x" * 20000)},
        {"activity": "https://e.org/'--%27;DROP"},
        {"verb": "https://e.org/" + "é" * 10000},
        {"since": "0001-01-01T00:00:00+23:59", "until": "9999-12-31T23:59:59-23:59"},
        {"cursor": "9" * 18},
        {"cursor": "0"},
        {"limit": "9" * 18, "cursor": "9" * 18, "ascending": "true"},
    ],
)
def test_strange_but_legal_questions_find_nothing(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str], query: dict[str, str]
):
    keep(session, store, told("one", actor=MAYA), at=datetime(1, 1, 1, tzinfo=UTC))
    expected = ["one"] if query.keys() & {"until"} or query == {"cursor": "9" * 18} else []

    answer = client.get(STATEMENTS, query_string=query, auth=key, headers=VERSION)

    assert (answer.status_code, names(answer.get_json()["statements"])) == (200, expected)


def test_the_more_link_asks_the_same_again_until_nothing_is_left(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, *(told(name) for name in "abc"), told("x", actor=MAYA), *(told(name) for name in "de"))

    first = get(client, key, agent=LEO, limit="2", since="2026-11-23T10:00:00+02:00", format="ids")
    keep(session, store, told("f"))
    second = get(client, key, path=first.get_json()["more"])
    third = get(client, key, path=second.get_json()["more"])

    read = [names(page.get_json()["statements"]) for page in (first, second, third)]
    assert read == [["e", "d"], ["c", "b"], ["a"]]
    assert third.get_json()["more"] == ""
    assert first.get_json()["more"].startswith("/lrs/1.0.3/statements?")
    assert [statement["actor"] for statement in third.get_json()["statements"]] == [LEO]


def test_a_more_link_opens_only_with_a_credential_and_only_its_store(
    client: FlaskClient, session: Session, store: Store, other_store: Store, key: tuple[str, str]
):
    keep(session, store, told("a"), told("b"))
    keep(session, other_store, told("theirs"))
    theirs = credentials.issue(session, other_store, label="Theirs", at=THEN)
    session.commit()
    more = get(client, key, limit="1").get_json()["more"]

    assert client.get(more, headers=VERSION).status_code == 401
    assert names(get(client, theirs, path=more).get_json()["statements"]) == ["theirs"]


def test_a_more_link_knows_under_which_path_the_tool_is_served(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, told("a"), told("b"))

    answer = client.get(STATEMENTS + "?limit=1", auth=key, headers=VERSION, environ_overrides={"SCRIPT_NAME": "/tool"})

    assert answer.get_json()["more"] == "/tool/lrs/1.0.3/statements?limit=1&cursor=2"


def rich() -> dict[str, Any]:
    definition = {
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "name": {"en-US": "Colour", "fr-FR": "Couleur"},
        "description": {},
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"en-US": "Red", "fr-FR": "Rouge"}}, {"id": "b"}],
    }
    return told(
        "rich",
        actor={**LEO, "name": "Leo"},
        verb={"id": VERBS + "answered", "display": {"de": "beantwortete", "en-GB": "answered", "fr": "a répondu"}},
        object={"objectType": "Activity", "id": QUIZ, "definition": definition},
        context={
            "instructor": {"objectType": "Group", "member": [{**MAYA, "name": "Maya"}]},
            "team": {"objectType": "Group", "mbox": "mailto:crew@e.org", "name": "Crew", "member": [LEO]},
            "contextActivities": {
                "parent": [{"id": COURSE, "definition": {"name": {"fr-FR": "Cours", "en-US": "Course"}}}]
            },
        },
    )


def test_the_form_ids_keeps_only_what_identifies(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, rich())

    [statement] = get(client, key, format="ids").get_json()["statements"]

    assert {name: statement[name] for name in ("actor", "verb", "object", "context", "authority")} == {
        "actor": LEO,
        "verb": {"id": VERBS + "answered"},
        "object": {"id": QUIZ},
        "context": {
            "instructor": {"objectType": "Group", "member": [MAYA]},
            "team": {"objectType": "Group", "mbox": "mailto:crew@e.org"},
            "contextActivities": {"parent": [{"id": COURSE}]},
        },
        "authority": AUTHORITY,
    }
    assert statement["result"] == {"response": "rich"}


def test_the_form_ids_reaches_into_sub_statements(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    inner = {name: value for name, value in rich().items() if name in ("actor", "verb", "context")}
    keep(session, store, told("outer", object={**inner, "objectType": "SubStatement", "object": {**MAYA, "name": "M"}}))

    statement = get(client, key, format="ids", statementId=id_of("outer")).get_json()

    assert statement["object"] == {
        "objectType": "SubStatement",
        "actor": LEO,
        "verb": {"id": VERBS + "answered"},
        "object": MAYA,
        "context": {
            "instructor": {"objectType": "Group", "member": [MAYA]},
            "team": {"objectType": "Group", "mbox": "mailto:crew@e.org"},
            "contextActivities": {"parent": [{"id": COURSE}]},
        },
    }


@pytest.mark.parametrize(
    ("asked", "verb", "name", "choice", "parent"),
    [
        ("fr", {"fr": "a répondu"}, {"fr-FR": "Couleur"}, {"fr-FR": "Rouge"}, {"fr-FR": "Cours"}),
        ("fr-FR, en;q=0.5", {"fr": "a répondu"}, {"fr-FR": "Couleur"}, {"fr-FR": "Rouge"}, {"fr-FR": "Cours"}),
        ("de", {"de": "beantwortete"}, {"en-US": "Colour"}, {"en-US": "Red"}, {"en-US": "Course"}),
        ("ja", {"en-GB": "answered"}, {"en-US": "Colour"}, {"en-US": "Red"}, {"en-US": "Course"}),
        ("", {"en-GB": "answered"}, {"en-US": "Colour"}, {"en-US": "Red"}, {"en-US": "Course"}),
    ],
)  # fmt: skip
def test_the_form_canonical_speaks_one_language(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str], asked: str,
    verb: dict[str, str], name: dict[str, str], choice: dict[str, str], parent: dict[str, str],
):  # fmt: skip
    keep(session, store, rich())

    answer = client.get(STATEMENTS + "?format=canonical", auth=key, headers={**VERSION, "Accept-Language": asked})

    [statement] = answer.get_json()["statements"]
    definition = statement["object"]["definition"]
    assert statement["verb"]["display"] == verb
    assert (definition["name"], definition["description"]) == (name, {})
    assert definition["choices"] == [{"id": "a", "description": choice}, {"id": "b"}]
    assert statement["context"]["contextActivities"]["parent"][0]["definition"]["name"] == parent
    assert statement["actor"] == {**LEO, "name": "Leo"}


def test_the_form_exact_keeps_all_languages_whatever_the_reader_speaks(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, rich())

    for query in ("", "?format=exact"):
        answer = client.get(STATEMENTS + query, auth=key, headers={**VERSION, "Accept-Language": "fr"})
        assert answer.get_json()["statements"][0]["verb"] == rich()["verb"]
        assert answer.get_json()["statements"][0]["object"] == rich()["object"]


def test_with_attachments_asked_for_the_answer_has_parts(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, told("one"))

    whole = get(client, key, attachments="true")
    single = get(client, key, attachments="true", statementId=id_of("one"))
    plain = get(client, key, attachments="false")

    boundary = whole.headers["Content-Type"].removeprefix("multipart/mixed; boundary=")
    head, _, rest = whole.text.partition("\r\n\r\n")
    assert head == f"--{boundary}\r\nContent-Type: application/json"
    assert rest.endswith(f"\r\n--{boundary}--\r\n")
    assert json.loads(rest.removesuffix(f"\r\n--{boundary}--\r\n")) == plain.get_json()
    assert single.mimetype == "multipart/mixed"
    assert plain.mimetype == "application/json"


def test_head_answers_like_get_without_a_body(
    client: FlaskClient, session: Session, store: Store, key: tuple[str, str]
):
    keep(session, store, told("one"))

    with clock.moved_to(THEN):
        got = get(client, key)
        headed = client.head(STATEMENTS, auth=key, headers=VERSION)
        refused = client.head(STATEMENTS + "?foo=bar", auth=key, headers=VERSION)

    assert (headed.status_code, headed.data, refused.status_code) == (200, b"", 400)
    assert dict(headed.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("path", "methods", "allowed"),
    [
        ("statements", ["DELETE", "PATCH"], "GET, HEAD, POST, PUT"),
        ("activities", ["POST", "PUT", "DELETE", "PATCH"], "GET, HEAD"),
        ("agents", ["POST", "PUT", "DELETE", "PATCH"], "GET, HEAD"),
        ("about", ["POST", "PUT", "DELETE", "PATCH"], "GET, HEAD"),
        ("activities/state", ["PATCH"], "DELETE, GET, HEAD, POST, PUT"),
    ],
)  # fmt: skip
def test_what_a_resource_does_not_take_is_refused_and_the_rest_is_named(
    client: FlaskClient, key: tuple[str, str], path: str, methods: list[str], allowed: str
):
    for method in methods:
        answer = client.open(
            f"/lrs/2.0.0/{path}", method=method, auth=key, headers={"X-Experience-API-Version": "2.0.0"}
        )

        assert (answer.status_code, list(answer.get_json())) == (405, ["error"])
        assert ", ".join(sorted(answer.headers["Allow"].split(", "))) == allowed


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD"])
@pytest.mark.parametrize("path", [
    "/lrs/", "/lrs/1.0.3", "/lrs/1.0.3/", "/lrs/1.0.3/states", "/lrs/1.0.3/statements/", "/lrs/1.0.0/statements",
])  # fmt: skip
def test_elsewhere_is_nothing(client: FlaskClient, key: tuple[str, str], method: str, path: str):
    answer = client.open(path, method=method, auth=key, headers=VERSION)

    assert (answer.status_code, answer.mimetype) == (404, "application/json")


def test_about_tells_the_version_to_everybody(client: FlaskClient):
    answer = client.get("/lrs/1.0.3/about")

    assert (answer.status_code, answer.get_json()) == (200, {"version": ["1.0.3"]})
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert client.get("/lrs/1.0.3/about?foo=bar").status_code == 400


def test_no_cookie_is_set_and_none_is_read(client: FlaskClient, key: tuple[str, str]):
    client.set_cookie("mentoring", "x" * 40)

    answers = [get(client, key), client.get(STATEMENTS), client.get("/lrs/1.0.3/about"), client.post(STATEMENTS)]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * 4
    assert ["Cookie" in answer.headers.get("Vary", "") for answer in answers] == [False] * 4
    assert get(client, key).headers["Cache-Control"] == "no-store"


def test_an_unexpected_error_is_told_in_json_without_details(
    client: FlaskClient, key: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("xapi.lrs.reading.find", fail)

    answer = get(client, key)

    assert (answer.status_code, answer.get_json()) == (
        500,
        {"error": "Something broke on our side. Try again in a moment."},
    )


def test_secrets_are_kept_as_hashes_only(session: Session, store: Store, key: tuple[str, str]):
    admitted = credentials.admit(session, *key)
    credential = session.scalars(select(Credential)).one()

    assert admitted is not None
    assert (admitted.store.id, admitted.key) == (store.id, key[0])
    assert key[1] not in [getattr(credential, column.name) for column in Credential.__table__.columns]
    assert len(key[1]) == 43


@pytest.mark.parametrize("said", ["Basic \xff", "Basic", "Basic /w==", "Basic AAA6AAA=", "Bearer \xff"])
def test_a_damaged_credential_is_refused_like_a_wrong_one(client: FlaskClient, said: str):
    answer = client.get(STATEMENTS, headers={**VERSION, "Authorization": said})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
