"""A class list as large as a university: read to its end, with room for others meanwhile."""

from __future__ import annotations

import json
import re
import threading
import time

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import roster
from lti_tool.db import transaction
from lti_tool.models import Course, Enrolment
from lti_tool.outgoing.http import Answer
from tests.cast import Cast
from tests.lti_tool.rosters import answering_with, member

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
