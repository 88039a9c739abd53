"""The class list, asked of a strict LMS page by page."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import roster
from lti_tool.db import db, transaction
from lti_tool.delivering import drain
from lti_tool.http import Answer
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Letter
from lti_tool.services import Service, ServiceFailed
from tests.cast import Cast
from tests.conftest import Arrive


def names(session: Session, *, active: bool = True) -> set[str]:
    session.rollback()
    return {row.person.name for row in session.scalars(select(Enrolment).where(Enrolment.is_active == active))}


def enrolment(session: Session, campus: CampusInHand, key: str) -> Enrolment:
    session.rollback()
    subject = campus.person(key).id
    return session.scalars(select(Enrolment).join(Enrolment.person).where(Enrolment.person.has(subject=subject))).one()


def test_the_first_instructor_brings_the_class_along(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")

    assert names(session) >= {person.name or "" for person in campus.people()} - {""}
    assert session.scalars(select(Course.roster_read)).one() is not None
    assert len(names(session)) > 10, "the roster comes in pages of ten"


def test_a_learner_who_comes_first_brings_nobody(session: Session, arrive: Arrive, campus: CampusInHand):
    arrive("leo")

    assert names(session) == {campus.person("leo").name}


def test_people_who_vanish_become_inactive_and_stay(session: Session, campus: CampusInHand, arrive: Arrive):
    client = arrive("ines")
    leo = enrolment(session, campus, "leo")
    course = leo.course.public_id
    campus.unenrol("leo")

    client.post(f"/courses/{course}/roster")

    again = enrolment(session, campus, "leo")
    assert (again.id, again.is_active) == (leo.id, False)
    campus.enrol("leo")
    client.post(f"/courses/{course}/roster")
    assert enrolment(session, campus, "leo").is_active


def test_a_refresh_tells_the_instructor_what_changed(session: Session, campus: CampusInHand, arrive: Arrive):
    client = arrive("ines")
    campus.unenrol("leo")

    page = client.post(client.page.removesuffix("/") + "/roster", follow_redirects=True).text  # type: ignore[attr-defined]

    assert "0 joined, 1 left" in page


def test_names_escaped_for_html_are_read_as_people_wrote_them(session: Session, campus: CampusInHand, arrive: Arrive):
    campus.set_flavor("moodle")
    campus.change("leo", name="Muñoz & Söhne", given="Muñoz", family="& Söhne")

    arrive("ines")

    assert "Muñoz & Söhne" in names(session)


def test_people_without_a_name_are_called_by_a_number_that_stays(session: Session, arrive: Arrive):
    arrive("ines")

    nameless = session.scalars(select(Enrolment).where(Enrolment.person.has(name=""))).all()
    assert len(nameless) >= 1
    assert [row.name for row in nameless] == [f"Participant {row.number}" for row in nameless]


def test_preview_students_are_marked(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    arrive("preview")

    assert session.scalars(select(Enrolment.is_test).where(Enrolment.is_test)).all() == [True]


def test_an_lms_that_is_down_changes_nothing_and_a_letter_asks_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, caplog: pytest.LogCaptureFixture
):
    campus.faults.services_down = True
    arrive("ines")
    assert names(session) == {campus.person("ines").name}

    campus.faults.services_down = False
    assert drain(app) == 1

    assert [row.error for row in session.scalars(select(Letter))] == [""]
    assert len(names(session)) > 10


def test_half_a_roster_is_not_applied(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    course.roster_url = f"{course.roster_url}?page=no-such-page"
    session.commit()

    with pytest.raises(roster.RosterUnavailable):
        roster.refresh(course)

    assert names(session) == {campus.person("leo").name}


def test_paging_never_leaves_the_host_it_began_on(session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    elsewhere = {"link": '<https://evil.example/members?page=2>; rel="next"'}
    asked: list[str] = []

    def call(_self: Service, _method: str, url: str, **_rest: object) -> Answer:
        asked.append(url)
        return Answer(200, elsewhere, b'{"members": []}', url)

    monkeypatch.setattr(Service, "call", call)

    with pytest.raises(roster.RosterUnavailable, match="another host"):
        roster.refresh(course)
    assert asked == [course.roster_url]


def test_services_live_where_a_signed_launch_says_and_nowhere_else(session: Session, cast: Cast):
    """Hosted Canvas: one issuer for all, services on each school's own host."""
    deployment = cast.course().deployment
    school = "https://school.example/api/lti/courses/7/names_and_roles"

    Service(deployment, [], (school,)).check_host(school)

    for url in ("https://evil.example/x", "http://school.example/api", "https://campus.example:444/x", "https://[bad"):
        with pytest.raises(ServiceFailed, match="not where this platform lives"):
            Service(deployment, [], (school, "http://school.example/api")).check_host(url)


ODD_ROSTERS = {
    "roles is a number": b'{"members": [{"user_id": "5", "roles": 5}]}',
    "lone surrogates": b'{"members": [{"user_id": "5\\ud800", "name": "Leo\\ud800", "roles": ["Learner"]}]}',
    "a NUL": b'{"members": [{"user_id": "5\\u0000", "name": "Leo\\u0000", "roles": ["Learner"]}]}',
    "rows that are none": b'{"members": [1, null, [], {"user_id": 5}, {"user_id": ""}, {"user_id": "5"}]}',
}


@pytest.mark.parametrize("body", ODD_ROSTERS.values(), ids=list(ODD_ROSTERS))
def test_an_odd_roster_is_read_as_far_as_it_makes_sense(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, body: bytes
):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    monkeypatch.setattr(Service, "call", lambda _self, _method, url, **_rest: Answer(200, {}, body, url))

    assert roster.refresh(course).members == 1
    assert enrolment(session, campus, "leo").is_active


NO_ROSTERS = {
    "not JSON": b"<html>",
    "no list": b'{"members": {}}',
    "too deep": b"[" * 100_000,
    "empty for a course with people": b'{"members": []}',
}


@pytest.mark.parametrize("body", NO_ROSTERS.values(), ids=list(NO_ROSTERS))
def test_what_is_no_roster_changes_nothing(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, body: bytes
):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    monkeypatch.setattr(Service, "call", lambda _self, _method, url, **_rest: Answer(200, {}, body, url))

    with pytest.raises(roster.RosterUnavailable):
        roster.refresh(course)
    assert enrolment(session, campus, "leo").is_active


def test_nothing_about_a_roster_keeps_the_instructor_out(
    session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_words: object, **_rest: object) -> None:
        raise TypeError("something nobody thought of")

    monkeypatch.setattr(roster, "refresh", fail)

    arrive("ines")

    assert [row.lane.partition(":")[0] for row in session.scalars(select(Letter))] == ["roster"]


def test_launches_and_two_rosters_at_once_do_not_lock_each_other_out(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("ines")
    arrive("henrik", course="3")
    courses = [course.id for course in session.scalars(select(Course))]
    session.rollback()
    people = ["leo", "maya", "tariq", "anouk"]
    together, problems = threading.Barrier(len(people) + len(courses), timeout=20), []

    def refresh(course_id: int) -> None:
        with app.app_context():
            course = db.session.get_one(Course, course_id)
            together.wait()
            try:
                roster.refresh(course)
            except Exception as problem:
                problems.append(problem)

    def launch(person: str) -> None:
        together.wait()
        try:
            arrive(person)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=refresh, args=(each,)) for each in courses]
    threads += [threading.Thread(target=launch, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []


def test_the_role_of_a_launch_outranks_the_rosters(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    maya = enrolment(session, campus, "maya")
    with transaction():
        maya.role, maya.last_launch = Role.INSTRUCTOR, maya.created

    roster.refresh(maya.course)

    assert enrolment(session, campus, "maya").role == Role.INSTRUCTOR


def test_a_learner_may_not_refresh_the_roster(arrive: Arrive):
    client: FlaskClient = arrive("leo")

    assert client.post(client.page.removesuffix("/") + "/roster").status_code == 403  # type: ignore[attr-defined]
