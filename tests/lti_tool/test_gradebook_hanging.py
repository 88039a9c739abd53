"""An LMS that hangs while an instructor presses *Compare now*: the page comes all the same, and so does everybody's."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.claims import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.gradebook import Grade, GradeColumn, GradeState, views
from lti_tool.gradebook.models import ColumnState
from lti_tool.models import Role
from lti_tool.running.delivering import drain
from tests.cast import THEN, Cast
from tests.lti_tool.grading import EXAM, TITLE
from tests.lti_tool.hostile.serving import Handle, Hang, answered, dripping, serving, silent
from tests.lti_tool.outcomes import row_counts
from tests.lti_tool.test_gradebook_pages import words

TOKEN, FIRST, SECOND = "/token", "/column/results", "/column/results?page=2"
SAYS: dict[str, Any] = {
    TOKEN: {"access_token": "t", "token_type": "Bearer", "expires_in": 3600},
    FIRST: [{"userId": "leo", "resultScore": 14, "resultMaximum": 20}],
    SECOND: [{"userId": "maya", "resultScore": 3, "resultMaximum": 20}],
}

LATE = "(did not answer in time|was not asked, because those before it took all the time there was)"
"""The second where this machine was so slow that the time was over before the last address was asked."""


def say(handler: BaseHTTPRequestHandler) -> None:
    """What an honest LMS says: a token, and its results on two pages."""
    here = f"http://127.0.0.1:{handler.server.server_port}"  # type: ignore[attr-defined]
    following = {"Link": f'<{here}{SECOND}>; rel="next"'} if handler.path == FIRST else {}
    answered(handler, 200, json.dumps(SAYS[handler.path]).encode(), **following)


def dripping_body(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 9999\r\n\r\n")
    while not over.wait(0.05):
        handler.wfile.write(b" ")


HANGS: dict[str, Hang] = {"silent": silent, "dripping": dripping, "dripping in the body": dripping_body}


@dataclass
class Lms:
    """Gives tokens and results; at some address it may do something else."""

    instead: dict[str, Handle] = field(default_factory=dict)
    is_asked: threading.Event = field(default_factory=threading.Event)
    """Somebody has come to such an address."""
    is_over: threading.Event = field(default_factory=threading.Event)

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        if (instead := self.instead.get(handler.path)) is None:
            say(handler)
        else:
            self.is_asked.set()
            instead(handler)

    def hang(self, path: str, how: str = "silent") -> None:
        self.instead[path] = lambda handler: HANGS[how](handler, self.is_over)

    def be_late(self, path: str, seconds: float) -> None:
        def late(handler: BaseHTTPRequestHandler) -> None:
            self.is_over.wait(seconds)
            say(handler)

        self.instead[path] = late


@pytest.fixture
def lms() -> Lms:
    return Lms()


@pytest.fixture
def column(session: Session, cast: Cast, lms: Lms) -> Iterator[GradeColumn]:
    """Leo's and Maya's 14 of 20 have been entered, and nobody has compared since."""
    with serving(lms.handle) as (url, _asked):
        here, course = url.removesuffix("/jwks"), cast.course()
        course.platform.token_url, course.line_item_scopes = here + TOKEN, [SCORE_SCOPE, RESULT_SCOPE]
        column = GradeColumn(
            course_id=course.id, activity=EXAM, title=TITLE, maximum=20.0, line_item=f"{here}/column", created=THEN
        )
        column.state = ColumnState.STANDING
        session.add_all([column, *(entered(cast.enrol(course, name).id) for name in ("Leo", "Maya"))])
        session.commit()
        yield column
        lms.is_over.set()


def entered(enrolment_id: int) -> Grade:
    grade = Grade(enrolment_id=enrolment_id, activity=EXAM, title=TITLE, score=14.0, maximum=20.0, earned=THEN)
    grade.version = grade.sent_version = 1
    grade.sent, grade.sent_share = THEN, 0.7
    return grade


@pytest.fixture
def page(column: GradeColumn) -> str:
    return f"/courses/{column.course.public_id}/gradebook/{column.public_id}"


@pytest.fixture
def ines(app: Flask, cast: Cast, column: GradeColumn) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(column.course, "Ines", Role.INSTRUCTOR))


def states(session: Session) -> list[GradeState]:
    session.rollback()
    return [grade.state for grade in session.scalars(select(Grade).order_by(Grade.id))]


@pytest.mark.parametrize("how", HANGS)
@pytest.mark.parametrize("path", [TOKEN, FIRST, SECOND])
def test_the_page_comes_within_its_bound_and_says_what_happens_next(
    app: Flask,
    session: Session,
    lms: Lms,
    column: GradeColumn,
    page: str,
    ines: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    how: str,
):
    """Nothing is half done: what the first page of results said is not kept without the second."""
    assert views.LONGEST_PAGE <= 10
    monkeypatch.setattr(views, "LONGEST_PAGE", 1.5)
    lms.hang(path, how)
    before, began = row_counts(session), time.monotonic()

    answer = ines.post(f"{page}/compare")
    took = time.monotonic() - began
    still_hangs = not lms.is_over.is_set()

    said = words(ines.get(answer.location))
    assert (answer.status_code, took < 4, still_hangs) == (302, True, True)
    assert "The gradebook could not be read in time: " in said
    assert re.search(f"127.0.0.1 {LATE}. It is read in the background; come back in a while.", said)
    assert (states(session), column.compared) == ([GradeState.ENTERED] * 2, None)
    grown = row_counts(session) - before
    assert grown == ({"letter": 1} if path == TOKEN else {"letter": 1, "access_token": 1})

    lms.instead.clear()
    drain(app)
    assert states(session) == [GradeState.SAME, GradeState.OVERRIDDEN]


def test_calls_that_are_late_each_on_its_own_are_over_together(
    session: Session, lms: Lms, page: str, ines: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views, "LONGEST_PAGE", 1.0)
    for path, seconds in ((TOKEN, 0.4), (FIRST, 0.4), (SECOND, 4.0)):
        lms.be_late(path, seconds)
    began = time.monotonic()

    said = words(ines.get(ines.post(f"{page}/compare").location))

    assert ("could not be read in time" in said, time.monotonic() - began < 3.5) == (True, True)
    assert states(session) == [GradeState.ENTERED] * 2


def test_everybody_else_is_served_meanwhile(
    app: Flask, session: Session, cast: Cast, lms: Lms, column: GradeColumn, page: str, ines: FlaskClient
):
    """Those who look and those who change something: whoever waits for an LMS holds no transaction."""
    lms.hang(SECOND)
    tariq = cast.visit(app.test_client(), cast.enrol(column.course, "Tariq", Role.INSTRUCTOR))

    with ThreadPoolExecutor(1) as pool:
        comparing = pool.submit(lambda: ines.post(f"{page}/compare").status_code)
        assert lms.is_asked.wait(10)
        meanwhile = [tariq.get(page).status_code, tariq.post(f"{page}/send-again").status_code]
        is_waiting = not comparing.done()
        lms.is_over.set()

    assert (meanwhile, is_waiting, comparing.result()) == ([200, 302], True, 302)
