"""A class list as large as a university: read to its end, with room for others meanwhile."""

from __future__ import annotations

import json
import re
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import roster
from lti_tool.db import transaction
from lti_tool.jobs import JobState
from lti_tool.models import Course, Enrolment
from lti_tool.outgoing.http import MOST_BYTES, Answer
from lti_tool.roster import asking, groups
from lti_tool.running import working
from tests.cast import Cast
from tests.lti_tool.hostile.serving import answered, serving
from tests.lti_tool.launching import FakeWeb, launch
from tests.lti_tool.rosters import answering_with, member, roster_jobs

PAGE = 50
MEMBERS = "https://campus.example/members"
LONGEST_WAIT = 8.0
"""Seconds that another writer may have to wait for its turn on SQLite; it gives up after ten."""


def paged(monkeypatch: pytest.MonkeyPatch, people: int) -> list[str]:
    def page(url: str) -> Answer:
        found = re.search(r"from=(\d+)", url)
        start = int(found[1]) if found else 0
        rows = [member(f"u{number}", email=f"u{number}@campus.example") for number in range(start, start + PAGE)]
        link = {"link": f"<{MEMBERS}?from={start + PAGE}>; rel=next"} if start + PAGE < people else {}
        return Answer(200, link, json.dumps({"members": rows}).encode(), url)

    return answering_with(monkeypatch, page)


@pytest.mark.slow
def test_50_000_people_are_read_and_nobody_else_has_to_wait_long(
    app: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    course = cast.course()
    course.roster_url = MEMBERS
    session.commit()
    asked = paged(monkeypatch, 50_000)
    is_over, waits = threading.Event(), [0.0]

    def write() -> None:
        while not is_over.wait(0.05):
            began = time.monotonic()
            with app.app_context(), transaction() as other:
                other.get_one(Course, course.id).label = "written meanwhile"
            waits.append(time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        first, again = roster.refresh(course), roster.refresh(course)
    finally:
        is_over.set()
        writer.join()

    assert (first.members, first.joined, again.members, again.joined, again.left) == (50_000, 50_000, 50_000, 0, 0)
    assert session.scalars(select(func.count()).select_from(Enrolment)).one() == 50_000
    assert len(asked) == 2000
    assert max(waits) < LONGEST_WAIT


def lms(handler: BaseHTTPRequestHandler, roster_page: bytes) -> None:
    """An LMS that gives a token to whoever asks and takes no hint of how long a page should be."""
    if handler.command == "POST":
        answered(handler, 200, b'{"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}')
    else:
        answered(handler, 200, roster_page)


@contextmanager
def answered_with(session: Session, course: Course, page: bytes) -> Iterator[None]:
    with serving(partial(lms, roster_page=page)) as (url, _asked):
        course.deployment.platform.token_url = url.replace("/jwks", "/token")
        course.roster_url = url.replace("/jwks", "/members")
        session.commit()
        yield


def test_a_page_may_be_larger_than_any_other_answer(session: Session, cast: Cast):
    course = cast.course()
    page = json.dumps({"members": [member("5"), member("6")]}).encode() + b" " * (MOST_BYTES + 1)

    with answered_with(session, course, page):
        assert asking.ask(course).keys() == {"5", "6"}


@pytest.mark.slow
def test_50_000_people_on_one_page_are_read_within_reason(session: Session, cast: Cast):
    """Over real HTTP: nine megabytes, more than any other answer may have."""
    course = cast.course()
    rows = [member(f"u{n}", name=f"Person With A Name {n}", email=f"person.{n}@campus.example") for n in range(50_000)]
    page = json.dumps({"id": MEMBERS, "context": {"id": "101"}, "members": [{**row, **LIKE_MOODLE} for row in rows]})
    del rows

    with answered_with(session, course, page.encode()):
        tracemalloc.start()
        try:
            found = asking.ask(course)
            _now, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert MOST_BYTES < len(page) < asking.MOST_PAGE_BYTES
    assert (len(found), found["u49999"].email) == (50_000, "person.49999@campus.example")
    assert most < 150 * 1024 * 1024


LIKE_MOODLE = {"status": "Active", "given_name": "Person", "family_name": "With A Name", "lis_person_sourcedid": ""}


def test_a_page_that_is_larger_than_any_class_is_not_read_to_its_end(session: Session, cast: Cast):
    course = cast.course()

    with (
        answered_with(session, course, b'{"members": []}' + b" " * asking.MOST_PAGE_BYTES),
        pytest.raises(roster.RosterUnavailable, match="sent more than 33554432 bytes"),
    ):
        asking.ask(course)


def test_other_services_keep_the_bound_of_all_calls(session: Session, cast: Cast):
    """Groups may be left out of a reading, so nothing waits for a list of them that long."""
    course = cast.course()

    with answered_with(session, course, b'{"groups": []}' + b" " * MOST_BYTES):
        course.groups_url = course.roster_url
        assert groups.ask(course) is None


STATED = 10.0
"""Seconds in which 10,000 people are read, as `make bench` measures it on a machine of its own."""


def test_5_000_people_are_read_in_the_background_within_the_stated_time(
    app: Flask, session: Session, cast: Cast, client: FlaskClient, web: FakeWeb, monkeypatch: pytest.MonkeyPatch
):
    """NRPS-22: whoever teaches is let in and sees that the list is being read; the whole class comes afterwards."""
    monkeypatch.setattr("lti_tool.arrivals.arriving.PATIENCE", -1.0)
    paged(monkeypatch, 5_000)

    arrived = launch(client, sub="ines", roles=["Instructor"])
    [job] = roster_jobs(session)
    before = (job.state, session.scalar(select(func.count(Enrolment.id))))
    page = client.get(f"/courses/{job.course.public_id}/people").text if job.course else ""
    began = time.monotonic()
    working.drain(app)
    took = time.monotonic() - began

    [job] = roster_jobs(session)
    assert (arrived.status_code, before, "class list" in page) == (303, (JobState.WAITING, 1), True)
    assert (job.state, job.result["members"], took < STATED) == (JobState.DONE, 5_001, True)
    assert session.scalar(select(func.count(Enrolment.id))) == 5_001
