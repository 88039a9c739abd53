"""Browsers that keep no cookie in a frame: the LMS keeps the state, and the visit goes on in a window of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campus.testing import Answer, FormPost
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.arrivals.handing_over import Ticket
from lti_tool.arrivals.sessions import BrowserSession, Visit
from lti_tool.arrivals.states import SpentState
from lti_tool.config import Config
from lti_tool.db import Base, db
from lti_tool.models import Platform
from lti_tool.running.housekeeping import tidy
from tests.conftest import FEATURES, SECRET, OwnContextClient
from tests.journeys.secrecy import Secrets, lines
from tests.lti_tool.launching import ISSUER, FakeWeb, claims, key_set, sign

TOOL = "https://tool.example"
SAID = {
    "iss": ISSUER,
    "login_hint": "leo",
    "target_link_uri": f"{TOOL}/lti/launch",
    "client_id": "campus-tool",
    "lti_message_hint": '{"cmid":7,"launchid":"a+b&c"}',
    "lti_deployment_id": "1",
}
STORING = {"lti_storage_target": "_parent"}
FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
WINDOW = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}
OURS = {"Origin": TOOL, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(database_url: str, tmp_path: Path, session: Session, platform: Platform) -> Iterator[Flask]:
    """The tool as it stands on the web: on https, where frames are on somebody else's site."""
    config = Config(testing=True, root=tmp_path, database_url=database_url, secret_key=SECRET, public_url=TOOL)
    app = create_app(config, FEATURES)
    app.config.update(WTF_CSRF_ENABLED=False, SERVER_NAME="tool.example", PREFERRED_URL_SCHEME="https")
    app.test_client_class = OwnContextClient
    web = FakeWeb()
    web.pages[f"{ISSUER}/jwks"] = key_set("one")
    app.extensions["http"] = web
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(plain_app: Flask) -> Iterator[Session]:
    with plain_app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def plain_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Another process of the tool, through which the test looks at the rows."""
    config = Config(testing=True, root=tmp_path, database_url=database_url, secret_key=SECRET, public_url=TOOL)
    app = create_app(config, [])
    yield app
    with app.app_context():
        db.engine.dispose()


@dataclass
class Frame:
    """A frame in a course page, in a browser that keeps its cookies or does not."""

    app: Flask
    keeps_cookies: bool = False
    headers: Mapping[str, str] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.client = self.app.test_client(use_cookies=self.keeps_cookies)
        self.headers = self.headers or FRAME

    def knock(self, **said: str) -> TestResponse:
        """Begin a login, and once more if the tool asks whether cookies are kept."""
        form = {**SAID, **said}
        answer = self.client.post("/lti/login", data=form, headers=self.headers)
        if answer.status_code != 307:
            return answer
        return self.client.post(answer.location, data=form, headers=self.headers)

    def post(self, address: str, form: Mapping[str, str], **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(address, data=form, headers={**self.headers, **named})


def asked_for(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def vouched(asked: Mapping[str, str], **changes: Any) -> dict[str, str]:
    """What the LMS has the browser post to the tool."""
    body = claims(target_link_uri=f"{TOOL}/lti/launch", **changes)
    return {"state": asked["state"], "id_token": sign({**body, "nonce": asked["nonce"]})}


def told(page: TestResponse) -> dict[str, str]:
    """What the page says to its script."""
    return {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', page.text)}


def form_on(page: TestResponse) -> FormPost:
    return FormPost.read(Answer(200, f"{TOOL}/lti/login", dict(page.headers), page.text))


def rows(session: Session, *models: type[Base]) -> list[int | None]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(model)) for model in models]


def stored_launch(frame: Frame, **changes: Any) -> TestResponse:
    """Login and launch in a frame whose course page keeps the state for it."""
    asked = asked_for(told(frame.knock(**STORING))["onward"])
    question = frame.post("/lti/launch", vouched(asked, **changes))
    form = {**form_on(question).fields, "stored": asked["state"]}
    return frame.post("/lti/launch", form, Origin=TOOL, Sec_Fetch_Site="same-origin")


# Browsers that keep cookies: asked once, and never again.


def test_a_new_browser_is_asked_once_whether_it_keeps_cookies(app: Flask):
    frame = Frame(app, keeps_cookies=True)

    first = frame.client.post("/lti/login", data=SAID, headers=FRAME)
    second = frame.client.post(first.location, data=SAID, headers=FRAME)
    later = frame.client.post("/lti/login", data=SAID, headers=FRAME)

    assert [first.status_code, second.status_code, later.status_code] == [307, 302, 302]
    assert first.location == "/lti/login?cookies=asked"
    assert second.location.startswith(f"{ISSUER}/oidc/auth?")
    assert asked_for(second.location)["lti_message_hint"] == SAID["lti_message_hint"]


def test_a_login_begun_by_an_address_is_sent_round_the_corner_as_it_is(app: Flask):
    frame = Frame(app, keeps_cookies=True)

    first = frame.client.get("/lti/login", query_string=SAID, headers=FRAME)
    second = frame.client.get(first.location, headers=FRAME)

    assert (first.status_code, second.status_code) == (307, 302)
    assert asked_for(second.location)["lti_message_hint"] == SAID["lti_message_hint"]


def test_every_cookie_is_made_for_the_frame(app: Flask):
    """COOKIE-02"""
    frame = Frame(app, keeps_cookies=True)

    login = frame.client.post("/lti/login", data=SAID, headers=FRAME)
    onward = frame.client.post(login.location, data=SAID, headers=FRAME)
    launch = frame.post("/lti/launch", vouched(asked_for(onward.location)))

    cookies = [answer.headers.getlist("Set-Cookie") for answer in (login, onward, launch)]
    assert [[each.partition("=")[0][:16] for each in one] for one in cookies] == [
        ["__Host-lti-cooki"],
        ["__Host-lti-state"],
        ["__Host-lti-state", "__Host-mentoring"],
    ]
    for each in (cookie for one in cookies for cookie in one):
        assert [word in each for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/")] == [True] * 5


def test_a_launch_in_a_frame_that_keeps_cookies_works_whatever_storage_is_offered(app: Flask):
    frame = Frame(app, keeps_cookies=True)

    onward = frame.knock(**STORING)
    answer = frame.post("/lti/launch", vouched(asked_for(onward.location)))

    assert (onward.status_code, answer.status_code) == (302, 303)
    assert frame.client.get(answer.location, headers=FRAME).status_code == 200


@pytest.mark.parametrize("keeps_cookies", [True, False])
def test_a_window_of_its_own_is_at_home_and_asked_nothing(app: Flask, keeps_cookies: bool):
    """PLAT-10"""
    window = Frame(app, keeps_cookies, headers=WINDOW)

    assert window.client.post("/lti/login", data={**SAID, **STORING}, headers=WINDOW).status_code == 302


def test_on_http_nobody_is_asked(app: Flask):
    app.config["IS_HTTPS"] = False

    assert Frame(app).client.post("/lti/login", data=SAID, headers=FRAME).status_code == 302


# Nothing is kept at all: the same login in a window of its own.


def test_where_nothing_is_kept_the_same_login_begins_in_a_window_of_its_own(app: Flask, session: Session):
    """LOGIN-11: the page is shown, before the LMS has used up its hint, and what it offers works."""
    page = Frame(app).knock()
    form = form_on(page)
    window = Frame(app, keeps_cookies=True, headers=WINDOW)
    onward = window.client.post(form.url, data=form.fields, headers={**WINDOW, **OURS})
    answer = window.post("/lti/launch", vouched(asked_for(onward.location)))

    assert page.status_code == 200
    assert 'target="_blank"' in page.text
    assert (form.url, form.fields) == (f"{TOOL}/lti/login", SAID)
    assert "Set-Cookie" not in page.headers
    assert answer.status_code == 303
    assert window.client.get(answer.location, headers=WINDOW).status_code == 200


def test_the_page_writes_nothing(app: Flask, session: Session):
    Frame(app).knock()

    assert rows(session, SpentState, BrowserSession, Ticket) == [0, 0, 0]


@pytest.mark.parametrize("name", ["login_hint", "lti_message_hint", "lti_storage_target"])
@pytest.mark.parametrize("evil", ['"><script>alert(1)</script>', "' onload='alert(1)", "</form><form action=//evil>"])
def test_whatever_a_login_says_is_only_text_on_the_page(app: Flask, name: str, evil: str):
    """LOGIN-08"""
    page = Frame(app).knock(**{name: evil})

    assert page.status_code == 200
    assert evil not in page.text
    assert form_on(page).fields == {**SAID, **({name: evil} if name in SAID else {})}


def test_a_strange_name_of_a_frame_is_no_offer(app: Flask):
    page = Frame(app).knock(lti_storage_target="a b")

    assert told(page) == {}


# The LMS's page keeps the state.


def test_where_storage_is_offered_the_state_goes_there_before_the_browser_goes_on(app: Flask):
    page = Frame(app).knock(lti_storage_target="post_message_forwarding")

    said = told(page)
    asked = asked_for(said["onward"])
    assert {name: said[name] for name in ("act", "target", "origin", "value")} == {
        "act": "put",
        "target": "post_message_forwarding",
        "origin": ISSUER,
        "value": asked["state"],
    }
    assert said["onward"].startswith(f"{ISSUER}/oidc/auth?")
    assert form_on(page).fields == SAID


def test_a_launch_whose_state_the_lms_kept_goes_on_in_a_window_by_a_ticket(app: Flask, session: Session):
    frame = Frame(app)
    page = stored_launch(frame)
    window = Frame(app, keeps_cookies=True, headers=WINDOW)

    ticket = form_on(page)
    opened = window.post("/lti/open", ticket.fields, Origin=TOOL, Sec_Fetch_Site="same-origin")

    assert (page.status_code, page.headers.getlist("Set-Cookie")) == (200, [])
    assert (ticket.url, list(ticket.fields)) == (f"{TOOL}/lti/open", ["ticket"])
    assert opened.status_code == 303
    assert ticket.fields["ticket"] not in opened.location
    assert window.client.get(opened.location, headers=WINDOW).status_code == 200
    assert ticket.fields["ticket"] not in session.scalars(select(Ticket.key)).one()


def test_asking_the_lms_for_the_state_changes_nothing_and_puts_no_token_into_an_address(app: Flask, session: Session):
    frame = Frame(app)
    asked = asked_for(told(frame.knock(**STORING))["onward"])
    form = vouched(asked)

    page = frame.post("/lti/launch", form)

    said = told(page)
    assert page.status_code == 200
    assert (said["act"], said["origin"], said["target"]) == ("get", ISSUER, "_parent")
    assert asked["state"] not in said.values()
    assert form_on(page).fields == {**form, "stored": ""}
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("same-origin", "no-store")
    assert rows(session, BrowserSession, Ticket) == [0, 0]
    assert rows(session, SpentState) == [0]


@pytest.mark.parametrize(
    ("headers", "stored"),
    [
        pytest.param({}, "right", id="STATE-07"),
        pytest.param({"Origin": "https://evil.example"}, "right", id="STATE-07-evil"),
        pytest.param({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, "right", id="STATE-07-null"),
        pytest.param({"Origin": TOOL, "Sec-Fetch-Site": "cross-site"}, "right", id="STATE-07-cross"),
        pytest.param(OURS, "", id="STATE-13"),
        pytest.param(OURS, "another state", id="STATE-14"),
    ],
)
def test_a_state_that_our_page_did_not_fetch_lets_nobody_in(
    app: Flask, session: Session, headers: dict[str, str], stored: str
):
    """Whoever lures a browser here knows their own state; only our page can have asked this browser's LMS."""
    frame = Frame(app)
    asked = asked_for(told(frame.knock(**STORING))["onward"])
    form = {**vouched(asked), "stored": asked["state"] if stored == "right" else stored}

    answer = frame.client.post("/lti/launch", data=form, headers={**FRAME, **headers})

    assert answer.status_code == 400
    assert "state_cookie" in answer.text
    assert rows(session, BrowserSession, Ticket) == [0, 0]


def test_a_fetched_state_does_not_help_a_login_that_was_given_a_cookie(app: Flask, session: Session):
    """STATE-13"""
    asked = asked_for(Frame(app, keeps_cookies=True).knock(**STORING).location)
    thief = Frame(app)

    without = thief.post("/lti/launch", vouched(asked))
    claimed = thief.post("/lti/launch", {**vouched(asked), "stored": asked["state"]}, Origin=TOOL)

    assert (without.status_code, claimed.status_code) == (400, 400)
    assert rows(session, BrowserSession, Ticket) == [0, 0]


def test_a_launch_that_ends_in_a_window_is_not_tied_by_storage(app: Flask):
    """Storage belongs to a frame; posted to a window of its own the launch was sent from somewhere else."""
    asked = asked_for(told(Frame(app).knock(**STORING))["onward"])

    answer = Frame(app, headers=WINDOW).post("/lti/launch", vouched(asked))

    assert (answer.status_code, "state_cookie" in answer.text) == (400, True)


def test_a_stored_state_is_good_for_one_launch(app: Flask):
    """STATE-03"""
    frame = Frame(app)
    asked = asked_for(told(frame.knock(**STORING))["onward"])
    form = {**vouched(asked), "stored": asked["state"]}

    answers = [frame.client.post("/lti/launch", data=form, headers={**FRAME, **OURS}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert "already" in answers[1].text


# The ticket.


def ticket_of(app: Flask, **changes: Any) -> dict[str, str]:
    return form_on(stored_launch(Frame(app), **changes)).fields


def test_a_ticket_works_once(app: Flask):
    form = ticket_of(app)
    answers = [app.test_client().post("/lti/open", data=form, headers=OURS) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 410]
    assert "used already" in answers[1].text
    assert "Set-Cookie" not in answers[1].headers


def test_no_ticket_and_nothing_the_lms_kept_is_in_the_log(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """TOKEN-08"""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("lti_tool").setLevel(logging.DEBUG)
    secrets = Secrets(app, monkeypatch)

    form = ticket_of(app)
    statuses = [app.test_client().post("/lti/open", data=form, headers=OURS).status_code for _ in range(2)]

    text = lines(caplog)
    assert statuses == [303, 410]
    assert {"ticket", "state", "id_token"} <= secrets.kinds
    assert "verdict=ok" in text
    assert (secrets.seen_in(text), [name for name in ("Leo", "Nowak", "leo@") if name in text]) == ([], [])


def test_a_ticket_works_for_two_minutes(app: Flask):
    form = ticket_of(app)

    with clock.moved_by(timedelta(minutes=2, seconds=1)):
        assert app.test_client().post("/lti/open", data=form, headers=OURS).status_code == 410


@pytest.mark.parametrize("form", [{}, {"ticket": ""}, {"ticket": "made up"}, {"ticket": "\x00"}])
def test_a_ticket_nobody_was_given_opens_nothing(app: Flask, form: dict[str, str]):
    assert app.test_client().post("/lti/open", data=form, headers=OURS).status_code == 410


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": TOOL, "Sec-Fetch-Site": "cross-site"}],
)
def test_nobody_else_s_page_can_bring_a_ticket(app: Flask, headers: dict[str, str]):
    """STATE-07: who has a ticket of their own cannot make somebody else their double."""
    form = ticket_of(app)

    refused = app.test_client().post("/lti/open", data=form, headers=headers)

    assert (refused.status_code, "Set-Cookie" in refused.headers) == (403, False)
    assert app.test_client().post("/lti/open", data=form, headers=OURS).status_code == 303


def test_a_ticket_is_not_taken_from_an_address(app: Flask):
    assert app.test_client().get("/lti/open?ticket=x", headers=OURS).status_code == 405


OTHER = {"context": {"id": "202", "title": "Another course"}, "resource_link": {"id": "9", "title": "Mentoring"}}


def test_a_second_ticket_of_the_same_person_keeps_the_windows_that_are_open(app: Flask, session: Session):
    window = app.test_client()
    first = window.post("/lti/open", data=ticket_of(app), headers=OURS).location
    key = window.get_cookie("__Host-mentoring")
    second = window.post("/lti/open", data=ticket_of(app, **OTHER), headers=OURS).location

    assert first != second
    assert window.get_cookie("__Host-mentoring") == key
    assert [window.get(page).status_code for page in (first, second)] == [200, 200]
    assert rows(session, BrowserSession, Visit) == [1, 2]


def test_a_ticket_of_somebody_else_ends_the_visit_before(app: Flask, session: Session):
    window = app.test_client()
    leos = window.post("/lti/open", data=ticket_of(app), headers=OURS).location
    mayas = window.post("/lti/open", data=ticket_of(app, sub="maya", name="Maya", **OTHER), headers=OURS).location

    assert [window.get(page).status_code for page in (leos, mayas)] == [404, 200]
    assert rows(session, BrowserSession, Visit) == [1, 1]


def test_tickets_are_cleared_away(app: Flask, session: Session):
    ticket_of(app)

    with clock.moved_by(timedelta(minutes=3)):
        tidy()

    assert rows(session, Ticket, BrowserSession) == [0, 1]


# Errors of the LMS.


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        pytest.param("login_required", "login_required", "not logged in there", id="STATE-17"),
        ("interaction_required", "login_required", "not logged in there"),
        ("invalid_request", "platform_error", "reported an error"),
        ("<script>", "platform_error", "reported an error"),
    ],
)
@pytest.mark.parametrize("keeps_cookies", [True, False])
def test_an_error_of_the_lms_is_explained(app: Flask, error: str, code: str, words: str, keeps_cookies: bool):
    frame = Frame(app, keeps_cookies)
    page = frame.knock(**STORING)
    asked = asked_for(page.location if keeps_cookies else told(page)["onward"])

    answer = frame.post("/lti/launch", {"state": asked["state"], "error": error})

    assert (answer.status_code, code in answer.text, words in answer.text) == (400, True, True)
    assert error not in answer.text or error == code or error == "login_required"


def test_coming_back_with_the_back_button_is_explained(app: Flask):
    """STATE-10"""
    frame = Frame(app, keeps_cookies=True)
    form = vouched(asked_for(frame.knock().location))
    frame.post("/lti/launch", form)

    again = frame.post("/lti/launch", form)

    assert again.status_code == 400
    assert "Back button" in again.text
    assert "open the link there again" in again.text


@pytest.mark.parametrize("how", ["query", "form"])
def test_a_token_in_an_address_is_not_read(app: Flask, how: str):
    """STATE-16"""
    client: FlaskClient = app.test_client()

    assert client.get("/lti/launch?id_token=x&state=y").status_code == 405


# Which pages may frame ours before we know who is there.


def test_a_school_s_own_canvas_is_remembered_for_the_pages_before_a_launch(app: Flask, session: Session):
    """COOKIE-09"""
    frame = Frame(app, keeps_cookies=True)
    presentation = {"document_target": "iframe", "return_url": "https://canvas.school.example/courses/1"}
    before = Frame(app).knock().headers["Content-Security-Policy"]

    frame.post("/lti/launch", vouched(asked_for(frame.knock().location), launch_presentation=presentation))

    after = Frame(app).knock().headers["Content-Security-Policy"]
    assert before.endswith(f"frame-ancestors 'self' {ISSUER}")
    assert after.endswith(f"frame-ancestors 'self' {ISSUER} https://canvas.school.example")
