"""LOGIN: what is said when an LMS knocks, and what must come back of it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.models import Platform
from tests.lti_tool.hostile.trying import Trying
from tests.lti_tool.launching import ISSUER, TARGET, launch, start
from tests.lti_tool.outcomes import shown_on

SAID = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET, "client_id": "campus-tool"}


def knock(client: FlaskClient, method: str, said: Mapping[str, str]) -> TestResponse:
    if method == "GET":
        return client.get("/lti/login", query_string=said)
    return client.post("/lti/login", data=said)


REFUSED: dict[str, tuple[dict[str, str | None], int, str]] = {
    "LOGIN-01": ({"target_link_uri": "https://evil.example/steal"}, 400, "wrong_target"),
    "LOGIN-01 a user before the host": (
        {"target_link_uri": "http://localhost:8000@evil.example/"},
        400,
        "wrong_target",
    ),
    "LOGIN-01 our address as a beginning": ({"target_link_uri": "http://localhost:80001/"}, 400, "wrong_target"),
    "LOGIN-02": ({"iss": "https://elsewhere.example"}, 403, "unknown_platform"),
    "LOGIN-03": ({"client_id": "another-tool"}, 403, "unknown_platform"),
    "LOGIN-07": ({"target_link_uri": None}, 400, "missing_parameter"),
    "LOGIN-07 empty": ({"target_link_uri": ""}, 400, "missing_parameter"),
    "no issuer": ({"iss": None}, 400, "missing_parameter"),
    "no hint": ({"login_hint": None}, 400, "missing_parameter"),
    "a hint of 20 KB": ({"login_hint": "x" * 20_000}, 400, "missing_parameter"),
    "a NUL": ({"lti_deployment_id": "1\x00"}, 400, "missing_parameter"),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("bent", "status", "code"), REFUSED.values(), ids=list(REFUSED))
def test_a_login_that_cannot_be_right_is_refused_and_not_remembered(
    trying: Trying, method: str, bent: dict[str, str | None], status: int, code: str
):
    said = {name: value for name, value in {**SAID, **bent}.items() if value is not None}

    with trying.unmoved() as watch:
        answer = knock(trying.client, method, said)

    assert (answer.status_code, shown_on(answer), watch.wrote) == (status, code, set())
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_may_come_by_get_and_by_post(trying: Trying, method: str):
    """LOGIN-04"""
    answer = knock(trying.client, method, SAID)

    assert answer.status_code == 302
    asked = dict(parse_qsl(urlsplit(answer.location).query))
    assert {name: asked[name] for name in asked if name not in ("state", "nonce")} == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "campus-tool",
        "redirect_uri": TARGET,
        "login_hint": "leo",
    }


HINTS = {
    "LOGIN-06 Moodle's JSON": '{"cmid":5,"launchid":"ltilaunch1_77","a":"ü&="}',
    "LOGIN-06 marks of addresses": "a&b=c#d?e%20f+g h/ü\U0001f393",
    "LOGIN-06 Canvas' JWT": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9." + "a" * 8100 + ".c2ln",
    "LOGIN-06 markup": '"><script>alert(1)</script>',
}


@pytest.mark.parametrize("hint", HINTS.values(), ids=list(HINTS))
def test_a_hint_goes_back_as_it_came(client: FlaskClient, web: object, hint: str):
    asked = start(client, lti_message_hint=hint, login_hint=hint)

    assert (asked["lti_message_hint"], asked["login_hint"]) == (hint, hint)


def test_a_hint_that_was_encoded_twice_goes_back_encoded_once(client: FlaskClient, web: object):
    """PLAT-11: Sakai encodes its hint before its form does; what it decodes then is its own business."""
    assert start(client, login_hint="admin%2540site%3D1")["login_hint"] == "admin%2540site%3D1"


@pytest.mark.parametrize(
    ("auth_url", "begins"),
    [
        ("https://campus.example/auth?tenant=5", "https://campus.example/auth?tenant=5&"),
        ("https://campus.example/auth", "https://campus.example/auth?"),
    ],
    ids=["LOGIN-09", "LOGIN-09 without a query"],
)
def test_an_address_that_has_a_query_keeps_it(
    client: FlaskClient, web: object, session: Session, platform: Platform, auth_url: str, begins: str
):
    platform.auth_url = auth_url
    session.commit()

    location = client.post("/lti/login", data=SAID).location

    assert location.startswith(begins)
    assert location.count("?") == 1


def test_a_target_with_a_query_is_kept_and_the_redirect_uri_stays_bare(client: FlaskClient, web: object):
    """PLAT-13: Canvas puts parameters into the target of a placement; only one redirect URI is registered."""
    target = f"{TARGET}?quiz=1&placement=course_navigation"

    asked = start(client, target_link_uri=target)
    answer = launch(client, asked=asked, target_link_uri=target)

    assert (asked["redirect_uri"], answer.status_code) == (TARGET, 303)
