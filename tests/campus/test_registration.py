"""Dynamic registration as the campus takes it, in each flavor's manner."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from werkzeug.test import TestResponse

from campus.services import ROSTER, SCOPES
from campus.testing import CampusInHand
from campus.tools import TOOL_CONFIGURATION
from tests.campus.fake_tool import URL, Clock, ask_token, assertion

LINK = f"{URL}/lti/register/secret"
LOCAL = "http://localhost:8001"


@pytest.fixture(params=["strict", "moodle", "canvas"])
def flavor(request: pytest.FixtureRequest, campus: CampusInHand) -> str:
    campus.set_flavor(request.param)
    return str(request.param)


def begin(campus: CampusInHand, **how: str) -> str:
    """The registration token of a registration that has just begun."""
    said = parse_qs(urlsplit(campus.begin_registration(LINK, **how)).query)
    assert said["openid_configuration"] == [f"{campus.url}/openid-configuration"]
    return said["registration_token"][0]


def body(about: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """What a right tool sends, with changes; None leaves a member out."""
    said = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "client_name": "A tool",
        "initiate_login_uri": f"{URL}/lti/login/mine",
        "redirect_uris": [f"{URL}/lti/launch"],
        "jwks_uri": f"{URL}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": ROSTER,
        TOOL_CONFIGURATION: {
            "domain": "localhost:8000",
            "target_link_uri": f"{URL}/lti/launch",
            "claims": ["iss", "sub", "name"],
            "custom_parameters": {"history": "$Context.id.history"},
            "messages": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
            **(about or {}),
        },
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def send(campus: CampusInHand, token: str, said: Any) -> TestResponse:
    return campus.app.test_client().post("/registrations", json=said, headers={"Authorization": f"Bearer {token}"})


def test_a_right_registration_is_kept_pending_under_a_client_of_its_own(campus: CampusInHand, flavor: str):
    answer = send(campus, begin(campus), body())

    (tool,) = campus.tools()
    said = json.loads(answer.data)
    assert (answer.status_code, said["client_id"], tool.standing, tool.scopes) == (
        200,
        tool.client_id,
        "pending",
        (ROSTER,),
    )
    assert said[TOOL_CONFIGURATION].get("deployment_id") == (None if flavor == "canvas" else tool.deployment_id)
    assert campus.here.tool == campus.here.tools.first


def test_moodle_names_the_client_in_the_token_and_says_too_much_about_claims(campus: CampusInHand):
    campus.set_flavor("moodle")
    token = begin(campus)

    claims = jwt.decode(token, options={"verify_signature": False})
    answer = json.loads(send(campus, token, body()).data)

    assert (claims["sub"], claims["scope"], claims["exp"] - claims["iat"]) == (answer["client_id"], "reg", 3600)
    assert "email" in answer[TOOL_CONFIGURATION]["claims"]
    assert campus.tools()[0].claims == ("sub", "iss", "name")


def test_a_token_is_good_once_and_for_an_hour(campus: CampusInHand, clock: Clock, flavor: str):
    first, late = begin(campus), begin(campus)

    statuses = [send(campus, token, body()).status_code for token in (first, first, "made-up", "")]
    clock.forward(hours=1)

    assert [*statuses, send(campus, late, body()).status_code] == [200, 401, 401, 401, 401]
    assert campus.refusals() == [
        "token_already_used",
        *["missing_or_unknown_registration_token"] * 2,
        "registration_token_expired",
    ]


def test_only_canvas_wants_the_token_for_its_configuration(campus: CampusInHand, flavor: str):
    client, token = campus.app.test_client(), begin(campus)

    bare = client.get("/openid-configuration")
    with_token = client.get("/openid-configuration", headers={"Authorization": f"Bearer {token}"})

    assert (bare.status_code, with_token.status_code) == (401 if flavor == "canvas" else 200, 200)
    said = json.loads(with_token.data)
    assert (said["issuer"], said["token_endpoint"]) == (campus.url, campus.settings.token_url)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (body(application_type="native"), "application_type is not web"),
        (body(token_endpoint_auth_method="none"), "token_endpoint_auth_method is not private_key_jwt"),
        (body(response_types=["code"]), "response_types lacks id_token"),
        (body(grant_types=["implicit"]), "grant_types lacks client_credentials"),
        (body(redirect_uris=[]), "redirect_uris is missing"),
        (body(jwks_uri=None), "jwks_uri is missing"),
        (body(client_name=7), "client_name is missing"),
        (body({"domain": "localhost"}), "domain is not host and port of target_link_uri"),
        (body({"claims": "name"}), "claims is not a list"),
        (body({"messages": None}), "messages is not a list"),
        (body({"custom_parameters": {"n": 1}}), "custom_parameters are not texts"),
        (body(**{TOOL_CONFIGURATION: None}), f"{TOOL_CONFIGURATION} is missing"),
    ],
)
def test_a_wrong_registration_is_refused_and_the_token_stays_good(campus: CampusInHand, said: Any, problem: str):
    token = begin(campus)

    answer = send(campus, token, said)

    assert (answer.status_code, campus.refusals(), campus.tools()) == (400, [problem], [])
    assert send(campus, token, body()).status_code == 200


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (body(scope="made-up"), "scope made-up is not offered"),
        (body({"messages": [{"type": "Odd"}]}), "a message of type Odd is not offered"),
        (
            body({"messages": [{"type": "LtiDeepLinkingRequest", "placements": ["moon"]}]}),
            "placement moon is not offered for LtiDeepLinkingRequest",
        ),
    ],
)
def test_what_is_not_offered_moodle_drops_and_the_others_mind(
    campus: CampusInHand, flavor: str, said: Any, problem: str
):
    answer = send(campus, begin(campus), said)

    assert answer.status_code == {"strict": 400, "moodle": 200, "canvas": 422}[flavor]
    assert campus.refusals() == ([] if flavor == "moodle" else [problem])


def test_each_flavor_complains_in_its_own_way(campus: CampusInHand, flavor: str):
    answer = send(campus, begin(campus), body(jwks_uri=None))

    expected: dict[str, Any] = {
        "strict": {"error": "invalid_client_metadata", "error_description": "jwks_uri is missing"},
        "moodle": "jwks_uri is missing",
        "canvas": {"errors": [{"field": "jwks_uri", "message": "jwks_uri is missing"}]},
    }
    assert (answer.text if flavor == "moodle" else json.loads(answer.data)) == expected[flavor]


@pytest.mark.parametrize("sent", [b"", b"[]", b"{", b"null"])
def test_what_is_no_object_is_refused(campus: CampusInHand, sent: bytes):
    answer = campus.app.test_client().post(
        "/registrations",
        data=sent,
        headers={"Authorization": f"Bearer {begin(campus)}", "Content-Type": "application/json"},
    )

    assert (answer.status_code, campus.refusals()) == (400, ["the body is not a JSON object"])


def test_the_administrator_may_withhold(campus: CampusInHand):
    send(campus, begin(campus, withheld="lti-nrps"), body(scope=" ".join(SCOPES)))

    assert campus.tools()[0].scopes == tuple(scope for scope in SCOPES if scope != ROSTER)


def test_an_activated_tool_is_what_the_courses_use(campus: CampusInHand, flavor: str):
    send(campus, begin(campus), body())
    before = campus.tools()[0]

    tool = campus.activate(before)

    initiation = campus.visitor("leo").start("mentoring")
    assert (initiation.url, initiation.fields["client_id"]) == (f"{URL}/lti/login/mine", tool.client_id)
    assert initiation.fields["lti_deployment_id"] == tool.deployment_id
    assert (tool.deployment_id == before.deployment_id) == (flavor != "canvas")
    campus.app.test_client().post(f"{campus.url}/tools/put-away")
    assert campus.here.tool == campus.here.tools.first


def test_a_registered_tool_gets_tokens_for_what_it_was_granted(campus: CampusInHand):
    send(campus, begin(campus), body())
    client_id = campus.tools()[0].client_id

    granted = ask_token(campus, assertion(campus, iss=client_id, sub=client_id), scope=ROSTER)
    refused = ask_token(campus, assertion(campus, iss=client_id, sub=client_id, jti="jti-2"), scope=SCOPES[0])

    assert (granted.status_code, refused.status_code, json.loads(refused.data)["error"]) == (200, 400, "invalid_scope")


def test_the_page_of_tools_opens_the_link_in_the_manner_of_the_flavor(campus: CampusInHand, flavor: str):
    client = campus.app.test_client()
    assert "Register a tool" in client.get(f"{LOCAL}/tools").text

    page = client.post(f"{LOCAL}/tools/register", data={"link": LINK, "withheld": ""})

    opened = re.search(r'<iframe[^>]* src="([^"]+)"|<a href="([^"]+)" target="_blank" rel="opener">', page.text)
    assert opened is not None
    assert (opened[1] or opened[2]).startswith(LINK + "?openid_configuration=")
    assert (opened[1] is None) == (flavor == "strict")
    assert f"frame-src {URL};" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("form", [{}, {"link": "javascript:alert(1)"}, {"link": LINK, "withheld": "odd"}])
def test_what_is_no_link_is_explained(campus: CampusInHand, form: dict[str, str]):
    assert campus.app.test_client().post(f"{LOCAL}/tools/register", data=form).status_code == 400


def test_an_unknown_tool_is_not_activated(campus: CampusInHand):
    client = campus.app.test_client()

    assert [client.post(f"{LOCAL}/tools/{each}/activate").status_code for each in ("nobody", "campus-tool")] == [
        404,
        404,
    ]
