"""Whom a login is for: several registrations under one issuer, kept apart."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import platforms
from lti_tool.claims import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.db import transaction
from lti_tool.models import Platform, Standing
from tests.lti_tool.launching import TARGET

CANVAS = "https://canvas.instructure.com"


def add(name: str, *, issuer: str = CANVAS, client_id: str = "1", home: str = "", beside: bool = False) -> Platform:
    home = home or f"https://{name}.example"
    with transaction() as session:
        return platforms.add(
            session,
            name=name,
            issuer=issuer,
            client_id=client_id,
            auth_url=f"{home}/auth",
            token_url=f"{home}/token",
            jwks_url=f"{home}/jwks",
            deployment_id="1",
            beside=beside,
        )


def login(client: FlaskClient, address: str = "/lti/login", **said: str) -> str:
    """Which LMS the browser is sent to, or the code on the page that refuses it."""
    asked = {"iss": CANVAS, "login_hint": "leo", "target_link_uri": TARGET, **said}
    answer = client.post(address, data=asked)
    if answer.status_code == 302:
        return str(answer.location.partition("/auth")[0])
    found = re.search(r"name this code: (\w+)", answer.text)
    return f"{answer.status_code} {found[1] if found else answer.text}"


def test_a_login_without_a_client_fits_one_registration_or_none(client: FlaskClient, session: Session):
    """ISS-12"""
    first = add("one", client_id="1")
    assert login(client) == "https://one.example"

    second = add("two", client_id="2")

    assert login(client) == "400 ambiguous_platform"
    assert [login(client, client_id="1"), login(client, client_id="2")] == [
        "https://one.example",
        "https://two.example",
    ]
    assert [login(client, f"/lti/login/{each.public_id}") for each in (first, second)] == [
        "https://one.example",
        "https://two.example",
    ]


def test_the_address_of_one_registration_is_for_its_own_issuer_and_client(client: FlaskClient, session: Session):
    """ISS-12"""
    one = add("one", client_id="1")
    address = f"/lti/login/{one.public_id}"

    assert login(client, address, client_id="1") == "https://one.example"
    assert [
        login(client, address, client_id="2"),
        login(client, address, iss="https://other.example"),
        login(client, "/lti/login/nobody", client_id="1"),
    ] == ["403 unknown_platform"] * 3


@pytest.mark.parametrize("said", [{"iss": "https://unknown.example"}, {"client_id": "wrong"}])
def test_an_unknown_platform_is_told_how_the_tool_is_added(client: FlaskClient, session: Session, said: dict[str, str]):
    """LOGIN-02 LOGIN-03"""
    add("one")

    answer = client.post("/lti/login", data={"iss": CANVAS, "login_hint": "leo", "target_link_uri": TARGET, **said})

    assert answer.status_code == 403
    assert '<a href="/">How this tool is added to a learning platform</a>' in answer.text
    assert "/lti/canvas.json" in client.get("/").text


def test_a_canvas_of_ones_own_stands_beside_the_hosted_one(client: FlaskClient, session: Session):
    """PLAT-05"""
    hosted = add("sso")
    own = add("canvas.school", beside=True)

    assert hosted.id != own.id
    assert [login(client, client_id="1"), login(client, f"/lti/login/{own.public_id}", client_id="1")] == [
        "https://sso.example",
        "https://canvas.school.example",
    ]
    assert add("canvas.school").id == own.id
    with pytest.raises(LookupError):
        add("third")


def test_without_saying_beside_a_registration_is_brought_up_to_date(session: Session):
    before = add("old", home="https://old.example")
    after = add("new", home="https://new.example")

    assert (before.id, after.jwks_url) == (after.id, "https://new.example/jwks")


def test_beta_and_test_of_canvas_are_registrations_of_their_own(client: FlaskClient, session: Session):
    """PLAT-04"""
    beta, test = "https://canvas.beta.instructure.com", "https://canvas.test.instructure.com"
    for name, issuer in (("production", CANVAS), ("beta", beta), ("test", test)):
        add(name, issuer=issuer)

    assert [login(client, iss=each, client_id="1") for each in (CANVAS, beta, test)] == [
        "https://production.example",
        "https://beta.example",
        "https://test.example",
    ]
    with transaction():
        session.scalars(select(Platform).where(Platform.issuer == test)).one().standing = Standing.DEACTIVATED
    assert [login(client, iss=each, client_id="1") for each in (CANVAS, test)] == [
        "https://production.example",
        "403 platform_not_active",
    ]


def test_one_that_waits_disturbs_nobody_who_is_let_in(client: FlaskClient, session: Session):
    """ISS-17"""
    add("school")
    for standing in (Standing.WAITING, Standing.DEACTIVATED):
        stranger = add(f"stranger-{standing}", beside=True)
        with transaction():
            stranger.standing = standing

    assert [login(client), login(client, client_id="1")] == ["https://school.example"] * 2
    assert login(client, f"/lti/login/{stranger.public_id}") == "403 platform_not_active"


def test_where_nobody_is_let_in_yet_the_page_says_that_it_waits(client: FlaskClient, session: Session):
    platform = add("school")
    with transaction():
        platform.standing = Standing.WAITING

    assert login(client, client_id="1") == "403 platform_not_active"


@pytest.mark.parametrize(
    ("granted", "allowed", "off"),
    [
        ([], [True] * 4, 0),
        ([LINE_ITEM_SCOPE], [False, False, True, True], 3),
        ([LINE_ITEM_READ_SCOPE, ROSTER_SCOPE], [True, False, False, True], 3),
        ([ROSTER_SCOPE, SCORE_SCOPE, LINE_ITEM_SCOPE], [True] * 4, 1),
    ],
)
def test_what_was_not_granted_is_off(session: Session, granted: list[str], allowed: list[bool], off: int):
    """DR-13"""
    platform = add("school")
    platform.granted_scopes = granted

    scopes = (ROSTER_SCOPE, SCORE_SCOPE, LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE)
    assert [platforms.allows(platform, scope) for scope in scopes] == allowed
    assert len(platforms.switched_off(platform)) == off
