"""Who a browser is: sessions that survive tabs and courses, and never pass from one person to another."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.arrivals import sessions
from lti_tool.arrivals.sessions import BrowserSession, Visit
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Deployment, Enrolment, Platform, Role, Standing
from tests.cast import Cast
from tests.lti_tool.launching import launch

pytestmark = pytest.mark.usefixtures("web")

OTHER_COURSE = {"context": {"id": "202", "title": "Another course"}, "resource_link": {"id": "9", "title": "Mentoring"}}


def home(client: FlaskClient, **changes: Any) -> str:
    answer = launch(client, **changes)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_second_course_in_another_tab_keeps_the_first_working(client: FlaskClient):
    first = home(client)
    second = home(client, **OTHER_COURSE)

    assert first != second
    assert [client.get(page).status_code for page in (first, second)] == [200, 200]


def test_launching_again_keeps_the_key_of_other_tabs(client: FlaskClient):
    home(client)
    before = client.get_cookie("mentoring")

    home(client)

    assert client.get_cookie("mentoring") == before


def test_another_person_in_the_same_browser_replaces_the_session(client: FlaskClient, session: Session):
    leos = home(client)
    key_of_leo = client.get_cookie("mentoring")
    mayas = home(client, sub="maya", name="Maya Okafor", **OTHER_COURSE)

    assert client.get_cookie("mentoring") != key_of_leo
    assert (client.get(leos).status_code, client.get(mayas).status_code) == (404, 200)
    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 1


def test_a_planted_key_is_worth_nothing(app: Flask, client: FlaskClient):
    page = home(client)
    planted = app.test_client()
    planted.set_cookie("mentoring", "A" * 43)

    home(planted)

    key = planted.get_cookie("mentoring")
    assert key is not None
    assert key.value != "A" * 43
    stranger = app.test_client()
    stranger.set_cookie("mentoring", "A" * 43)
    assert stranger.get(page).status_code == 401


def test_who_was_not_launched_is_told_to_come_from_the_course_page(app: Flask, client: FlaskClient):
    page = home(client)

    answer = app.test_client().get(page)

    assert answer.status_code == 401
    assert "open the link there again" in answer.text


def test_a_course_one_was_not_launched_into_is_not_there(client: FlaskClient, cast: Cast):
    home(client)
    other = cast.course("Secret course")

    assert client.get(f"/courses/{other.public_id}/").status_code == 404


def test_a_session_ends_after_twelve_hours(client: FlaskClient):
    page = home(client)

    with clock.moved_by(timedelta(hours=12, seconds=1)):
        assert client.get(page).status_code == 401


def test_a_session_left_alone_for_eight_hours_ends(client: FlaskClient):
    """COOKIE-15"""
    page = home(client)

    with clock.moved_by(timedelta(hours=8, seconds=1)):
        answer = client.get(page)

    assert answer.status_code == 401
    assert "Your visit has ended: it lasts twelve hours, and eight if nobody is there." in answer.text


def test_a_session_in_use_goes_on(client: FlaskClient):
    page = home(client)

    statuses = []
    for hours in (4, 8, 11):
        with clock.moved_by(timedelta(hours=hours)):
            statuses.append(client.get(page).status_code)

    assert statuses == [200, 200, 200]


def test_being_there_is_written_down_every_ten_minutes_and_no_more(client: FlaskClient, session: Session):
    page = home(client)
    first = session.scalars(select(BrowserSession.seen)).one()

    seen = []
    for minutes in (5, 9, 11, 15):
        with clock.moved_by(timedelta(minutes=minutes)):
            client.get(page)
        seen.append(session.scalars(select(BrowserSession.seen)).one())

    assert seen[:2] == [first, first]
    assert seen[2] - first >= timedelta(minutes=11)
    assert seen[3] == seen[2]


def test_sessions_left_alone_are_cleared(client: FlaskClient):
    home(client)

    with clock.moved_by(timedelta(hours=8, seconds=1)), transaction():
        assert sessions.forget_expired() == 1


def test_expired_sessions_can_be_cleared_with_their_visits(client: FlaskClient, session: Session):
    home(client)

    with clock.moved_by(timedelta(hours=13)), transaction():
        assert sessions.forget_expired() == 1

    assert session.scalar(select(func.count()).select_from(Visit)) == 0


def test_the_table_does_not_hold_what_the_cookie_holds(client: FlaskClient, session: Session):
    home(client)

    cookie = client.get_cookie("mentoring")
    assert cookie is not None
    assert cookie.value not in session.scalars(select(BrowserSession.key)).one()


def test_who_left_the_course_is_shut_out_at_once(client: FlaskClient, session: Session):
    page = home(client)
    session.scalars(select(Enrolment)).one().is_active = False
    session.commit()

    assert client.get(page).status_code == 403


def test_the_newest_launch_decides_the_role_of_every_session(app: Flask, client: FlaskClient, session: Session):
    page = home(client, roles=["Instructor"])
    assert client.post(f"{page}mentoring/mentors").status_code == 302

    home(app.test_client(), roles=["Learner"])

    assert session.scalars(select(Enrolment.role)).one() == Role.LEARNER
    assert client.post(f"{page}mentoring/mentors").status_code == 403


def test_on_https_cookies_are_made_for_the_frame(tmp_path: Path, database_url: str):
    config = Config(
        testing=True, root=tmp_path, database_url=database_url, secret_key="x" * 40, public_url="https://tool.example"
    )
    app = create_app(config, [])
    app.config["WTF_CSRF_ENABLED"] = False
    said = {
        "iss": "https://campus.example",
        "login_hint": "leo",
        "target_link_uri": "https://tool.example/lti/launch",
        "client_id": "campus-tool",
    }

    window = {"Sec-Fetch-Dest": "document"}
    answer = app.test_client().post("/lti/login", data=said, base_url="https://tool.example", headers=window)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lti-state-")
    assert [word in cookie for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/")] == [True] * 5
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    with app.app_context():
        db.engine.dispose()


def test_a_changing_request_without_its_token_is_refused(app: Flask, client: FlaskClient):
    page = home(client, roles=["Instructor"])
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(f"{page}mentoring/mentors")

    assert answer.status_code == 400
    assert "This form is no longer valid" in answer.text


@pytest.mark.parametrize("kind", [Platform, Deployment])
def test_a_removed_platform_or_deployment_shuts_its_visitors_out_at_once(
    client: FlaskClient, session: Session, kind: type[Platform] | type[Deployment]
):
    page = home(client)
    row: Any = session.scalars(select(kind)).one()

    row.standing = Standing.DEACTIVATED
    session.commit()
    assert client.get(page).status_code == 403

    row.standing = Standing.ACTIVE
    session.commit()
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("problem", "status"),
    [(OperationalError("SELECT", {}, Exception("gone")), 500), (TimeoutError("busy"), 503)],
    ids=["away", "busy"],
)
def test_a_database_that_cannot_say_whose_cookie_it_is_has_a_page_and_no_stranger(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int
):
    ines = cast.enrol(cast.course(), "Ines Keller", Role.INSTRUCTOR)
    cast.visit(client, ines)

    class Away:
        def one(self, *_asked: object, **_how: object) -> None:
            raise problem

    monkeypatch.setattr(sessions, "_GOING_ON", Away())
    answers = [client.get(f"/courses/{ines.course.public_id}/"), client.post("/lti/launch", data={"state": "x"})]

    assert [(answer.status_code, "What you can do" in answer.text) for answer in answers] == [(status, True)] * 2
