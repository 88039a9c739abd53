"""Launches that must be let in, and all those that must not: each with its verdict."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock, platform_keys
from lti_tool.http import Answer
from lti_tool.models import Deployment, Enrolment, Person, Platform, Role, Standing
from lti_tool.sessions import BrowserSession
from tests.cast import Cast
from tests.lti_tool.launching import (
    ISSUER,
    TARGET,
    Away,
    FakeWeb,
    claims,
    key_set,
    launch,
    private_key,
    public_jwk,
    sign,
    start,
)

pytestmark = pytest.mark.usefixtures("web")


def verdict(answer: TestResponse) -> str:
    """The reason code an error page carries, or `ok` for a redirect into the tool."""
    if answer.status_code == 303:
        return "ok"
    assert 400 <= answer.status_code < 600
    found = re.search(r"name this code: (\w+)", answer.text)
    assert found is not None, answer.text
    return found[1]


def test_a_good_launch_leads_to_the_course_page_with_no_token_in_the_address(client: FlaskClient, session: Session):
    answer = launch(client)

    me = session.scalars(select(Enrolment)).one()
    assert (answer.status_code, answer.location) == (303, f"/courses/{me.course.public_id}/")
    assert (me.person.name, me.role, me.is_active) == ("Leo Fischer", Role.LEARNER, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(answer.location).status_code == 200


def test_a_login_by_get_works_as_well(client: FlaskClient):
    query = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET, "client_id": "campus-tool"}

    assert client.get("/lti/login", query_string=query).status_code == 302


def test_the_redirect_uri_is_ours_whatever_the_target_says(client: FlaskClient):
    asked = start(client, target_link_uri=TARGET + "?quiz=1")

    assert asked["redirect_uri"] == TARGET


def test_the_message_hint_goes_back_unaltered(client: FlaskClient):
    hint = '{"cmid":5,"launchid":"ltilaunch1_77","a":"ü&="}'

    assert start(client, lti_message_hint=hint)["lti_message_hint"] == hint


@pytest.mark.parametrize("missing", ["iss", "login_hint", "target_link_uri"])
def test_a_login_without_what_it_must_say_is_refused(client: FlaskClient, missing: str):
    said = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET, "client_id": "campus-tool"}
    del said[missing]

    assert verdict(client.post("/lti/login", data=said)) == "missing_parameter"


def test_a_login_for_a_foreign_target_is_refused(client: FlaskClient):
    said = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": "https://evil.example/lti/launch"}

    assert verdict(client.post("/lti/login", data=said)) == "wrong_target"


def test_a_login_without_client_works_while_the_issuer_has_one(client: FlaskClient, cast: Cast):
    said = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET}
    assert client.post("/lti/login", data=said).status_code == 302

    cast.platform("Second client", client_id="another")

    assert verdict(client.post("/lti/login", data=said)) == "unknown_platform"


BENT: dict[str, tuple[dict[str, Any], str]] = {
    "another client": ({"aud": "somebody-else"}, "wrong_audience"),
    "empty audience": ({"aud": []}, "wrong_audience"),
    "audience of numbers": ({"aud": [1]}, "wrong_audience"),
    "two audiences without azp": ({"aud": ["campus-tool", "other"]}, "wrong_audience"),
    "azp is another": ({"aud": ["campus-tool", "other"], "azp": "other"}, "wrong_audience"),
    "azp differs with one audience": ({"azp": "other"}, "wrong_audience"),
    "another issuer": ({"iss": "https://elsewhere.example"}, "wrong_issuer"),
    "another nonce": ({"nonce": "made-up"}, "wrong_nonce"),
    "no nonce": ({"nonce": None}, "bad_token"),
    "nonce is an object": ({"nonce": {"a": 1}}, "bad_token"),
    "no exp": ({"exp": None}, "wrong_time"),
    "no iat": ({"iat": None}, "wrong_time"),
    "exp is text": ({"exp": "soon"}, "wrong_time"),
    "exp is true": ({"exp": True}, "wrong_time"),
    "expired": ({"exp": Away(-120)}, "wrong_time"),
    "lives ten years": ({"exp": Away(315360000)}, "wrong_time"),
    "issued a day ago": ({"iat": Away(-86400)}, "wrong_time"),
    "issued in five minutes": ({"iat": Away(300)}, "wrong_time"),
    "not before tomorrow": ({"nbf": Away(86400)}, "wrong_time"),
    "wrong version": ({"version": "11.3"}, "wrong_version"),
    "no version": ({"version": None}, "bad_token"),
    "no message type": ({"message_type": None}, "bad_token"),
    "another message type": ({"message_type": "LtiStartProctoring"}, "wrong_message"),
    "no roles": ({"roles": None}, "bad_token"),
    "roles are numbers": ({"roles": [1, 2]}, "bad_token"),
    "roles are text": ({"roles": "Learner"}, "bad_token"),
    "no deployment": ({"deployment_id": None}, "bad_token"),
    "deployment too long": ({"deployment_id": "d" * 256}, "bad_token"),
    "unknown deployment": ({"deployment_id": "99"}, "unknown_deployment"),
    "no resource link": ({"resource_link": None}, "bad_token"),
    "resource link without id": ({"resource_link": {"title": "x"}}, "bad_token"),
    "resource link is text": ({"resource_link": "7"}, "bad_token"),
    "context is text": ({"context": "101"}, "bad_token"),
    "context without id": ({"context": {"title": "x"}}, "bad_token"),
    "no sub": ({"sub": None}, "bad_token"),
    "sub is a number": ({"sub": 6}, "bad_token"),
    "sub too long": ({"sub": "s" * 256}, "bad_token"),
    "sub with a null character": ({"sub": "le\x00o"}, "bad_token"),
    "deployment is a lone surrogate": ({"deployment_id": "\ud800"}, "bad_token"),
    "name is a lone surrogate": ({"name": "Leo \ud800"}, "bad_token"),
    "a lone surrogate deep in a claim": ({"custom": {"a": ["\udfff"]}}, "bad_token"),
    "another target": ({"target_link_uri": TARGET + "?quiz=2"}, "wrong_target"),
    "no target": ({"target_link_uri": None}, "bad_token"),
}


@pytest.mark.parametrize(("bent", "expected"), BENT.values(), ids=list(BENT))
def test_a_bent_launch_is_refused_and_writes_nobody_down(
    client: FlaskClient, session: Session, bent: dict[str, Any], expected: str
):
    assert verdict(launch(client, **bent)) == expected
    assert session.scalar(select(func.count()).select_from(Person)) == 0
    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 0


FINE: dict[str, dict[str, Any]] = {
    "no course": {"context": None},
    "no roles at all": {"roles": []},
    "unknown role": {"roles": ["https://evil.example/x#Instructor"]},
    "short role": {"roles": ["Learner"]},
    "no names and no e-mail": {"name": None, "given_name": None, "family_name": None, "email": None},
    "our client second in the audience": {"aud": ["other", "campus-tool"], "azp": "campus-tool"},
    "issued five seconds ahead": {"iat": Away(5)},
    "expired three seconds ago": {"exp": Away(-3)},
    "odd custom values": {"custom": {"a": None, "b": 3, "c": {"d": 1}, "activity": "$Not.filled"}},
    "NUL in what is free": {"custom": {"activity": "qu\x00iz"}, "name": "Le\x00o", "context": {"id": "1\x002"}},
    "unknown claims": {"https://example.org/claim": {"deep": [1, 2, 3]}},
    "services as text": {"launch_presentation": "iframe"},
}


@pytest.mark.parametrize("changes", FINE.values(), ids=list(FINE))
def test_an_unusual_but_valid_launch_is_let_in(client: FlaskClient, changes: dict[str, Any]):
    assert launch(client, **changes).status_code in (200, 303)


def test_the_same_launch_twice_is_let_in_once(client: FlaskClient):
    asked = start(client)
    form = {"state": asked["state"], "id_token": sign({"nonce": asked["nonce"], **claims()})}
    cookie = client.get_cookie(next(iter(_state_cookies(client))))
    assert cookie is not None

    first = client.post("/lti/launch", data=form)
    client.set_cookie(cookie.key, cookie.value)
    second = client.post("/lti/launch", data=form)

    assert [verdict(first), verdict(second)] == ["ok", "state_spent"]


def _state_cookies(client: FlaskClient) -> list[str]:
    return [key for (_domain, _path, key) in (client._cookies or {}) if key.startswith("lti-state-")]


def test_an_old_token_under_a_new_state_is_refused(client: FlaskClient):
    first, second = start(client), start(client)
    token = sign({"nonce": first["nonce"], **claims()})

    assert verdict(client.post("/lti/launch", data={"state": second["state"], "id_token": token})) == "wrong_nonce"


def test_a_failed_try_spends_its_state(client: FlaskClient):
    asked = start(client)

    assert verdict(launch(client, asked=asked, nonce="made-up")) == "wrong_nonce"
    assert verdict(launch(client, asked=asked)) == "state_spent"


def test_a_state_of_another_browser_is_refused(client: FlaskClient):
    asked = start(client.application.test_client())

    assert verdict(launch(client, asked=asked)) == "state_cookie"


def test_a_made_up_state_is_refused(client: FlaskClient):
    assert verdict(launch(client, asked={"state": "state-x", "nonce": "n"})) == "state_unknown"


def test_a_state_lasts_ten_minutes(client: FlaskClient):
    asked = start(client)

    with clock.moved_by(timedelta(minutes=11)):
        assert verdict(launch(client, asked=asked)) == "state_unknown"


def test_another_platform_cannot_answer_for_the_one_that_was_asked(
    client: FlaskClient, cast: Cast, session: Session, web: FakeWeb
):
    other = cast.platform("Evil", client_id="evil-tool")
    other.issuer, other.jwks_url = "https://evil.example", "https://evil.example/jwks"
    session.commit()
    web.pages["https://evil.example/jwks"] = key_set("evil")

    mixed_up = launch(client, key="evil", iss="https://evil.example", aud="evil-tool")

    assert verdict(mixed_up) == "wrong_audience"


def test_an_oidc_error_is_explained(client: FlaskClient):
    asked = start(client)

    answer = client.post("/lti/launch", data={"state": asked["state"], "error": "login_required"})

    assert verdict(answer) == "platform_error"


def test_a_launch_comes_by_post_only(client: FlaskClient):
    assert client.get("/lti/launch?id_token=x&state=y").status_code == 405


def test_a_token_of_four_megabytes_is_refused_unread(client: FlaskClient):
    asked = start(client)

    answer = client.post("/lti/launch", data={"state": asked["state"], "id_token": "a" * 4_000_000})

    assert answer.status_code == 413


def test_a_token_over_32_kilobytes_is_refused(client: FlaskClient):
    assert verdict(launch(client, custom={"long": "x" * 40_000})) == "too_large"


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


FORGED = {
    "not a token": "abc",
    "two parts": "a.b",
    "not base64": "!!.!!.!!",
    "header is a list": f"{_encoded([])}.{_encoded({})}.x",
    "body is a list": f"{_encoded({'alg': 'RS256', 'kid': 'one'})}.{_encoded([])}.x",
    "alg none": f"{_encoded({'alg': 'none', 'kid': 'one'})}.{_encoded(claims())}.x",
    "deeply nested": f"{_encoded({'alg': 'RS256', 'kid': 'one'})}.{_encoded(json.loads('[' * 40 + ']' * 40))}.x",
    "empty": "",
}


@pytest.mark.parametrize("token", FORGED.values(), ids=list(FORGED))
def test_a_forged_token_is_refused(client: FlaskClient, token: str):
    asked = start(client)

    answer = client.post("/lti/launch", data={"state": asked["state"], "id_token": token})

    assert verdict(answer) in {"bad_token", "bad_signature"}


def test_a_token_signed_with_the_public_key_as_a_password_is_refused(client: FlaskClient):
    asked = start(client)
    body = {"nonce": asked["nonce"], **claims()}
    token = jwt.encode(body, "x" * 64, algorithm="HS256", headers={"kid": "one"})

    assert verdict(client.post("/lti/launch", data={"state": asked["state"], "id_token": token})) == "bad_signature"


def test_a_token_signed_with_another_key_under_a_known_id_is_refused(client: FlaskClient):
    asked = start(client)
    body = {"nonce": asked["nonce"], **claims()}
    token = jwt.encode(body, private_key("other"), algorithm="RS256", headers={"kid": "one"})

    assert verdict(client.post("/lti/launch", data={"state": asked["state"], "id_token": token})) == "bad_signature"


def test_a_key_in_the_header_is_not_believed(client: FlaskClient):
    asked = start(client)
    body = {"nonce": asked["nonce"], **claims()}
    headers = {"kid": "mine", "jwk": public_jwk("mine"), "jku": "https://evil.example/jwks"}
    token = jwt.encode(body, private_key("mine"), algorithm="RS256", headers=headers)

    assert verdict(client.post("/lti/launch", data={"state": asked["state"], "id_token": token})) == "unknown_key"


def test_a_warm_launch_asks_the_platform_for_nothing(client: FlaskClient, web: FakeWeb):
    launch(client)
    web.asked.clear()

    assert (verdict(launch(client)), web.asked) == ("ok", [])


def test_a_rotated_platform_key_costs_one_fetch(client: FlaskClient, web: FakeWeb):
    launch(client)
    web.pages[f"{ISSUER}/jwks"] = key_set("one", "two")
    web.asked.clear()

    with clock.moved_by(timedelta(minutes=2)):
        at = int(clock.now().timestamp())
        answers = [verdict(launch(client, key="two", iat=at, exp=at + 60)) for _ in range(2)]

    assert (answers, web.asked) == (["ok", "ok"], [f"GET {ISSUER}/jwks"])


def test_made_up_key_ids_cannot_make_us_hammer_the_platform(client: FlaskClient, web: FakeWeb):
    launch(client)
    web.asked.clear()

    verdicts = [verdict(launch(client, key=f"made-up-{n}")) for n in range(3)]

    assert (verdicts, web.asked) == (["unknown_key"] * 3, [])


def test_kept_keys_serve_while_the_platform_is_down(client: FlaskClient, web: FakeWeb):
    launch(client)
    del web.pages[f"{ISSUER}/jwks"]

    with clock.moved_by(timedelta(hours=3)):
        at = int(clock.now().timestamp())
        assert verdict(launch(client, iat=at, exp=at + 60)) == "ok"


@pytest.mark.parametrize("document", [{}, [], {"keys": {}}, {"keys": [1, {"kty": "oct", "kid": "one", "k": "AAAA"}]}])
def test_an_unusable_key_set_is_a_page_and_not_a_crash(client: FlaskClient, web: FakeWeb, document: object):
    web.pages[f"{ISSUER}/jwks"] = document

    assert verdict(launch(client)) in {"keys_unavailable", "unknown_key"}


def test_one_broken_key_does_not_spoil_the_others(client: FlaskClient, web: FakeWeb):
    web.pages[f"{ISSUER}/jwks"] = {"keys": [{"kty": "RSA", "kid": "bad", "n": "!", "e": "AQAB"}, public_jwk("one")]}

    assert verdict(launch(client)) == "ok"


def test_a_platform_that_nobody_approved_lets_nobody_in(client: FlaskClient, session: Session, platform: Platform):
    asked = start(client)
    platform.standing = Standing.WAITING
    session.commit()

    assert verdict(launch(client, asked=asked)) == "platform_not_active"


def test_an_unknown_deployment_is_noted_and_waits(client: FlaskClient, session: Session):
    launch(client, deployment_id="second school")

    noted = session.scalars(select(Deployment).where(Deployment.deployment_id == "second school")).one()
    assert noted.standing == Standing.WAITING


def test_a_launch_error_names_cause_and_cure_and_nobody(client: FlaskClient):
    page = launch(client, aud="somebody-else").text

    assert "meant for another tool" in page
    assert "Ask the person who runs your learning platform" in page
    assert "Leo" not in page
    assert "leo@campus.example" not in page


def test_eight_first_launches_at_once_are_all_let_in(app: Flask, session: Session, web: FakeWeb):
    """Whoever arrives while another fetches the platform's keys waits for them instead of being refused."""
    session.rollback()
    together = threading.Barrier(8, timeout=20)
    page, verdicts = web.pages[f"{ISSUER}/jwks"], []

    def slowly() -> Answer:
        time.sleep(0.3)
        return Answer(200, {}, json.dumps(page).encode(), f"{ISSUER}/jwks")

    web.pages[f"{ISSUER}/jwks"] = slowly

    def arrive(number: int) -> None:
        client = app.test_client()
        asked = start(client)
        together.wait()
        verdicts.append(verdict(launch(client, asked=asked, sub=f"learner{number}")))

    threads = [threading.Thread(target=arrive, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts == ["ok"] * 8
    assert web.asked.count(f"GET {ISSUER}/jwks") == 1


def test_one_person_launching_eight_times_at_once_is_let_in_each_time(app: Flask, session: Session):
    session.rollback()
    together, verdicts = threading.Barrier(8, timeout=20), []

    def arrive() -> None:
        client = app.test_client()
        asked = start(client)
        together.wait()
        verdicts.append(verdict(launch(client, asked=asked)))

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts == ["ok"] * 8
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_an_unsigned_token_learns_nothing_and_breaks_nothing(client: FlaskClient):
    asked = start(client)
    body = claims(deployment_id="\ud800")
    token = f"{_encoded({'alg': 'RS256', 'kid': 'one'})}.{_encoded(body)}.c2lnbmF0dXJl"

    assert verdict(client.post("/lti/launch", data={"state": asked["state"], "id_token": token})) == "bad_token"
    assert verdict(launch(client, asked=asked)) == "state_spent"


def test_keys_that_cannot_be_had_are_never_called_unknown(
    client: FlaskClient, web: FakeWeb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(platform_keys, "PATIENCE", 0.1)
    page = web.pages.pop(f"{ISSUER}/jwks")

    assert [verdict(launch(client)) for _ in range(2)] == ["keys_unavailable"] * 2
    web.pages[f"{ISSUER}/jwks"] = page
    with clock.moved_by(timedelta(seconds=61)):
        assert verdict(launch(client)) == "ok"


def test_keys_older_than_a_day_are_never_trusted(client: FlaskClient, web: FakeWeb, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(platform_keys, "PATIENCE", 0.1)
    launch(client)
    del web.pages[f"{ISSUER}/jwks"]

    with clock.moved_by(timedelta(days=2)):
        at = int(clock.now().timestamp())
        assert [verdict(launch(client, iat=at, exp=at + 60)) for _ in range(2)] == ["keys_unavailable"] * 2
