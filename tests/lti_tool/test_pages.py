"""What every answer carries, and what is said when something is wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import pages, panels
from lti_tool.headers import origin_of
from lti_tool.models import Role
from tests.cast import Cast


@pytest.fixture
def leo(client: FlaskClient, cast: Cast) -> FlaskClient:
    me = cast.enrol(cast.course(), "Leo")
    cast.visit(client, me)
    client.page = f"/courses/{me.course.public_id}/"  # type: ignore[attr-defined]
    return client


def test_a_page_may_be_framed_by_its_own_lms_and_loads_only_from_here(leo: FlaskClient):
    policy = leo.get(leo.page).headers["Content-Security-Policy"]  # type: ignore[attr-defined]

    assert "frame-ancestors 'self' https://campus.example" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy


def test_pages_are_not_kept_and_tell_no_referrer(leo: FlaskClient):
    headers = leo.get(leo.page).headers  # type: ignore[attr-defined]

    assert (headers["Cache-Control"], headers["Referrer-Policy"], headers["X-Content-Type-Options"]) == (
        "no-store",
        "no-referrer",
        "nosniff",
    )


def test_static_files_may_be_kept(client: FlaskClient):
    with client.get("/static/mentoring.css") as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example/x?y#z", "https://a.example"),
        ("http://localhost:8001/courses/2", "http://localhost:8001"),
        ("https://a.example; script-src *", ""),
        ("https://evil.example'x", ""),
        ("javascript:alert(1)", ""),
        ("https://a.example:notaport/", ""),
        ("", ""),
    ],
)
def test_only_a_plain_origin_reaches_a_header(url: str, origin: str):
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/nowhere", 404), ("GET", "/lti/launch", 405), ("GET", "/courses/none/", 401)],
)
def test_what_is_wrong_is_said_with_cause_and_cure(client: FlaskClient, method: str, address: str, status: int):
    answer = client.open(address, method=method)

    assert answer.status_code == status
    assert "What you can do:" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_an_unexpected_error_is_a_calm_page_that_names_nobody(
    app: Flask, leo: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(_me: object) -> None:
        raise RuntimeError("secret of Leo")

    monkeypatch.setattr("lti_tool.panels.cards_for", fail)

    answer = leo.get(leo.page)  # type: ignore[attr-defined]

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "secret" not in answer.text


def test_the_front_page_says_how_to_add_the_tool(client: FlaskClient):
    page = client.get("/").text

    assert [f"http://localhost:8000/lti/{name}" in page for name in ("login", "launch", "jwks")] == [True] * 3


def test_alive_and_ready(client: FlaskClient):
    alive, ready = (client.get(address).get_json() for address in ("/healthz", "/readyz"))

    assert (alive, ready) == ({"status": "alive"}, {"status": "ready"})


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_home(app: Flask, cast: Cast, role: Role):
    me = cast.enrol(cast.course(), "Somebody", role)
    client = cast.visit(app.test_client(), me)

    assert client.get(f"/courses/{me.course.public_id}/").status_code == 200


def test_the_number_of_queries_of_a_home_does_not_grow_with_the_class(app: Flask, session: Session, cast: Cast):
    from sqlalchemy import event

    from lti_tool.db import db

    course = cast.course()
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    client = cast.visit(app.test_client(), ines)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _x, sql, *_rest: asked.append(sql))
    counts = []
    for size in (1, 3, 30):
        for number in range(size):
            cast.enrol(course, f"Learner {size} {number}")
        asked.clear()
        client.get(f"/courses/{course.public_id}/")
        counts.append(len(asked))

    assert counts[0] == counts[1] == counts[2]


def test_a_time_is_shown_in_the_readers_zone_with_the_zone_named(app: Flask, cast: Cast):
    me = cast.enrol(cast.course(), "Leo")
    me.person.time_zone = "Europe/Zurich"
    with app.test_request_context():
        from flask import g

        g.me = me

        assert pages.local_time(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "Jul 1, 2026, 2:00\u00a0PM CEST"


def test_a_zone_without_a_short_name_is_told_by_how_far_it_is_from_utc(app: Flask, cast: Cast):
    me = cast.enrol(cast.course(), "Leo")
    me.person.time_zone = "Asia/Tehran"
    with app.test_request_context():
        from flask import g

        g.me = me

        assert pages.local_time(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "Jul 1, 2026, 3:30\u00a0PM UTC+03:30"


def test_an_unknown_zone_is_utc(app: Flask, cast: Cast):
    me = cast.enrol(cast.course(), "Leo")
    me.person.time_zone = "99"
    with app.test_request_context():
        from flask import g

        g.me = me

        assert pages.local_time(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "Jul 1, 2026, 12:00\u00a0PM UTC"


@pytest.mark.parametrize(
    ("role", "more"),
    [(Role.INSTRUCTOR, ["People", "Progress", "Gradebook", "Notices"]), (Role.LEARNER, []), (Role.ASSISTANT, [])],
)
def test_who_has_many_pages_finds_those_opened_seldom_under_more(app: Flask, cast: Cast, role: Role, more: list[str]):
    me = cast.enrol(cast.course(), "Somebody", role)
    often, seldom = panels.navigation_for(me)

    page = cast.visit(app.test_client(), me).get(f"/courses/{me.course.public_id}/notices").text
    menu = page.partition('<details class="menu"')[2].partition("</details>")[0]

    assert [str(item.label) for item in seldom] == more
    assert len(often) <= panels.ROOM
    assert re.findall(r'(aria-current="page")?>(\w+)</a>', menu) == [
        ('aria-current="page"' if label == "Notices" else "", label) for label in more
    ]
