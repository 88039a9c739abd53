"""JWKS: key sets that are broken, late, endless, elsewhere or gone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock, platform_keys
from lti_tool.arrivals import views
from lti_tool.claims import MEMBERSHIP, NRPS
from lti_tool.models import Platform
from lti_tool.outgoing import connecting
from lti_tool.outgoing.http import Answer
from tests.lti_tool.hostile.serving import Handle, Hang, answered, dripping, serving, silent
from tests.lti_tool.hostile.trying import Trying, bent
from tests.lti_tool.launching import ISSUER, FakeWeb, claims, key_set, launch, public_jwk, sign, start
from tests.lti_tool.outcomes import refused, shown_on

KEYS = f"{ISSUER}/jwks"
UNAVAILABLE = "keys_unavailable"


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_keys, "PATIENCE", 0.1)


def now(**changes: int) -> dict[str, int]:
    """Times for a token made under a clock that was moved."""
    at = int(clock.now().timestamp())
    return {"iat": at, "exp": at + 60, **changes}


NO_KEYS = {
    "JWKS-01": ({}, UNAVAILABLE),
    "JWKS-02": ([], UNAVAILABLE),
    "JWKS-02 a text": ("keys", UNAVAILABLE),
    "JWKS-02 null": (None, UNAVAILABLE),
    "no list": ({"keys": {}}, UNAVAILABLE),
    "an empty list": ({"keys": []}, "unknown_key"),
    "keys that are none": (
        {"keys": [1, None, [], {"kid": 5}, {"kty": "oct", "kid": "one", "k": "AAAA"}]},
        "unknown_key",
    ),
}


@pytest.mark.parametrize(("document", "code"), NO_KEYS.values(), ids=list(NO_KEYS))
def test_a_key_set_without_keys_is_a_page_and_not_a_crash(
    client: FlaskClient, web: FakeWeb, document: object, code: str
):
    body = json.dumps(document).encode()
    web.pages[KEYS] = lambda: Answer(200, {}, body, KEYS)

    answer = launch(client)

    assert (answer.status_code, shown_on(answer)) == ({"unknown_key": 401, UNAVAILABLE: 503}[code], code)


BROKEN = {
    "JWKS-03": {"kty": "RSA", "kid": "bad", "n": "!", "e": "AQAB"},
    "JWKS-03 no numbers": {"kty": "RSA", "kid": "bad"},
    "JWKS-03 numbers of another kind": {"kty": "RSA", "kid": "bad", "n": 5, "e": []},
    "JWKS-03 nothing": {},
    "JWKS-03 a text": "key",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_one_broken_key_does_not_spoil_the_others(client: FlaskClient, web: FakeWeb, broken: object):
    web.pages[KEYS] = {"keys": [broken, public_jwk("one")]}

    assert launch(client).status_code == 303


def test_a_hundred_made_up_key_ids_cost_the_platform_one_question_a_minute(trying: Trying, web: FakeWeb):
    """JWKS-06"""
    outcomes = {trying.token(bent(header={"kid": f"made-up-{n}"})) for n in range(100)}
    assert (outcomes, web.asked) == ({refused("unknown_key", 401)}, [])

    with clock.moved_by(timedelta(seconds=61)):
        codes = {trying.launch(header=None, key="made-up", **now()) for _ in range(3)}
    assert (codes, web.asked) == ({"unknown_key"}, [f"GET {KEYS}"])


def test_known_keys_serve_while_the_platform_is_broken(trying: Trying, web: FakeWeb):
    """JWKS-10"""
    web.pages[KEYS] = lambda: Answer(500, {}, json.dumps(key_set("evil")).encode(), KEYS)

    with clock.moved_by(timedelta(hours=3)):
        assert (trying.launch(**now()), trying.launch(key="evil", **now())) == ("ok", UNAVAILABLE)
    with clock.moved_by(timedelta(days=2)):
        assert [trying.launch(**now()) for _ in range(2)] == [UNAVAILABLE] * 2


def test_hourly_rotation_costs_one_question_an_hour(trying: Trying, web: FakeWeb):
    """JWKS-11: D2L names a new key every hour and forbids keeping the old ones."""
    for hour in range(1, 4):
        web.pages[KEYS] = lambda hour=hour: Answer(
            200, {"cache-control": "no-store"}, json.dumps(key_set(f"hour {hour}")).encode(), KEYS
        )
        with clock.moved_by(timedelta(hours=hour, minutes=1)):
            assert [trying.launch(key=f"hour {hour}", **now()) for _ in range(2)] == ["ok"] * 2

    assert web.asked == [f"GET {KEYS}"] * 3


@pytest.fixture
def launched(app: Flask, platform: Platform, session: Session) -> Callable[[Handle], tuple[str, list[dict[str, str]]]]:
    """Launch while the platform's keys come from such a server, asked by the application's own client."""

    def launched(handle: Handle) -> tuple[str, list[dict[str, str]]]:
        with serving(handle) as (url, asked):
            platform.jwks_url = url
            session.commit()
            answer = launch(app.test_client())
            return ("ok" if answer.status_code == 303 else shown_on(answer)), asked

    return launched


Launched = Callable[[Handle], tuple[str, list[dict[str, str]]]]
GOOD = json.dumps(key_set("one")).encode()


@pytest.mark.parametrize("hang", [silent, dripping])
def test_a_platform_that_hangs_for_two_minutes_costs_seconds_and_frees_the_worker(
    app: Flask,
    client: FlaskClient,
    platform: Platform,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    hang: Hang,
):
    """JWKS-07: the page comes while the server still hangs, by the bounds of a call made a tenth."""
    assert (connecting.READ, connecting.TOTAL) == (5, 10)
    monkeypatch.setattr(connecting, "READ", 0.5)
    monkeypatch.setattr(connecting, "TOTAL", 1.0)
    over = threading.Event()

    with serving(lambda handler: hang(handler, over)) as (url, asked):
        platform.jwks_url = url
        session.commit()
        began = time.monotonic()
        code = shown_on(launch(client))
        took = time.monotonic() - began
        platform.jwks_url = KEYS
        session.commit()
        app.extensions["http"] = FakeWeb(pages={KEYS: key_set("one")})
        freed = launch(client).status_code
        still_hangs = not over.is_set()
        over.set()

    assert (code, len(asked), 0.4 < took < 5) == (UNAVAILABLE, 1, True)
    assert (still_hangs, freed) == (True, 303)


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65536)


def test_an_endless_key_set_is_broken_off(launched: Launched):
    """JWKS-08"""
    assert launched(_endless)[0] == UNAVAILABLE


def test_a_key_set_of_a_megabyte_is_not_read(launched: Launched):
    """JWKS-08"""
    assert launched(lambda handler: answered(handler, 200, GOOD + b" " * 1_000_000))[0] == UNAVAILABLE


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_wherever_it_leads(launched: Launched, status: int):
    """JWKS-09"""
    for place in ("http://169.254.169.254/", "/elsewhere"):
        code, asked = launched(partial(answered, status=status, body=GOOD, Location=place))

        assert (code, [each["path"] for each in asked]) == (UNAVAILABLE, ["/jwks"])


def test_we_say_who_is_asking(launched: Launched):
    """JWKS-12"""
    code, [asked] = launched(lambda handler: answered(handler, 200, GOOD))

    assert (code, asked["user-agent"].partition("/")[0]) == ("ok", "lti-mentoring")


def test_a_token_of_a_platform_whose_keys_are_gone_waits_for_nobody(app: Flask, web: FakeWeb, client: FlaskClient):
    """JWKS-07: whoever comes after the first is told at once."""
    asked = [start(client) for _ in range(2)]
    del web.pages[KEYS]
    began = time.monotonic()

    codes = [
        shown_on(
            client.post(
                "/lti/launch", data={"state": each["state"], "id_token": sign({"nonce": each["nonce"], **claims()})}
            )
        )
        for each in asked
    ]

    assert (codes, time.monotonic() - began < 5) == ([UNAVAILABLE] * 2, True)
    assert web.asked == [f"GET {KEYS}"]


def test_whoever_waits_for_keys_hears_at_once_that_fetching_them_failed(
    app: Flask, web: FakeWeb, monkeypatch: pytest.MonkeyPatch
):
    """However many click while an LMS is dead, nobody waits longer than the one who asks it."""
    monkeypatch.setattr(platform_keys, "PATIENCE", 30.0)
    is_asked, may_fail = threading.Event(), threading.Event()

    def dead() -> Answer:
        is_asked.set()
        assert may_fail.wait(10)
        return Answer(503, {}, b"", KEYS)

    web.pages[KEYS] = dead
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(shown_on(launch(app.test_client())))) for _ in range(4)]
    began = time.monotonic()
    threads[0].start()
    assert is_asked.wait(10)
    for thread in threads[1:]:
        thread.start()
    time.sleep(0.3)
    waiting = list(codes)
    may_fail.set()
    for thread in threads:
        thread.join()

    assert (waiting, codes) == ([], [UNAVAILABLE] * 4)
    assert time.monotonic() - began < 10


def test_nobody_waits_for_an_lms_longer_than_a_moment(app: Flask, web: FakeWeb):
    """Those who click meanwhile leave their threads to others, and their launch stays good."""
    is_asked, may_answer = threading.Event(), threading.Event()

    def slow() -> Answer:
        is_asked.set()
        assert may_answer.wait(10)
        return Answer(200, {}, json.dumps(key_set("one")).encode(), KEYS)

    web.pages[KEYS] = slow
    first = threading.Thread(target=lambda: launch(app.test_client()))
    first.start()
    assert is_asked.wait(10)
    client = app.test_client()
    asked = start(client)

    meanwhile = launch(client, asked=asked)
    may_answer.set()
    first.join()

    assert shown_on(meanwhile) == UNAVAILABLE
    assert launch(client, asked=asked).status_code == 303


def test_a_clock_that_was_ahead_keeps_nobody_out_once_it_is_right_again(trying: Trying, web: FakeWeb):
    """JWKS-06: the keys seem to have been fetched tomorrow, and the platform to have been asked a moment ago."""
    with clock.moved_by(timedelta(days=1)):
        trying.forget_keys()
        assert trying.launch(**now()) == "ok"
    web.pages[KEYS] = key_set("two")

    assert trying.launch(key="two") == "ok"


def test_a_made_up_key_id_takes_no_writers_turn(trying: Trying, monkeypatch: pytest.MonkeyPatch):
    """JWKS-06: anybody can send one, a hundred times a second."""
    monkeypatch.setattr(platform_keys, "transaction", lambda: pytest.fail("It queued up as a writer."))

    assert platform_keys.find(KEYS, "made-up") is None


def test_an_instructor_waits_for_a_dead_lms_ten_seconds_in_all_and_not_for_each_call(
    app: Flask, platform: Platform, session: Session, monkeypatch: pytest.MonkeyPatch
):
    """JWKS-07: keys, then a token, then the class list, each late on its own."""
    assert views.LONGEST_PAGE <= 10
    monkeypatch.setattr(views, "LONGEST_PAGE", 2.0)
    over = threading.Event()

    def late(handler: BaseHTTPRequestHandler) -> None:
        if handler.path != "/jwks":
            over.wait(8)
        answered(handler, 200, GOOD)

    with serving(late) as (url, asked):
        platform.jwks_url, platform.token_url = url, url.replace("jwks", "token")
        session.commit()
        teacher: dict[str, Any] = {"sub": "ines", "roles": [f"{MEMBERSHIP}#Instructor"]}
        members: dict[str, Any] = {NRPS: {"context_memberships_url": url.replace("jwks", "members")}}
        began = time.monotonic()
        answer = launch(app.test_client(), **teacher, **members)
        took = time.monotonic() - began
        over.set()

    assert (answer.status_code, [each["path"] for each in asked], took < 5) == (303, ["/jwks", "/token"], True)
