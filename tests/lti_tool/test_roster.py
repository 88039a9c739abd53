"""The class list, asked of a strict LMS page by page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import roster
from lti_tool.db import transaction
from lti_tool.delivering import drain
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Letter
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


def test_a_token_never_travels_to_a_foreign_host(session: Session, arrive: Arrive):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    course.roster_url = "http://127.0.0.1:9/members"
    session.commit()

    with pytest.raises(roster.RosterUnavailable, match="not where this platform lives"):
        roster.refresh(course)


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
