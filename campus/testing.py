"""For other people's tests: a campus in a thread, its state at hand, and whole launches without a browser.

    with running_campus(tool="http://localhost:8000") as campus:
        launched = launch(campus.visitor("leo"), "quiz", FlaskBrowser(tool_app.test_client()))
        assert launched.answer.status == 303

Everything goes through the doors a browser uses; only state is read and switched in-process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from threading import Thread
from typing import Any, Protocol
from urllib.parse import urljoin

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer

from campus import gradebook, notices, registration
from campus.app import create_app
from campus.controls import expire_tokens
from campus.faults import Faults
from campus.gradebook import Column
from campus.keys import make_key
from campus.people import Person, Role, Status
from campus.platform import Campus
from campus.seed import FIRST_COURSE
from campus.serving import listen, serve_on
from campus.settings import Settings
from campus.state import grades, score_log, state_of
from campus.tools import Tool
from campus.traffic import Asked


@dataclass(frozen=True)
class Answer:
    """What came back, from a server or from a Flask test client."""

    status: int
    url: str
    headers: Mapping[str, str]
    text: str

    @property
    def goes_to(self) -> str:
        """The absolute address of a redirect. Raises AssertionError if this is none."""
        assert self.status in (301, 302, 303, 307, 308), f"{self.url} answered {self.status}: {self.text[:500]}"
        return urljoin(self.url, self.headers["Location"])


class Browser(Protocol):
    """Something with a cookie jar that sends one request and follows nothing."""

    def send(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> Answer: ...


class FlaskBrowser:
    """A Flask test client as a browser; addresses are absolute, as in life."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def send(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> Answer:
        response = self.client.open(url, method=method, data=dict(fields) if fields is not None else None)
        return Answer(response.status_code, url, dict(response.headers), response.get_data(as_text=True))


class HttpBrowser:
    """Real HTTP with a cookie jar of its own."""

    def __init__(self, session: requests.Session | None = None, *, timeout: float = 30.0) -> None:
        self.session = session or requests.Session()
        self.timeout = timeout

    def send(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> Answer:
        response = self.session.request(method, url, data=fields, allow_redirects=False, timeout=self.timeout)
        return Answer(response.status_code, url, dict(response.headers), response.text)


@dataclass(frozen=True)
class FormPost:
    """A form that a browser would post by itself: where to, and its fields."""

    url: str
    fields: dict[str, str]

    @classmethod
    def read(cls, answer: Answer) -> FormPost:
        """The form on this page. Raises AssertionError with the page's text if there is none."""
        reader = _FormReader()
        reader.feed(answer.text)
        complaint = f"{answer.url} answered {answer.status} without a form: {' '.join(reader.words)}"
        assert answer.status == 200, complaint
        assert reader.action is not None, complaint
        return cls(urljoin(answer.url, reader.action), reader.fields)

    def sent_by(self, browser: Browser) -> Answer:
        return browser.send("POST", self.url, self.fields)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form" and said.get("method") == "post":
            self.action = said.get("action") or ""
        if tag == "input" and said.get("type") == "hidden":
            self.fields[said.get("name") or ""] = said.get("value") or ""

    def handle_data(self, data: str) -> None:
        self.words.extend(data.split())


@dataclass(frozen=True)
class Visitor:
    """One person at one browser, logged in to the campus."""

    browser: Browser
    campus_url: str

    def start(self, placement: str, *, course: str = FIRST_COURSE, target: str = "iframe") -> FormPost:
        """Open an activity (`mentoring` or `quiz`): the login initiation about to be posted to the tool."""
        address = f"{self.campus_url}/courses/{course}/{placement}/start?target={target}"
        return FormPost.read(self.browser.send("GET", address))

    def start_review(self, column: int, learner: str, *, course: str = FIRST_COURSE) -> FormPost:
        """Open one learner's result from the gradebook: the login initiation about to be posted to the tool."""
        address = f"{self.campus_url}/courses/{course}/gradebook/{column}/review/{learner}/start"
        return FormPost.read(self.browser.send("GET", address))

    def authorize(self, url: str) -> FormPost:
        """Follow the tool's redirect to the campus: the form with `state` and `id_token` that comes back."""
        return FormPost.read(self.browser.send("GET", url))


@dataclass(frozen=True)
class Launched:
    """Every step of one launch."""

    initiation: FormPost
    redirect: str
    form: FormPost
    answer: Answer


def begin(visitor: Visitor, placement: str, tool: Browser, **where: str) -> FormPost:
    """Walk a launch up to the form with the id_token, without posting it to the tool."""
    redirect = visitor.start(placement, **where).sent_by(tool).goes_to
    return visitor.authorize(redirect)


def review(visitor: Visitor, column: int, learner: str, tool: Browser) -> Answer:
    """Walk a whole submission review launch to the tool's answer."""
    redirect = visitor.start_review(column, learner).sent_by(tool).goes_to
    return visitor.authorize(redirect).sent_by(tool)


def launch(visitor: Visitor, placement: str, tool: Browser, **where: str) -> Launched:
    """Walk a whole launch: course page, tool's login, campus, tool's launch. `where` as for Visitor.start."""
    initiation = visitor.start(placement, **where)
    redirect = initiation.sent_by(tool).goes_to
    form = visitor.authorize(redirect)
    return Launched(initiation, redirect, form, form.sent_by(tool))


@dataclass
class CampusInHand:
    """A campus with its state within reach."""

    app: Flask
    here: Campus = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.app.extensions["campus"]

    @property
    def url(self) -> str:
        return self.here.settings.url

    @property
    def settings(self) -> Settings:
        return self.here.settings

    @property
    def faults(self) -> Faults:
        """Switches: `campus.faults.services_down = True`."""
        return self.here.faults

    @property
    def requests(self) -> list[Asked]:
        """What was asked in this run, oldest first."""
        return list(self.here.traffic.asked)

    def registration(self) -> dict[str, str]:
        """What a tool must know to register the campus, named as `platform add` names it."""
        settings = self.settings
        return {
            "name": "Campus",
            "issuer": settings.url,
            "client_id": settings.client_id,
            "auth_url": settings.auth_url,
            "token_url": settings.token_url,
            "jwks_url": settings.jwks_url,
            "deployment_id": settings.deployment_id,
        }

    def begin_registration(self, link: str, *, withheld: str = "") -> str:
        """Where an administrator's browser goes with a tool's registration link."""
        return registration.begin(self.here, link, withheld=withheld)

    def tools(self) -> list[Tool]:
        """The tools that were registered since the campus opened, oldest first."""
        return self.here.tools.registered()

    def activate(self, tool: Tool) -> Tool:
        """Let it in, as on the page of tools; from now on the courses use it."""
        answer = self.app.test_client().post(f"{self.url}/tools/{tool.client_id}/activate")
        assert answer.status_code == 302, answer.text
        return self.here.tool

    def visitor(self, key: str, browser: Browser | None = None) -> Visitor:
        """This person at a browser; without one they get a fresh one that reaches the campus in-process."""
        browser = browser or FlaskBrowser(self.app.test_client())
        assert browser.send("POST", f"{self.url}/be", {"person": key}).status == 302, f"There is no {key}"
        return Visitor(browser, self.url)

    def gradebook(self) -> dict[tuple[str, str], float | None]:
        """The newest score by person and column: `{("leo", "Onboarding quiz"): 14}`, of all courses."""
        return {(cell["person"], cell["column"]): cell["score"] for cell in self.cells()}

    def cells(self) -> list[dict[str, Any]]:
        """The gradebook with everything known of each cell, as in state.json."""
        return grades(self.here)

    def score_log(self, *, repeats: bool = False) -> list[dict[str, Any]]:
        """Accepted scores in order of arrival; those that only repeated one are left out unless asked for."""
        return [entry for entry in score_log(self.here) if repeats or entry["effect"] != "repeated"]

    def columns(self, course: str = FIRST_COURSE) -> list[Column]:
        return gradebook.columns(self.here.store, course)

    def override(self, key: str, label: str, score: float) -> None:
        """A teacher sets a grade by hand."""
        column = self._column(label)
        gradebook.override(self.here.store, column, self.person(key).id, score, self.settings.now())

    def lock(self, label: str, *, is_locked: bool = True) -> None:
        gradebook.lock(self.here.store, self._column(label), is_locked=is_locked)

    def delete_column(self, label: str) -> None:
        gradebook.delete(self.here.store, self._column(label))

    def clear_cell(self, key: str, label: str) -> None:
        """A teacher empties a cell."""
        with self.here.store.writing() as db:
            db.execute(
                "UPDATE cells SET score = NULL WHERE line_item_id = ? AND person_id = ?",
                (self._column(label).id, self.person(key).id),
            )

    def _column(self, label: str) -> Column:
        return next(column for column in self.columns() if column.label == label)

    def refusals(self) -> list[str]:
        """Why the campus said no, oldest first."""
        return [each["reason"] for each in self.here.traffic.refusals()]

    def state(self) -> dict[str, Any]:
        return state_of(self.here)

    def forget_traffic(self) -> None:
        self.here.traffic.forget()

    def set_flavor(self, name: str) -> None:
        self.here.set_flavor(name)

    def copy_course(self, person: str, course: str = FIRST_COURSE) -> str:
        """Press *Copy this course* as somebody who teaches it; the new course's id."""
        visitor = self.visitor(person)
        return visitor.browser.send("POST", f"{self.url}/courses/{course}/copy").goes_to.rpartition("/")[2]

    def notice_handlers(self) -> dict[str, str]:
        """Where the tool wants notices, by kind."""
        return notices.handlers(self.here)

    def notices_sent(self) -> list[tuple[str, int]]:
        """Kind and answer of every notice sent, in order."""
        return notices.sent(self.here)

    def rotate_keys(self) -> str:
        return self.here.keys.rotate()

    def retire_keys(self) -> None:
        self.here.keys.retire()

    def expire_tokens(self) -> None:
        expire_tokens(self.here)

    def person(self, key: str) -> Person:
        person = self.here.register.person(key)
        assert person is not None, f"There is no {key}"
        return person

    def people(self, course: str = FIRST_COURSE) -> list[Person]:
        """Everybody active in the course."""
        return [seat.person for seat in self.here.register.enrolments(course) if seat.is_active]

    def change(self, key: str, **columns: Any) -> None:
        """Edit a person: `change("leo", name="Leo Neu", email=None)`."""
        self.here.register.change(self.person(key), **columns)

    def unenrol(self, key: str, course: str = FIRST_COURSE) -> None:
        self.here.register.set_status(self.person(key), Status.GONE, course)

    def suspend(self, key: str, course: str = FIRST_COURSE) -> None:
        self.here.register.set_status(self.person(key), Status.SUSPENDED, course)

    def delete(self, key: str, course: str = FIRST_COURSE) -> None:
        """As unenrol, in a roster that goes on to list them as Deleted."""
        self.here.register.set_status(self.person(key), Status.DELETED, course)

    def enrol(self, key: str, course: str = FIRST_COURSE, role: Role = Role.LEARNER) -> None:
        """A new seat, another role, or back again."""
        self.here.register.enrol(self.person(key), course, role)

    def close(self) -> None:
        self.here.store.close()


@cache
def one_key() -> str:
    """A signing key for every campus of this process; each gives it a key id of its own."""
    return make_key()


@contextmanager
def campus_in_hand(**settings: Any) -> Iterator[CampusInHand]:
    """A campus without a server, reached through its test client only."""
    settings.setdefault("first_key", one_key())
    campus = CampusInHand(create_app(Settings(**settings)))
    try:
        yield campus
    finally:
        campus.close()


@contextmanager
def running_campus(*, port: int = 0, **settings: Any) -> Iterator[CampusInHand]:
    """A campus on a port of localhost, free unless named, served by threads of this process."""
    with listen("127.0.0.1", port) as listening:
        settings.setdefault("url", f"http://localhost:{listening.getsockname()[1]}")
        with campus_in_hand(**settings) as campus, _served(serve_on(listening, campus.app)):
            yield campus


@contextmanager
def _served(server: BaseWSGIServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
