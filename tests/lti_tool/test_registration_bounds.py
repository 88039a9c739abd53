"""An LMS that registers itself has so many bytes and so many seconds, for describing itself and for its answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Platform, Standing
from lti_tool.outgoing import connecting
from lti_tool.registering import introducing, registration, registration_views
from tests.lti_tool.hostile.serving import Handle, answered, serving
from tests.lti_tool.outcomes import row_counts
from tests.lti_tool.registering import Invited, invite, opened, pressed, words
from tests.lti_tool.test_registration import configuration

DESCRIBES, ANSWERS = "GET", "POST"
PATHS = {DESCRIBES: ["/openid-configuration"], ANSWERS: ["/openid-configuration", "/register"]}
SENTENCES = {
    DESCRIBES: "The configuration of the learning platform could not be read: 127.0.0.1 {why}.",
    ANSWERS: "The learning platform did not take the registration: 127.0.0.1 {why}. "
    "If a tool named Mentoring was added there all the same, delete it before you try again.",
}
GOOD_STILL = "What you can do: The invitation can still be used."


def said_by(handler: BaseHTTPRequestHandler) -> bytes:
    """What an honest LMS says at this point."""
    here = f"http://127.0.0.1:{handler.server.server_port}"  # type: ignore[attr-defined]
    if handler.command == ANSWERS:
        return json.dumps({"client_id": "c1", introducing.TOOL_CONFIGURATION: {"deployment_id": "7"}}).encode()
    names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks"}
    endpoints: dict[str, Any] = {each: f"{here}/{path}" for each, path in names.items()}
    return json.dumps(configuration(issuer=here, registration_endpoint=f"{here}/register", **endpoints)).encode()


def padded(handler: BaseHTTPRequestHandler, size: int) -> None:
    """All that belongs there, and white space up to this size."""
    answered(handler, 200, said_by(handler).ljust(size))


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(said_by(handler))
    while True:
        handler.wfile.write(b" " * 65536)


@dataclass
class Lms:
    """On a port of its own; at some point it may do something else than say what it should."""

    link: str
    is_over: threading.Event = field(default_factory=threading.Event)
    instead: dict[str, Handle] = field(default_factory=dict)
    source: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        self.instead.get(handler.command, lambda asking: answered(asking, 200, said_by(asking)))(handler)

    def drip(self, handler: BaseHTTPRequestHandler, begin: bytes) -> None:
        """A byte now and then: never silent for long, and never done."""
        handler.wfile.write(begin)
        while not self.is_over.wait(0.02):
            handler.wfile.write(b" ")

    def late(self, handler: BaseHTTPRequestHandler, seconds: float) -> None:
        self.is_over.wait(seconds)
        answered(handler, 200, said_by(handler))

    def register(self, client: FlaskClient) -> tuple[int, str]:
        """The whole way through the pages: the status and the words at the end."""
        page = opened(client, self.link, openid_configuration=self.source)
        assert page.status_code == 200, page.text
        done = pressed(client, page)
        return done.status_code, words(done)

    @property
    def paths(self) -> list[str]:
        return [each["path"] for each in self.asked]


@pytest.fixture
def invited(session: Session) -> Invited:
    return invite()


@pytest.fixture
def lms(app: Flask, invited: Invited) -> Iterator[Lms]:
    """Asked by the application's own client."""
    lms = Lms(invited.link)
    with serving(lms.handle) as (url, lms.asked):
        lms.source = url.replace("/jwks", "/openid-configuration")
        yield lms
        lms.is_over.set()


def refused_as(lms: Lms, client: FlaskClient, session: Session, invited: Invited, when: str, why: str) -> None:
    """Registering is refused in this sentence, nothing is kept, and afterwards the same invitation does it."""
    before = row_counts(session)

    status, said = lms.register(client)

    assert (status, lms.paths) == (502, PATHS[when])
    assert said.startswith(f"The tool was not added {SENTENCES[when].format(why=why)} {GOOD_STILL}")
    assert (row_counts(session), invited.state, invited.row.held_until) == (before, "open", None)
    lms.instead.clear()
    assert lms.register(client)[0] == 200
    assert (invited.state, [each.standing for each in session.scalars(select(Platform))]) == (
        "used",
        [Standing.WAITING],
    )


TOO_LARGE: dict[str, Handle] = {
    "a byte too many": partial(padded, size=registration.MOST_BYTES + 1),
    "endless": endless,
}


@pytest.mark.parametrize("when", [DESCRIBES, ANSWERS])
@pytest.mark.parametrize("large", TOO_LARGE.values(), ids=list(TOO_LARGE))
def test_more_than_any_honest_lms_says_is_not_read(
    lms: Lms, client: FlaskClient, session: Session, invited: Invited, when: str, large: Handle
):
    lms.instead[when] = large

    refused_as(lms, client, session, invited, when, "sent more than 262144 bytes")


def test_what_is_as_large_as_may_be_is_read(lms: Lms, client: FlaskClient):
    lms.instead = dict.fromkeys((DESCRIBES, ANSWERS), partial(padded, size=registration.MOST_BYTES))

    assert lms.register(client)[0] == 200


DRIPS = {"head": b"HTTP/1.0 200 OK\r\nX-Slow: ", "body": b"HTTP/1.0 200 OK\r\nContent-Length: 9999\r\n\r\n{"}


@pytest.mark.parametrize("when", [DESCRIBES, ANSWERS])
@pytest.mark.parametrize("begin", DRIPS.values(), ids=list(DRIPS))
def test_an_lms_that_drips_is_left_after_the_time_of_a_call(
    lms: Lms,
    client: FlaskClient,
    session: Session,
    invited: Invited,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    begin: bytes,
):
    monkeypatch.setattr(connecting, "TOTAL", 0.5)
    lms.instead[when] = partial(lms.drip, begin=begin)

    refused_as(lms, client, session, invited, when, "did not answer in time")


def test_an_administrator_waits_ten_seconds_in_all_and_not_for_each_call(
    lms: Lms, client: FlaskClient, session: Session, invited: Invited, monkeypatch: pytest.MonkeyPatch
):
    """Each of the two is late on its own, and neither too late."""
    assert registration_views.LONGEST_PAGE <= 10
    monkeypatch.setattr(registration_views, "LONGEST_PAGE", 2.0)
    lms.instead = {DESCRIBES: partial(lms.late, seconds=0.5), ANSWERS: partial(lms.late, seconds=9.0)}
    began = time.monotonic()

    status, said = lms.register(client)

    assert (status, "did not answer in time" in said, time.monotonic() - began < 7) == (502, True, True)
    assert (session.scalars(select(Platform)).all(), invited.state) == ([], "open")
