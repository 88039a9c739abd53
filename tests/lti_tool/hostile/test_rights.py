"""AUTHZ, ROLE: rights that end, ids that are guessed, and fields that nobody asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.models import Enrolment, Role
from quizzes.models import Attempt
from quizzes.questions import QuestionVersion
from tests.cast import Cast
from tests.house.routes import School, course_of, enrolled, roles_of, routes
from tests.lti_tool.launching import FakeWeb, launch


@pytest.fixture
def school(app: Flask, cast: Cast, session: Session) -> School:
    app.extensions["http"] = FakeWeb()
    school = School(session, course_of(session, cast.platform().deployments[0], "Starting at work"))
    school.enrol_everybody(app)
    school.fill()
    return school


def course_page(school: School, rest: str = "") -> str:
    return f"/courses/{school.course.public_id}/{rest}"


FORGED = {
    name: value
    for value, names in {
        "instructor": ["role", "roles"],
        "1": ["is_active", "is_test", "course_id", "enrolment_id", "user_id", "id", "maximum"],
        "20": ["score", "raw", "mark", "earned"],
        "mine": ["public_id"],
        "2020-01-01": ["submitted", "deadline"],
    }.items()
    for name in names
}
"""Names of columns, as somebody might hope that forms take them over."""


def test_fields_nobody_asked_for_change_nothing(school: School):
    """AUTHZ-06"""
    leo, attempt = school.people[Role.LEARNER], school.running
    before = (leo.role, leo.course_id, leo.is_test, attempt.enrolment_id, attempt.public_id, attempt.maximum)

    page = course_page(school, f"quizzes/attempts/{attempt.public_id}")
    answer = school.clients[Role.LEARNER].post(page, data={**FORGED, "sure": "1"})

    assert answer.status_code == 302
    school.session.expire_all()
    attempt = school.session.get_one(Attempt, attempt.id)
    assert (leo.role, leo.course_id, leo.is_test, attempt.enrolment_id, attempt.public_id, attempt.maximum) == before
    assert (attempt.is_open, attempt.raw) == (False, 0)


def test_fields_nobody_asked_for_make_nobody_a_mentor(school: School):
    """AUTHZ-06"""
    before = [(each.id, each.role, each.is_test) for each in school.session.scalars(select(Enrolment))]

    school.clients[Role.INSTRUCTOR].post(course_page(school, "mentoring/mentors"), data=FORGED)

    school.session.expire_all()
    assert [(each.id, each.role, each.is_test) for each in school.session.scalars(select(Enrolment))] == before


@pytest.mark.parametrize("key", ["", "1", "a" * 43, "x" * 100_000, "../../etc", "\u00fc" * 30])
def test_a_guessed_session_is_nobodys(app: Flask, school: School, key: str):
    """AUTHZ-07"""
    headers = {"Cookie": f"mentoring={key}"}

    answer = app.test_client(use_cookies=False).get(course_page(school), headers=headers)

    assert answer.status_code == 401


def test_the_key_in_the_table_opens_nothing(app: Flask, school: School, session: Session):
    """AUTHZ-07: who can read the database cannot visit with what they read."""
    stolen = session.scalars(select(BrowserSession.key)).first()

    answer = app.test_client(use_cookies=False).get(course_page(school), headers={"Cookie": f"mentoring={stolen}"})

    assert answer.status_code == 401


def test_who_was_taken_out_of_the_course_is_shut_out_with_their_next_request(school: School, session: Session):
    """AUTHZ-08"""
    page, leo = course_page(school), school.clients[Role.LEARNER]
    assert leo.get(page).status_code == 200

    school.people[Role.LEARNER].is_active = False
    session.commit()

    assert [
        leo.get(page).status_code,
        leo.post(course_page(school, f"quizzes/{school.quiz.public_id}/attempts")).status_code,
    ] == [
        403,
        403,
    ]


@pytest.mark.parametrize("who", ["learner", "mentor", "1", "\u00fc", "x" * 5000])
def test_people_are_found_by_the_courses_own_ids_and_by_nothing_else(school: School, session: Session, who: str):
    """AUTHZ-09: a subject, a row number or anything else in the pairing form names nobody."""
    zoe = enrolled(session, school.course, "zoe", Role.LEARNER)

    answer = school.clients[Role.INSTRUCTOR].post(
        course_page(school, "mentoring/pairing"), data={f"{zoe.public_id}-mentor": who}
    )

    assert answer.status_code == 422


PLACED = r"/(answers/together/\w+/\w+|answers|sections|slots|marking/\w+)/"
"""What comes before a number that is a place."""


def test_no_address_holds_a_row_number(app: Flask, school: School):
    """AUTHZ-11: every id in an address or a form of the pages is random; what has a number has it by its place, in an
    attempt, in the plan of a quiz or among the parts of an instrument."""
    numbers = []
    for route in routes(app):
        allowed = roles_of(app, route)
        if route.method != "GET" or allowed is None:
            continue
        for role in allowed:
            with school.clients[role].get(route.address(app, school, role)) as answer:
                # Some are files, of which only what reads as text could hold one.
                page = answer.get_data().decode("utf-8", "replace")
            for address in re.findall(r'(?:href|action|src|hx-post|hx-get)="([^"?#]*)', page):
                placed = re.sub(PLACED, r"/\1-", address)
                if re.search(r"/\d+(?:/|$)", placed):
                    numbers.append((route.name, address))

    assert numbers == []


MARKUP = "<script>alert(1)</script>[x](javascript:alert(1))<a href=data:text/html,x>{{7*7}}"


def test_markup_in_a_question_is_shown_as_text(school: School, session: Session):
    """OUT-03: questions are plain text so far; what looks like markup is shown as it was written."""
    version = school.running.answers[0].version
    session.execute(
        update(QuestionVersion).where(QuestionVersion.id == version.id).values(body={**version.body, "text": MARKUP})
    )
    session.commit()

    page = school.clients[Role.LEARNER].get(course_page(school, f"quizzes/attempts/{school.running.public_id}")).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;[x](javascript:alert(1))" in page
    assert [word for word in ("<script>alert", 'href="javascript:', "<a href=data") if word in page] == []


def home(client: FlaskClient, **changes: Any) -> str:
    answer = launch(client, **changes)
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.usefixtures("web")
def test_the_newest_launch_decides_in_every_open_window(app: Flask, session: Session):
    """ROLE-15, ROLE-16: whoever switches to the learner's role has no instructor's rights left in an older window,
    and has them again with the next launch as an instructor.
    """
    older, newer = app.test_client(), app.test_client()
    page = home(older, roles=["Instructor"])
    assert older.get(f"{page}mentoring/pairing").status_code == 200

    home(newer, roles=["Learner"])
    assert [client.get(f"{page}mentoring/pairing").status_code for client in (older, newer)] == [403, 403]

    home(newer, roles=["Instructor"])
    assert [client.get(f"{page}mentoring/pairing").status_code for client in (older, newer)] == [200, 200]
    assert len(session.scalars(select(Enrolment)).all()) == 1
