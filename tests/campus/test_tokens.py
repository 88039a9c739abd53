"""The token endpoint gives a token to a client that proves itself, and to nobody else."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from campus.services import LINE_ITEM, LINE_ITEM_READ, ROSTER, SCOPES, SCORE
from campus.testing import CampusInHand
from tests.campus.fake_tool import KEY, OTHER_KEY, THEN, Clock, FakeTool, ask_token, assertion, bearer

NOW = int(THEN.timestamp())


@pytest.mark.parametrize(
    ("flavor", "media_type"),
    [
        ("strict", "application/json"),
        ("moodle", "text/html; charset=utf-8"),
        ("canvas", "application/json; charset=utf-8"),
    ],
)
def test_a_right_assertion_brings_a_token(campus: CampusInHand, flavor: str, media_type: str) -> None:
    campus.set_flavor(flavor)

    response = ask_token(campus, assertion(campus), scope=f"{ROSTER} {SCORE}")

    body = json.loads(response.data)
    token = body.pop("access_token")
    assert (response.status_code, response.headers["Content-Type"]) == (200, media_type)
    assert response.headers["Cache-Control"] == "no-store"
    assert body == {"token_type": "Bearer", "expires_in": 3600, "scope": f"{ROSTER} {SCORE}"}
    assert token not in {row["hash"] for row in campus.here.store.all("SELECT hash FROM tokens")}


FORM = {
    "no grant type": ({"grant_type": ""}, "unsupported_grant_type", "grant_type is not client_credentials"),
    "another grant": (
        {"grant_type": "password"},
        "unsupported_grant_type",
        "grant_type is not client_credentials",
    ),
    "another assertion type": (
        {"client_assertion_type": "jwt"},
        "invalid_request",
        "client_assertion_type is not urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    ),
    "no scope": ({"scope": ""}, "invalid_scope", "scope “” is not what this client may have"),
    "a scope too many": (
        {"scope": f"{SCORE} more"},
        "invalid_scope",
        f"scope “{SCORE} more” is not what this client may have",
    ),
}


@pytest.mark.parametrize(("changes", "error", "reason"), FORM.values(), ids=FORM)
def test_a_wrong_form_is_refused(campus: CampusInHand, changes: dict[str, str], error: str, reason: str) -> None:
    response = ask_token(campus, assertion(campus), **changes)

    assert (response.status_code, response.get_json()) == (400, {"error": error, "error_description": reason})
    assert campus.refusals() == [reason]


def test_a_missing_field_a_json_body_and_a_query_are_refused(campus: CampusInHand) -> None:
    client = campus.app.test_client()

    answers = [
        client.post("/oauth/token", data={"grant_type": "client_credentials"}),
        client.post("/oauth/token", json={"grant_type": "client_credentials"}),
        client.post("/oauth/token?grant_type=client_credentials", data={"scope": SCORE}),
    ]

    assert [(answer.status_code, answer.get_json()) for answer in answers] == [
        (400, {"error": "invalid_request", "error_description": reason})
        for reason in (
            "client_assertion_type is missing or there more than once",
            "the body is not application/x-www-form-urlencoded",
            "parameters belong in the body, not in the address",
        )
    ]


DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
LONG = {"iat": NOW, "exp": NOW + 301}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "other"}, "iss of the assertion is not the client_id"),
    "no issuer": ({"without": "iss"}, "iss of the assertion is not the client_id"),
    "another subject": ({"sub": "other"}, "sub of the assertion is not the client_id"),
    "no audience": ({"without": "aud"}, "aud of the assertion is not http://localhost:8001/oauth/token"),
    "the issuer as audience": (
        {"aud": "http://localhost:8001"},
        "aud of the assertion is not http://localhost:8001/oauth/token",
    ),
    "two audiences": (
        {"aud": ["http://localhost:8001/oauth/token", "http://other"]},
        "aud of the assertion names several audiences",
    ),
    "no exp": ({"without": "exp"}, "exp of the assertion is missing or no number"),
    "exp as text": ({"exp": "tomorrow"}, "exp of the assertion is missing or no number"),
    "no iat": ({"without": "iat"}, "iat of the assertion is missing or no number"),
    "expired": ({"iat": NOW - 120, "exp": NOW - 60}, "the assertion has expired"),
    "from the future": ({"iat": NOW + 60, "exp": NOW + 120}, "the assertion was issued in the future"),
    "too long": (LONG, "the assertion lives too long"),
    "no jti": ({"without": "jti"}, "the assertion has no jti"),
    "an empty jti": ({"jti": ""}, "the assertion has no jti"),
    "another deployment": ({DEPLOYMENT: "2"}, "the assertion names a deployment we do not have"),
    "another key": ({"key": OTHER_KEY}, "the assertion's signature is wrong"),
    "an unknown kid": ({"header": {"kid": "third"}}, "the assertion's key is not in the tool's key set"),
    "no kid": ({"header": {"kid": None}}, "the assertion names no key (kid)"),
}


@pytest.mark.parametrize(("changes", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_assertion_is_refused(campus: CampusInHand, changes: dict[str, Any], reason: str) -> None:
    response = ask_token(campus, assertion(campus, **changes))

    assert (response.status_code, response.get_json()) == (
        401,
        {"error": "invalid_client", "error_description": reason},
    )
    assert campus.refusals() == [reason]


def test_neither_a_shared_secret_nor_no_signature_will_do(campus: CampusInHand) -> None:
    claims = {"iss": "campus-tool", "sub": "campus-tool"}
    signed = [
        jwt.encode(claims, "s" * 32, "HS256", headers={"kid": "first"}),
        jwt.encode(claims, "", "none", headers={"kid": "first"}),
        "no.jwt.at-all",
    ]

    answers = [ask_token(campus, each).get_json()["error_description"] for each in signed]

    assert answers == [
        "the assertion is not signed with RS256",
        "the assertion is not signed with RS256",
        "client_assertion is not a JWT",
    ]


def test_an_assertion_is_good_once(campus: CampusInHand) -> None:
    signed = assertion(campus)

    answers = [ask_token(campus, signed).status_code for _ in range(2)]

    assert answers == [200, 401]
    assert campus.refusals() == ["the assertion's jti has been used before"]


@pytest.mark.parametrize("audience", ["http://localhost:8001", ["http://localhost:8001/oauth/token", "other"]])
def test_moodle_takes_its_issuer_and_a_list_as_audience(campus: CampusInHand, audience: object) -> None:
    campus.set_flavor("moodle")

    assert ask_token(campus, assertion(campus, aud=audience)).status_code == 200


def test_moodle_grants_the_scopes_it_knows_and_gives_no_reasons(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    granted = ask_token(campus, assertion(campus), scope=f"{SCORE} more")
    refused = ask_token(campus, assertion(campus, jti="2"), scope="more")
    wrong = ask_token(campus, assertion(campus, jti="3", iss="other"))

    assert json.loads(granted.data)["scope"] == SCORE
    assert (refused.status_code, json.loads(refused.data)) == (400, {"error": "invalid_scope"})
    assert (wrong.status_code, json.loads(wrong.data)) == (400, {"error": "invalid_client"})


def test_the_key_set_is_fetched_once_and_again_for_a_new_key(campus: CampusInHand, tool: FakeTool) -> None:
    for number in range(3):
        ask_token(campus, assertion(campus, jti=f"{number}"))
    before = tool.fetches

    tool.keys = {"first": KEY, "second": OTHER_KEY}
    rotated = ask_token(campus, assertion(campus, jti="4", key=OTHER_KEY, header={"kid": "second"}))

    assert (before, rotated.status_code, tool.fetches) == (1, 200, 2)


def test_a_tool_whose_key_set_is_down_gets_no_token(campus: CampusInHand, tool: FakeTool) -> None:
    tool.is_down = True

    assert ask_token(campus, assertion(campus)).status_code == 401
    assert campus.refusals() == [
        "the tool's key set at http://localhost:8000/lti/jwks cannot be read: connection refused"
    ]


def test_services_want_a_good_token_with_the_right_scope(campus: CampusInHand, clock: Clock) -> None:
    client = campus.app.test_client()
    accept = {"Accept": "application/vnd.ims.lis.v2.lineitemcontainer+json"}
    good, reading = bearer(campus, LINE_ITEM), bearer(campus, LINE_ITEM_READ)
    other = bearer(campus, *(scope for scope in SCOPES if "lineitem" not in scope))

    def status(headers: dict[str, str]) -> int:
        return client.get("/services/2/lineitems", headers={**accept, **headers}).status_code

    made_up = {"Authorization": "Bearer made-up"}
    assert [status(each) for each in (good, reading, other, made_up, {})] == [200, 200, 403, 401, 401]
    clock.forward(seconds=3599)
    assert status(good) == 200
    clock.forward(seconds=1)
    assert status(good) == 401
    assert status(bearer(campus)) == 200
    campus.expire_tokens()
    assert status(bearer(campus)) == 200
