"""Floods are kept out, and a class of 500 behind one address is not a flood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.app import create_app
from lti_tool.arrivals import flood
from lti_tool.arrivals.flood import Buckets, Guard, Limits
from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.arrivals.verifying import state_cookie
from lti_tool.config import Config
from lti_tool.db import db
from lti_tool.models import Enrolment
from tests.conftest import FEATURES, SECRET
from tests.lti_tool.launching import ISSUER, TARGET, FakeWeb, claims, launch, sign, start

pytestmark = pytest.mark.usefixtures("web")

SCHOOL, HOME = "203.0.113.7", "198.51.100.9"
SAID = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET, "client_id": "campus-tool"}


def knock(app: Flask, address: str = SCHOOL) -> TestResponse:
    return app.test_client().post("/lti/login", data=SAID, environ_base={"REMOTE_ADDR": address})


def limit(app: Flask, **limits: float) -> None:
    app.extensions["flood"] = Guard(Limits(**limits))


def forge(app: Flask, address: str = SCHOOL) -> TestResponse:
    """A launch nobody here began."""
    return app.test_client().post("/lti/launch", data={"state": "made-up"}, environ_base={"REMOTE_ADDR": address})


def test_a_bucket_empties_and_fills_again():
    bucket = Buckets(size=3, a_second=0.5)

    assert [bucket.take("school", 100.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait("school", 100.0) == 2
    assert [bucket.take("school", 102.0), bucket.take("school", 102.0)] == [True, False]
    assert [bucket.take("school", 1000.0) for _ in range(4)] == [True, True, True, False]


def test_a_bucket_of_one_address_is_not_another_s():
    bucket = Buckets(size=1, a_second=1)

    assert [bucket.take("school", 0), bucket.take("home", 0), bucket.take("school", 0)] == [True, True, False]


def test_of_very_many_addresses_the_one_heard_of_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lti_tool.arrivals.flood.MOST_ADDRESSES", 2)
    bucket = Buckets(size=1, a_second=1)

    taken = [bucket.take(address, 0) for address in ("one", "two", "three", "three", "one")]

    assert taken == [True, True, True, False, True]


def test_ten_thousand_logins_in_a_minute_are_too_many_and_a_class_at_once_is_not():
    """LOGIN-10"""
    limits = Limits()
    bucket = Buckets(limits.logins, limits.logins_a_second)

    flood_let_in = sum(bucket.take("flood", second * 60 / 10_000) for second in range(10_000))
    class_let_in = sum(bucket.take("class", 0.0) for _ in range(500 * 2))

    assert (flood_let_in < 3_300, class_let_in) == (True, 1_000)


def test_a_flood_of_logins_is_answered_429_with_a_sentence_and_when_to_come_back(app: Flask, session: Session):
    """LOGIN-10"""
    limit(app, logins=3, logins_a_second=0.1)

    answers = [knock(app) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert answers[-1].headers["Retry-After"] == "10"
    assert "Wait a minute" in answers[-1].text
    assert knock(app, HOME).status_code == 302


def test_a_flood_is_told_once_a_minute(app: Flask, caplog: pytest.LogCaptureFixture):
    limit(app, logins=1, logins_a_second=0.001)

    for _ in range(4):
        knock(app)

    assert caplog.text.count("verdict=too_many") == 1
    assert SCHOOL not in caplog.text


@pytest.mark.slow
def test_a_class_of_500_that_clicks_at_once_from_one_address_is_let_in(app: Flask):
    """LOGIN-10: each in a browser of their own, login and launch."""
    clients = [app.test_client() for _ in range(500)]
    for client in clients:
        client.environ_base["REMOTE_ADDR"] = SCHOOL

    asked = [start(client) for client in clients]
    visits = enumerate(zip(clients, asked, strict=True))
    answers = [launch(client, asked=one, sub=f"p{n}") for n, (client, one) in visits]

    assert {answer.status_code for answer in answers} == {303}


TOOL = "https://tool.example"


@pytest.fixture
def public_app(database_url: str, tmp_path: Path, app: Flask, web: FakeWeb) -> Iterator[Flask]:
    """The same tool as it stands on the web, where a browser has to show that it keeps cookies."""
    config = Config(testing=True, root=tmp_path, database_url=database_url, secret_key=SECRET, public_url=TOOL)
    public = create_app(config, FEATURES)
    public.extensions["http"] = web
    yield public
    with public.app_context():
        db.engine.dispose()


@dataclass
class Pupil:
    """Somebody in a browser of their own, in a frame on the LMS's site, behind the school's one address."""

    client: FlaskClient
    subject: str
    page: str = ""

    def opens_the_tool(self) -> list[int]:
        """Login, the same once more with a cookie, and launch: the status of each."""
        said = {**SAID, "target_link_uri": f"{TOOL}/lti/launch"}
        first = self._post("/lti/login", said)
        second = self._post(first.headers.get("Location", "/lti/login"), said)
        asked = dict(parse_qsl(urlsplit(second.headers.get("Location", "")).query))
        body = {**claims(sub=self.subject, target_link_uri=f"{TOOL}/lti/launch"), "nonce": asked.get("nonce", "")}
        third = self._post("/lti/launch", {"state": asked.get("state", ""), "id_token": sign(body)})
        self.page = third.headers.get("Location", "/nowhere")
        return [each.status_code for each in (first, second, third)]

    def _post(self, address: str, fields: dict[str, str]) -> TestResponse:
        return self.client.post(address, data=fields, base_url=TOOL, headers=IN_A_FRAME)


IN_A_FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.slow
def test_a_class_of_500_in_frames_knocks_twice_each_from_one_address_and_is_let_in(public_app: Flask):
    """LOGIN-10: a thousand logins and five hundred launches, on https, by as many threads as a server has."""
    pupils = [Pupil(public_app.test_client(), f"pupil-{number}") for number in range(500)]
    for each in pupils:
        each.client.environ_base["REMOTE_ADDR"] = SCHOOL

    with ThreadPoolExecutor(8) as threads:
        came = Counter(tuple(statuses) for statuses in threads.map(Pupil.opens_the_tool, pupils))

    assert came == {(307, 302, 303): 500}
    assert {each.client.get(each.page, base_url=TOOL).status_code for each in pupils[::50]} == {200}
    with public_app.app_context():
        assert db.session.scalar(select(func.count(Enrolment.id))) == 500
        assert db.session.scalar(select(func.count(BrowserSession.id))) == 500


def test_after_many_failures_an_address_has_to_wait(app: Flask):
    limit(app, failures=3, failures_a_second=0.5)

    assert [forge(app).status_code for _ in range(5)] == [400, 400, 400, 429, 429]
    assert forge(app, HOME).status_code == 400


def test_who_began_a_visit_is_let_in_whatever_others_at_their_school_do(app: Flask, client: FlaskClient):
    limit(app, failures=1, failures_a_second=0.001)
    forge(app)
    assert forge(app).status_code == 429
    client.environ_base["REMOTE_ADDR"] = SCHOOL

    assert launch(client).status_code == 303


def test_a_cookie_that_a_browser_made_up_opens_no_way_around_the_wait(app: Flask):
    """Whoever invents a state can invent its cookie as well."""
    limit(app, failures=3, failures_a_second=0.001)

    statuses = []
    for _ in range(5):
        browser = app.test_client()
        with app.test_request_context():
            browser.set_cookie(state_cookie("made-up"), "made-up")
        statuses.append(forge_with(browser).status_code)

    assert statuses == [400, 400, 400, 429, 429]


def forge_with(browser: FlaskClient) -> TestResponse:
    return browser.post("/lti/launch", data={"state": "made-up"}, environ_base={"REMOTE_ADDR": SCHOOL})


def test_a_browser_that_began_a_visit_may_not_fail_for_ever(app: Flask, client: FlaskClient):
    limit(app, failures=1, failures_a_second=0.001)
    forge(app)
    client.environ_base["REMOTE_ADDR"] = SCHOOL
    asked = start(client)
    bad = {"state": asked["state"], "id_token": "a.b.c"}

    statuses = [client.post("/lti/launch", data=bad).status_code for _ in range(5)]

    assert statuses == [400, 400, 400, 429, 429]


def test_on_https_this_machine_is_a_nameless_proxy_and_has_limits_like_everybody(app: Flask):
    """Else a tool behind a proxy, without TRUSTED_PROXIES, had none at all."""
    app.config["PUBLIC_URL"] = "https://mentoring.example"
    limit(app, failures=1, failures_a_second=0.001)

    assert [forge(app, "127.0.0.1").status_code for _ in range(2)] == [400, 429]


def test_a_clock_that_was_set_back_keeps_nobody_waiting_for_the_time_it_was_ahead():
    bucket = Buckets(size=1, a_second=0.5)
    bucket.take("school", 90_000.0)

    assert [bucket.is_empty("school", at) for at in (90_000.0, 10_000.0, 10_001.0)] == [True, False, False]


def test_a_launch_with_a_wrong_token_counts_as_failed(app: Flask, client: FlaskClient):
    limit(app, failures=1, failures_a_second=0.001)
    client.environ_base["REMOTE_ADDR"] = SCHOOL
    asked = start(client)

    forged = sign({**claims(), "nonce": asked["nonce"]}, key="another", header={"kid": "one"})
    assert client.post("/lti/launch", data={"state": asked["state"], "id_token": forged}).status_code == 401

    assert forge(app).status_code == 429


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("unix:", ""),
    ],
)
def test_an_address_stands_for_its_network_and_this_machine_for_nobody(app: Flask, address: str, network: str):
    with app.test_request_context("/lti/login", environ_base={"REMOTE_ADDR": address}):
        assert flood.network() == network


@pytest.mark.parametrize(("proxies", "network"), [(0, "203.0.113.7"), (1, "198.51.100.9")])
def test_behind_a_proxy_the_address_is_the_visitor_s_only_if_the_proxy_is_trusted(
    tmp_path: Path, database_url: str, proxies: int, network: str
):
    config = Config(
        testing=True, root=tmp_path, database_url=database_url, secret_key="x" * 40, trusted_proxies=proxies
    )
    app = create_app(config, [])
    app.add_url_rule("/whoami", view_func=flood.network)

    heard = app.test_client().get("/whoami", headers={"X-Forwarded-For": HOME}, environ_base={"REMOTE_ADDR": SCHOOL})

    assert heard.text == network
    with app.app_context():
        db.engine.dispose()
