"""Unsubscribing by a secret address: looking stops nothing, one click does, and whoever has the mail needs no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.models import Course, Enrolment
from lti_tool.notifying import unsubscribing, wishes
from lti_tool.notifying.models import UnsubscribeAddress
from tests.cast import Cast
from tests.lti_tool.told import ASKED, NOON, enrol, register_kinds

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def course(app: Flask, cast: Cast) -> Course:
    register_kinds(app)
    return cast.course()


@pytest.fixture
def maya(cast: Cast, course: Course) -> Enrolment:
    return enrol(cast, course, "Maya")


def path_for(maya: Enrolment, kind: str = ASKED) -> str:
    """The address of one mail, without its host."""
    with transaction() as session:
        address = unsubscribing.make(session, maya.person, kind, at=NOON)
    return address.removeprefix("http://localhost:8000")


def mailed(session: Session, person: Enrolment) -> list[str]:
    session.rollback()
    session.expire_all()
    return list(wishes.choices_of(session, person.person).mailed)


def test_looking_at_the_page_stops_nothing(session: Session, client: FlaskClient, maya: Enrolment):
    page = client.get(path_for(maya))

    assert (page.status_code, "Requests of the tests" in page.text) == (200, True)
    assert mailed(session, maya) == [ASKED]


@pytest.mark.parametrize("how", ["as a form", "as multipart"])
def test_one_click_of_a_mail_program_stops_mails_of_this_kind(
    app: Flask, session: Session, client: FlaskClient, maya: Enrolment, how: str
):
    """RFC 8058, section 3.2: no cookies, no further step, no redirect; the fields in either of two encodings."""
    app.config["WTF_CSRF_ENABLED"] = True
    kind = "multipart/form-data" if how == "as multipart" else None

    answer = client.post(path_for(maya), data=ONE_CLICK, content_type=kind)

    assert (answer.status_code, mailed(session, maya)) == (200, [])


def test_the_button_for_all_stops_all(session: Session, client: FlaskClient, maya: Enrolment):
    with transaction():
        wishes.choose(session, maya.person, wishes.Choices([ASKED, "chatter"], True, NOON.time(), NOON.time(), ""))
    path = path_for(maya)
    client.post(path, data={"what": "kind"})
    of_this_kind = mailed(session, maya)
    page = client.post(path, data={"what": "all"})

    assert (of_this_kind, mailed(session, maya)) == (["chatter"], [])
    assert "You get no more mails from this tool." in page.text


def test_stopping_twice_is_stopping(session: Session, client: FlaskClient, maya: Enrolment):
    path = path_for(maya)

    answers = [client.post(path, data=ONE_CLICK).status_code for _ in range(2)]

    assert (answers, mailed(session, maya)) == ([200, 200], [])


def test_mails_of_others_go_on(session: Session, cast: Cast, course: Course, client: FlaskClient, maya: Enrolment):
    zoe = enrol(cast, course, "Zoe")

    client.post(path_for(maya), data=ONE_CLICK)

    assert (mailed(session, maya), mailed(session, zoe)) == ([], [ASKED])


def test_a_mail_read_in_a_browser_elsewhere_may_stop_mails_too(session: Session, client: FlaskClient, maya: Enrolment):
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}

    answer = client.post(path_for(maya), data=ONE_CLICK, headers=headers)

    assert (answer.status_code, mailed(session, maya)) == (200, [])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_was_made_up_stops_nothing_and_names_nobody(client: FlaskClient, maya: Enrolment, method: str):
    answer = client.open("/unsubscribe/" + "x" * 32, method=method)

    assert (answer.status_code, "Maya" in answer.text) == (404, False)
    assert "This link stops no mails" in answer.text


def test_addresses_in_earlier_mails_can_be_made_useless(
    app: Flask, session: Session, cast: Cast, course: Course, client: FlaskClient, maya: Enrolment
):
    zoe, earlier = enrol(cast, course, "Zoe"), path_for(maya)
    of_zoe = path_for(zoe)
    visit = cast.visit(app.test_client(), maya)

    visit.post(f"/courses/{course.public_id}/notices/settings/revoke")
    later = path_for(maya)

    assert [client.post(path).status_code for path in (earlier, of_zoe, later)] == [404, 200, 200]


def test_an_address_is_good_for_as_long_as_the_mail_is_kept(session: Session, client: FlaskClient, maya: Enrolment):
    path = path_for(maya)

    with clock.moved_by(timedelta(days=400)):
        assert client.post(path, data=ONE_CLICK).status_code == 200


def test_the_page_and_the_log_say_nothing_of_whom_and_nothing_of_the_secret(
    client: FlaskClient, maya: Enrolment, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    path = path_for(maya)
    secret = path.rpartition("/")[2]

    pages = client.get(path).text + client.post(path, data={"what": "all"}).text

    assert [word for word in ("Maya", "school.example", "Starting at work") if word in pages] == []
    assert secret not in caplog.text


def test_a_fault_of_ours_shows_the_secret_neither_in_the_log_nor_on_the_page(
    client: FlaskClient, maya: Enrolment, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    path = path_for(maya)
    secret = path.rpartition("/")[2]

    def break_down(*_args: object) -> None:
        raise RuntimeError(f"a fault about {secret}")

    monkeypatch.setattr(unsubscribing, "find", break_down)
    answer = client.post(path)

    assert (answer.status_code, secret in answer.text, secret in caplog.text) == (500, False, False)
    assert "RuntimeError" in caplog.text


def test_no_browser_keeps_the_page_or_passes_its_address_on(client: FlaskClient, maya: Enrolment):
    headers = client.get(path_for(maya)).headers

    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_only_a_hash_is_kept(session: Session, maya: Enrolment):
    secret = path_for(maya).rpartition("/")[2]

    [kept] = session.scalars(select(UnsubscribeAddress))
    assert (len(secret), len(kept.secret), secret in kept.secret) == (32, 64, False)
