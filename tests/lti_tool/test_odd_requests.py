"""What no browser sends is refused before it reaches the database, and what breaks names nobody in the log."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Person, Platform
from tests.cast import Cast
from tests.lti_tool.launching import launch


@pytest.fixture
def page(client: FlaskClient, web: object) -> str:
    answer = launch(client, roles=["Instructor"])
    assert answer.status_code == 303
    return str(answer.location)


@pytest.mark.parametrize(
    "address", ["/courses/%00/", "/courses/x%00y/mentoring/mentors", "/courses/x/quizzes/%00", "/lrs/%00"]
)
def test_an_address_with_a_nul_leads_nowhere(client: FlaskClient, page: str, address: str):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["?q=%00", "mentoring/mentors?q=a%00", "mentoring/pairs?q=%00"])
def test_a_question_with_a_nul_is_damaged(client: FlaskClient, page: str, address: str):
    page = page.partition("mentoring")[0]

    assert client.get(page + address).status_code == 400


def test_a_form_with_a_nul_is_damaged(client: FlaskClient, page: str):
    assert client.post(f"{page.partition('mentoring')[0]}roster", data={"name": "a\0b"}).status_code == 400


@pytest.mark.parametrize("how", ["parameters", "detail"])
def test_a_name_never_reaches_the_log_through_a_database_error(
    app: Flask,
    client: FlaskClient,
    page: str,
    session: Session,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    how: str,
):
    def insert_twice(*_args: object) -> None:
        subject = "leo" if how == "parameters" else "secret-subject"
        for _ in range(2):
            db.session.add(Person(platform_id=platform.id, subject=subject, name="Secret Name", created=clock.now()))
        db.session.flush()

    monkeypatch.setattr("lti_tool.panels.cards_for", insert_twice)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    with caplog.at_level(logging.DEBUG):
        answer = client.get(f"{page.partition('mentoring')[0]}")

    assert answer.status_code == 500
    assert "Unexpected IntegrityError at courses.home" in caplog.text
    assert "in insert_twice" in caplog.text
    assert "ecret" not in caplog.text


def test_what_an_error_says_stays_out_of_the_log_and_where_it_came_from_gets_in(
    client: FlaskClient, page: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    someone = "Leo Fischer"

    def mix_up(*_args: object) -> None:
        try:
            int(someone)
        except ValueError:
            raise RuntimeError(f"{someone} has no card") from None

    monkeypatch.setattr("lti_tool.panels.cards_for", mix_up)

    assert client.get(f"{page.partition('mentoring')[0]}").status_code == 500
    assert "Unexpected RuntimeError at courses.home" in caplog.text
    assert "in mix_up" in caplog.text
    assert "which came from ValueError" in caplog.text
    assert "Fischer" not in caplog.text


def test_a_capacity_of_thousands_of_digits_is_no_capacity(client: FlaskClient, page: str, cast: Cast, session: Session):
    from lti_tool.models import Enrolment

    me = session.query(Enrolment).one().public_id
    fields = {f"places-{me}": "", f"was-{me}": "9" * 5000}

    answer = client.post(f"{page.partition('mentoring')[0]}mentoring/mentors", data=fields)

    assert answer.status_code == 302


@pytest.mark.sqlite
def test_a_database_held_by_another_process_is_busy_and_not_broken(
    app: Flask, client: FlaskClient, page: str, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lti_tool.db.BUSY_TIMEOUT", 0.1)
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    answers = [client.post(page + "mentoring/mentors"), launch(app.test_client())]
    other.execute("ROLLBACK")
    other.close()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "Too many people are writing at once." in answers[0].text
    assert launch(app.test_client()).status_code == 303
