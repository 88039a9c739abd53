"""A tool taken by the address of its configuration, as Canvas does; what is wrong with one is said in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from campus.services import ROSTER
from campus.testing import CampusInHand, running_campus
from campus.tools import EVERY_CLAIM
from tests.campus.fake_tool import URL

ADDRESS = f"{URL}/lti/canvas.json"
NAVIGATION = {"placement": "course_navigation", "message_type": "LtiResourceLinkRequest"}
FINDING = {"placement": "link_selection", "message_type": "LtiDeepLinkingRequest"}


def extension(**changes: Any) -> list[dict[str, Any]]:
    """What is for Canvas in a right configuration, with changes; None leaves a member out."""
    said = {
        "platform": "canvas.instructure.com",
        "domain": "localhost:8000",
        "privacy_level": "public",
        "settings": {"placements": [NAVIGATION, FINDING]},
        **changes,
    }
    return [{name: value for name, value in said.items() if value is not None}]


def configuration(**changes: Any) -> dict[str, Any]:
    """What stands at a right tool's address, with changes; None leaves a member out."""
    said = {
        "title": "A tool",
        "description": "What it is for.",
        "target_link_uri": f"{URL}/lti/launch",
        "oidc_initiation_url": f"{URL}/lti/login",
        "public_jwk_url": f"{URL}/lti/jwks",
        "scopes": [ROSTER],
        "custom_fields": {"history": "$Context.id.history"},
        "extensions": extension(),
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


@pytest.fixture
def campus(campus: CampusInHand) -> CampusInHand:
    campus.set_flavor("canvas")
    return campus


def take(campus: CampusInHand, said: Any, address: str = ADDRESS) -> TestResponse:
    """Enter the address of a tool that says this of itself."""
    campus.here.tools.fetch = {ADDRESS: said}.__getitem__
    return enter(campus, address)


def enter(campus: CampusInHand, address: str) -> TestResponse:
    return campus.app.test_client().post(f"{campus.url}/tools/by-address", data={"address": address})


def page_of_tools(campus: CampusInHand) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", campus.app.test_client().get(f"{campus.url}/tools").text).split())


def test_a_right_configuration_is_kept_pending_under_a_number_of_its_own(campus: CampusInHand):
    answer = take(campus, configuration())

    (tool,) = campus.tools()
    assert (answer.status_code, answer.location, campus.refusals()) == (302, "/tools", [])
    assert re.fullmatch(r"1\d{13}", tool.client_id)
    assert (tool.name, tool.standing, tool.login_url, tool.launch_url, tool.redirect_uris, tool.jwks_url) == (
        "A tool",
        "pending",
        f"{URL}/lti/login",
        f"{URL}/lti/launch",
        (f"{URL}/lti/launch",),
        f"{URL}/lti/jwks",
    )
    assert (tool.scopes, tool.custom) == ((ROSTER,), {"history": "$Context.id.history"})
    assert campus.here.tool == campus.here.tools.first


def test_the_page_shows_what_the_operator_has_to_know_when_the_tool_is_active(campus: CampusInHand):
    take(campus, configuration())
    (tool,) = campus.tools()

    before = page_of_tools(campus)
    tool = campus.activate(tool)
    after = page_of_tools(campus)

    assert f"Client {tool.client_id} ; its deployment id comes when it is activated" in before
    assert f"Client {tool.client_id} , deployment {tool.deployment_id}" in after
    settings = campus.settings
    assert (
        f"Issuer {campus.url} Authentication request URL {settings.auth_url} "
        f"Access token URL {settings.token_url} Public key set URL {settings.jwks_url}"
    ) in after
    assert campus.visitor("leo").start("mentoring").url == f"{URL}/lti/login"


@pytest.mark.parametrize(
    ("level", "claims"), [("public", EVERY_CLAIM), ("anonymous", ("iss", "sub")), (None, ("iss", "sub"))]
)
def test_people_are_named_to_a_tool_only_where_it_asks_for_the_public_level(
    campus: CampusInHand, level: str | None, claims: tuple[str, ...]
):
    take(campus, configuration(extensions=extension(privacy_level=level)))

    assert campus.tools()[0].claims == claims


@pytest.mark.parametrize(
    ("domain", "target"),
    [
        (None, f"{URL}/lti/launch"),
        ("tool.example", "https://tool.example/lti/launch"),
        ("tool.example", "https://mentoring.tool.example/lti/launch"),
    ],
)
def test_a_target_may_lie_on_the_domain_and_below_it(campus: CampusInHand, domain: str | None, target: str):
    take(campus, configuration(target_link_uri=target, extensions=extension(domain=domain)))

    assert (campus.refusals(), [tool.launch_url for tool in campus.tools()]) == ([], [target])


NOWHERE = "the extension for canvas.instructure.com names no placements in its settings"
FOR_OTHERS = "extensions holds none for the platform canvas.instructure.com"
ELSEWHERE = "domain is not that of target_link_uri"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ([configuration()], "what stands there is not a JSON object"),
        (None, "what stands there is not a JSON object"),
        (configuration(title=None), "title is missing"),
        (configuration(description=""), "description is missing"),
        (configuration(target_link_uri=None), "target_link_uri is missing"),
        (configuration(oidc_initiation_url=7), "oidc_initiation_url is missing"),
        (configuration(public_jwk_url=None, public_jwk={"kty": "RSA"}), "public_jwk_url is missing"),
        (configuration(oidc_initiation_url="/lti/login"), "oidc_initiation_url is no address"),
        (configuration(scopes=ROSTER), "scopes is not a list of texts"),
        (configuration(custom_fields={"n": 1}), "custom_fields are not texts"),
        (configuration(title=None, scopes=[7]), "title is missing; scopes is not a list of texts"),
        (configuration(extensions=None), FOR_OTHERS),
        (configuration(extensions=extension(platform="moodle.org")), FOR_OTHERS),
        (configuration(extensions=extension(settings=None)), NOWHERE),
        (configuration(extensions=extension(settings={"placements": []})), NOWHERE),
        (configuration(extensions=extension(domain="elsewhere.example")), ELSEWHERE),
        (configuration(extensions=extension(domain="localhost")), ELSEWHERE),
        (configuration(extensions=extension(domain="ocalhost:8000")), ELSEWHERE),
        (configuration(scopes=[ROSTER, "made-up"]), "scope made-up is not offered"),
        (configuration(extensions=extension(privacy_level="secret")), "privacy_level is secret"),
        (
            configuration(extensions=extension(settings={"placements": [NAVIGATION | {"placement": "moon"}]})),
            "placement moon is not offered for LtiResourceLinkRequest",
        ),
        (
            configuration(extensions=extension(settings={"placements": [FINDING | {"message_type": "Odd"}]})),
            "a message of type Odd is not offered",
        ),
    ],
)
def test_a_wrong_configuration_is_refused_in_a_sentence(campus: CampusInHand, said: Any, problem: str):
    answer = take(campus, said)

    assert (answer.status_code, campus.refusals(), campus.tools()) == (422, [problem], [])
    assert f"The tool was not taken: {problem}." in answer.text


@pytest.mark.parametrize("flavor", ["moodle", "strict"])
def test_only_canvas_takes_a_tool_by_address(campus: CampusInHand, flavor: str):
    assert "Take a tool by address" in page_of_tools(campus)
    campus.set_flavor(flavor)

    answer = take(campus, configuration())

    assert (answer.status_code, campus.tools()) == (400, [])
    assert "Only Canvas takes a tool by the address of its configuration." in answer.text
    assert "Take a tool by address" not in page_of_tools(campus)


@pytest.mark.parametrize("address", ["", "localhost:8000/lti/canvas.json", "javascript:alert(1)"])
def test_what_is_no_address_is_explained(campus: CampusInHand, address: str):
    answer = take(campus, configuration(), address)

    assert (answer.status_code, "Paste the whole address of the configuration." in answer.text) == (400, True)


@pytest.fixture
def asking() -> Iterator[CampusInHand]:
    """A campus that asks over HTTP; what it serves itself stands in for pages of a tool."""
    with running_campus(flavor="canvas") as campus:
        yield campus


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/lti/canvas.json", "the configuration cannot be read: it answers 404"),
        ("/tools", "what stands there is not a JSON object"),
        ("/jwks", "title is missing; description is missing; target_link_uri is missing; oidc_initiation_url is"),
    ],
    ids=["nothing there", "a page", "another document"],
)
def test_what_stands_at_the_address_is_asked_for_over_http(asking: CampusInHand, path: str, problem: str):
    answer = enter(asking, asking.url + path)

    assert (answer.status_code, f"The tool was not taken: {problem}" in answer.text) == (422, True)


def test_where_nobody_answers_the_sentence_says_so(asking: CampusInHand):
    answer = enter(asking, "http://localhost:1/lti/canvas.json")

    assert answer.status_code == 422
    assert re.search(r"The tool was not taken: the configuration cannot be read: .*Connection refused\.", answer.text)


def test_html_and_broken_json_are_not_taken_for_a_configuration(campus: CampusInHand):
    campus.here.tools.fetch = lambda _address: json.loads("<!doctype html>")

    assert "what stands there is not a JSON object" in enter(campus, ADDRESS).text
    assert campus.tools() == []
