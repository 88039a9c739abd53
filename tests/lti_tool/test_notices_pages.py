"""The pages of what I was told: mine alone, newest first, shown by GET and changed by POST."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.notifying import views, wishes
from lti_tool.notifying.wishes import Choices
from tests.cast import Cast
from tests.lti_tool.told import ASKED, NOON, enrol, notices, register_kinds, tell


@pytest.fixture
def course(app: Flask, cast: Cast) -> Course:
    register_kinds(app)
    return cast.course()


@pytest.fixture
def maya(cast: Cast, course: Course) -> Enrolment:
    return enrol(cast, course, "Maya")


@pytest.fixture
def client(app: Flask, cast: Cast, maya: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), maya)


@pytest.fixture
def address(course: Course) -> str:
    return f"/courses/{course.public_id}/notices"


def subjects(page: str) -> list[str]:
    return re.findall(r'<h2 id="notice-\w+">([^<]+)</h2>', page)


def unread(session: Session) -> list[str]:
    return [each.subject for each in notices(session) if each.read is None]


def test_what_i_was_told_stands_newest_first_and_new_ones_say_so(client: FlaskClient, maya: Enrolment, address: str):
    for number, words in enumerate(("first", "second", "third")):
        tell(maya, words, key=words, at=NOON + timedelta(minutes=number % 2))

    page = client.get(address).text

    assert subjects(page) == ["second", "third", "first"]
    assert page.count("New</span>") == 3
    assert "He would like to learn welding." in page


def test_a_list_without_notices_says_what_will_stand_there(client: FlaskClient, address: str):
    assert "There is no notice for you yet." in client.get(address).text


def test_opening_a_notice_marks_it_read_and_leads_on(
    session: Session, client: FlaskClient, maya: Enrolment, address: str
):
    for words in ("first", "second"):
        tell(maya, words, key=words)
    first, _second = notices(session)

    answer = client.post(f"{address}/{first.public_id}/open")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/courses/{maya.course.public_id}/")
    assert unread(session) == ["second"]
    assert client.get(address).text.count("New</span>") == 1


def test_opening_a_notice_twice_keeps_when_it_was_read_first(
    session: Session, client: FlaskClient, maya: Enrolment, address: str
):
    tell(maya)
    path = f"{address}/{notices(session)[0].public_id}/open"
    client.post(path)
    read = notices(session)[0].read
    client.post(path)

    assert notices(session)[0].read == read


def test_all_are_read_at_once(session: Session, client: FlaskClient, maya: Enrolment, address: str):
    for words in ("first", "second"):
        tell(maya, words, key=words)

    page = client.post(f"{address}/read", follow_redirects=True).text

    assert unread(session) == []
    assert "All notices are marked as read." in page
    assert "Mark all as read" not in page


def test_looking_changes_nothing(session: Session, client: FlaskClient, maya: Enrolment, address: str):
    tell(maya)
    for page in ("", "/settings"):
        client.get(address + page)

    assert len(unread(session)) == 1


def test_nobody_sees_or_marks_what_others_were_told(
    app: Flask, session: Session, cast: Cast, course: Course, maya: Enrolment, address: str
):
    tell(maya, "for Maya alone")
    [notice] = notices(session)
    for other in (enrol(cast, course, "Zoe"), cast.enrol(course, "Ines", Role.INSTRUCTOR)):
        client = cast.visit(app.test_client(), other)

        assert "for Maya alone" not in client.get(address).text
        assert client.post(f"{address}/{notice.public_id}/open").status_code == 404
        assert client.post(f"{address}/read").status_code == 302
    assert unread(session) == ["for Maya alone"]


def test_what_i_was_told_in_another_course_stands_there(
    app: Flask, session: Session, cast: Cast, maya: Enrolment, address: str
):
    elsewhere = enrol(cast, cast.course("Elsewhere"), "Maya")
    tell(elsewhere, "told elsewhere")
    client = cast.visit(app.test_client(), maya)

    assert subjects(client.get(address).text) == []
    assert client.post(f"{address}/{notices(session)[0].public_id}/open").status_code == 404


def test_markup_in_words_is_shown_and_not_done(client: FlaskClient, maya: Enrolment, address: str):
    tell(maya, "<script>alert(1)</script> & more")

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in client.get(address).text


def test_a_long_list_is_turned_page_by_page(
    client: FlaskClient, maya: Enrolment, address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views, "AT_ONCE", 2)
    for number in range(5):
        tell(maya, f"told {number}", key=str(number), at=NOON + timedelta(minutes=number))

    pages = [client.get(f"{address}?from={first}").text for first in ("0", "2", "4", "99", "x")]

    assert [subjects(page) for page in pages] == [
        ["told 4", "told 3"],
        ["told 2", "told 1"],
        ["told 0"],
        ["told 4", "told 3"],
        ["told 4", "told 3"],
    ]
    assert [("Newer notices" in page, "Older notices" in page) for page in pages[:3]] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_home_says_how_many_are_new_and_names_the_newest(client: FlaskClient, maya: Enrolment, address: str):
    home = f"/courses/{maya.course.public_id}/"
    none = client.get(home).text
    tell(maya, "told 0", key="0")
    one = client.get(home).text
    for number in range(1, 5):
        tell(maya, f"told {number}", key=str(number), at=NOON + timedelta(minutes=number))
    five = client.get(home).text
    client.post(f"{address}/read")

    assert 'id="panel-notices"' not in none
    assert ("One notice is new to you." in one, re.findall(r"<li>(told \d)", one)) == (True, ["told 0"])
    assert re.findall(r"<li>(told \d)", five) == ["told 4", "told 3", "told 2"]
    assert [words in five for words in ("5 notices are new to you.", "And 2 more.")] == [True, True]
    assert 'id="panel-notices"' not in client.get(home).text


def test_home_costs_the_same_however_many_are_new(client: FlaskClient, maya: Enrolment, counting: list[str]):
    costs = []
    for total in (1, 5):
        for number in range(total):
            tell(maya, key=f"{total}:{number}")
        counting.clear()
        client.get(f"/courses/{maya.course.public_id}/")
        costs.append(len(counting))

    assert costs[0] == costs[1]


@pytest.mark.parametrize("page", ["", "/settings"])
def test_a_page_costs_the_same_however_much_there_is_to_show(
    client: FlaskClient, maya: Enrolment, address: str, page: str, counting: list[str]
):
    costs = []
    for total in (1, 3):
        for number in range(total):
            tell(maya, key=f"{total}:{number}")
        counting.clear()
        client.get(address + page)
        costs.append(len(counting))

    assert costs[0] == costs[1]


def saved(session: Session, maya: Enrolment) -> Choices:
    session.rollback()
    session.expire_all()
    return wishes.choices_of(session, session.scalars(select(Person).where(Person.id == maya.person_id)).one())


def choose(client: FlaskClient, address: str, **fields: Any):
    said = {"is_quiet": "y", "quiet_from": "21:00", "quiet_until": "07:00", "time_zone": "", **fields}
    return client.post(f"{address}/settings", data={name: value for name, value in said.items() if value is not None})


def test_until_somebody_chooses_the_page_shows_what_holds(client: FlaskClient, maya: Enrolment, address: str):
    page = client.get(f"{address}/settings").text

    ticked = re.findall(r'<input type="checkbox"[^>]*value="([\w-]+)" checked', page)
    assert (ticked, "Requests of the tests" in page, "Small talk of the tests" in page) == ([ASKED], True, True)
    assert 'value="21:00"' in page
    assert 'value="07:00"' in page
    assert "As my learning platform says (UTC)" in page


def test_choices_are_kept_for_all_my_courses(
    app: Flask, session: Session, cast: Cast, client: FlaskClient, maya: Enrolment, address: str
):
    fields = {"mailed": ["chatter"], "quiet_from": "22:15", "quiet_until": "06:30", "time_zone": "Europe/Vienna"}
    answer = choose(client, address, **fields)

    elsewhere = enrol(cast, cast.course("Elsewhere"), "Maya")
    there = cast.visit(app.test_client(), elsewhere).get(f"/courses/{elsewhere.course.public_id}/notices/settings")
    assert answer.status_code == 302
    assert saved(session, maya) == Choices(["chatter"], True, time(22, 15), time(6, 30), "Europe/Vienna")
    assert 'value="22:15"' in there.text
    assert '<option selected value="Europe/Vienna">' in there.text


def test_times_are_shown_in_the_zone_i_choose(session: Session, client: FlaskClient, maya: Enrolment, address: str):
    tell(maya)
    choose(client, address, time_zone="Asia/Tokyo")

    assert "9:00\N{NO-BREAK SPACE}PM JST" in client.get(address).text


def test_quiet_hours_may_be_off_and_nothing_mailed(
    session: Session, client: FlaskClient, maya: Enrolment, address: str
):
    choose(client, address, is_quiet=None)

    assert saved(session, maya) == Choices([], False, time(21), time(7), "")


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no time": ({"quiet_from": "late"}, "Say a time of the day, such as 21:00."),
    "nothing at all": ({"quiet_until": ""}, "Say a time of the day, such as 21:00."),
    "no hour between": ({"quiet_until": "21:00"}, "Quiet hours cannot end when they begin."),
    "no zone": ({"time_zone": "Atlantis"}, "Not a valid choice."),
    "no kind": ({"mailed": ["made-up"]}, "&#39;made-up&#39; is not a valid choice for this field."),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_kept_says_how_to_put_it_right(
    session: Session, client: FlaskClient, maya: Enrolment, address: str, fault: str
):
    fields, sentence = FAULTS[fault]

    answer = choose(client, address, **fields)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert saved(session, maya) == Choices([ASKED], True, time(21), time(7), "")


def test_whose_address_is_withheld_reads_that_nothing_is_mailed(
    session: Session, client: FlaskClient, maya: Enrolment, address: str
):
    maya.person.email = ""
    session.commit()

    page = client.get(f"{address}/settings").text

    assert "does not give us an e-mail address of yours" in page


def test_no_page_shows_an_address(client: FlaskClient, maya: Enrolment, address: str):
    tell(maya)

    assert "@" not in client.get(address).text + client.get(f"{address}/settings").text


def test_without_any_kind_the_page_says_what_will_stand_there(app: Flask, client: FlaskClient, address: str):
    app.extensions["notice_kinds"].clear()

    assert "There is nothing to choose yet." in client.get(f"{address}/settings").text
