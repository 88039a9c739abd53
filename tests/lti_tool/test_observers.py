"""Observers follow exactly the learners their newest launch names, if the course lets them; and see a summary only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.claims import MEMBERSHIP
from lti_tool.db import db
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.observing import Observed
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from quizzes.offering import offer as offer_quiz
from tests.cast import Cast
from tests.lti_tool.launching import launch
from tests.mentoring.reading import panel, sent, words

pytestmark = pytest.mark.usefixtures("web")

MENTOR = [f"{MEMBERSHIP}#Mentor"]


@pytest.fixture
def course(session: Session, cast: Cast, platform: Any) -> Course:
    """The course that launches name, with Ines who teaches, Leo and Maya who learn, and Zoe in another one."""
    course = cast.course("101", platform=platform)
    cast.enrol(course, "Ines", Role.INSTRUCTOR)
    cast.enrol(course, "Leo")
    cast.enrol(course, "Maya")
    cast.enrol(cast.course("Elsewhere", platform=platform), "Zoe")
    return course


OPEN_TO_EVERYBODY = {
    *("GET courses.home", "GET gradebook.no_review"),
    *("GET notices.index", "POST notices.open_notice", "POST notices.read_all"),
    *("GET notices.settings", "POST notices.save_settings", "POST notices.revoke"),
    *("GET mail_consent.show", "POST mail_consent.say"),
}
"""The start page and the page that says why there is no result to look at, which say nothing about anybody, what
somebody was told themselves, and whether their own mail address may go to learning records."""


def observe(client: FlaskClient, *subjects: str, roles: list[str] = MENTOR) -> FlaskClient:
    """Olga launches as an observer of these; the client stands on her page."""
    answer = launch(client, sub="olga", name="Olga Nowak", roles=roles, role_scope_mentor=list(subjects))
    assert answer.status_code == 303
    client.page = answer.location  # type: ignore[attr-defined]
    return client


def seen(client: FlaskClient) -> str | None:
    return panel(client.get(client.page), "observed")  # type: ignore[attr-defined]


def let_them(session: Session, course: Course, *, may: bool = True) -> None:
    ensure(session, course, at=clock.now()).program.observers_may_follow = may
    session.commit()


def observed(session: Session) -> list[str]:
    wanted = (
        select(Person.subject)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Observed, Observed.learner_id == Enrolment.id)
        .order_by(Person.subject)
    )
    return list(session.scalars(wanted))


@pytest.mark.parametrize("roles", [MENTOR, [f"{MEMBERSHIP}/Mentor#Tutor"]], ids=["ROLE-01", "ROLE-02"])
def test_an_observer_sees_a_summary_of_the_learner_they_are_linked_to(
    client: FlaskClient, session: Session, course: Course, roles: list[str]
):
    """ROLE-01"""
    let_them(session, course)
    offer_quiz(session, course, at=clock.now())
    session.commit()

    observe(client, "leo", roles=roles)

    assert "There is nothing for you to do here." in words(client.get(client.page))  # type: ignore[attr-defined]
    assert seen(client) == (
        "Whom you follow You see how far they have come, never their answers or what they and their mentors write."
        " Leo Mentor Has none yet Onboarding quiz Not taken yet"
    )


def test_a_mentor_is_told_of_but_not_named(client: FlaskClient, session: Session, course: Course):
    """ROLE-01"""
    let_them(session, course)
    cohort = ensure(session, course, at=clock.now())
    people = {each.person.subject: each for each in session.scalars(select(Enrolment))}
    offer(session, cohort, [Offering(people["maya"], 1)], at=clock.now())
    pair = Pair(people["leo"], people["maya"], cohort.version.kinds[0])
    assign(session, cohort, [pair], by=people["ines"], at=clock.now())
    session.commit()

    page = words(observe(client, "leo").get(client.page))  # type: ignore[attr-defined]

    assert "Leo Mentor Has one" in page
    assert "Maya" not in page


def test_an_observer_never_mentors_by_that_role(client: FlaskClient, session: Session, course: Course):
    """ROLE-01"""
    observe(client, "leo")

    ines = session.scalars(select(Enrolment).where(Enrolment.role == Role.INSTRUCTOR)).one()
    page = Cast(session).visit(client, ines).get(f"/courses/{course.public_id}/mentoring/mentors")

    assert "Leo" in words(page)
    assert "Olga" not in words(page)


def test_without_the_programs_leave_nothing_is_shown(client: FlaskClient, session: Session, course: Course):
    page = words(observe(client, "leo").get(client.page))  # type: ignore[attr-defined]

    assert "This course does not let observers follow learners in this tool." in page
    assert "Leo" not in page


def test_the_leave_can_be_taken_back(client: FlaskClient, session: Session, course: Course):
    let_them(session, course)
    observe(client, "leo")
    let_them(session, course, may=False)

    assert "Leo" not in (seen(client) or "Leo")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (["leo", "maya"], ["leo", "maya"]),
        ("leo,maya", ["leo", "maya"]),
        (["leo", "nobody", 7, None, ""], ["leo"]),
        (["zoe"], []),
        (["ines"], []),
        ({"leo": 1}, []),
        (None, []),
    ],
    ids=["a list", "one text", "unknown ids", "of another course", "not a learner", "an object", "nobody"],
)
def test_only_learners_of_this_course_are_followed(
    client: FlaskClient, session: Session, course: Course, named: Any, expected: list[str]
):
    """ROLE-11"""
    let_them(session, course)

    answer = launch(client, sub="olga", name="Olga Nowak", roles=MENTOR, role_scope_mentor=named)

    assert (answer.status_code, observed(session)) == (303, expected)
    page = words(client.get(answer.location))
    assert [name for name in ("Leo", "Maya", "Zoe", "Ines") if name in page] == [each.title() for each in expected]


def test_an_observer_of_nobody_is_told_how_that_comes(client: FlaskClient, session: Session, course: Course):
    let_them(session, course)

    assert "does not say whom in this course you observe" in (seen(observe(client)) or "")


def test_whoever_is_not_named_any_more_is_lost_at_once(
    client: FlaskClient, app: Flask, session: Session, course: Course
):
    """ROLE-12"""
    let_them(session, course)
    first = observe(client, "leo", "maya")
    assert "Leo" in (seen(first) or "")

    observe(app.test_client(), "maya")

    page = seen(first) or ""
    assert ("Leo" in page, "Maya" in page) == (False, True)


def test_a_learners_launch_gives_no_right_to_observe(client: FlaskClient, session: Session, course: Course):
    """role_scope_mentor counts together with the observer's seat only."""
    let_them(session, course)

    observe(client, "leo", roles=[f"{MEMBERSHIP}#Learner"])

    assert (observed(session), seen(client)) == ([], None)


def test_somebody_who_is_an_observer_no_more_sees_nothing(
    client: FlaskClient, app: Flask, session: Session, course: Course
):
    """ROLE-12"""
    let_them(session, course)
    old = observe(client, "leo")

    observe(app.test_client(), roles=[f"{MEMBERSHIP}#Learner"])

    assert seen(old) is None


def test_a_learner_who_left_is_not_shown(client: FlaskClient, session: Session, course: Course):
    let_them(session, course)
    observe(client, "leo")
    session.scalars(select(Enrolment).join(Enrolment.person).where(Person.subject == "leo")).one().is_active = False
    session.commit()

    assert "Leo" not in (seen(client) or "Leo")


def test_an_observer_opens_no_other_page(app: Flask, client: FlaskClient, session: Session, course: Course):
    """ROLE-13"""
    let_them(session, course)
    observe(client, "leo")
    filled = {"course": course.public_id}
    statuses = {}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/courses/<course>/"):
            continue
        values = dict.fromkeys(rule.arguments, "1") | filled
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            statuses[f"{method} {rule.endpoint}"] = client.open(address, method=method).status_code

    assert len(statuses) > 15
    assert {page for page, status in statuses.items() if status != 403} == OPEN_TO_EVERYBODY


def test_the_instructor_lets_observers_follow_with_one_tick(
    client: FlaskClient, session: Session, cast: Cast, course: Course
):
    ines = session.scalars(select(Enrolment).where(Enrolment.role == Role.INSTRUCTOR)).one()
    cast.visit(client, ines)
    address = f"/courses/{course.public_id}/mentoring/settings"
    assert "They never see who the mentor is, answers, scores, or anything written." in words(client.get(address))

    on = client.post(address, data={"observers": "y"}, follow_redirects=True)
    shown = sent(client.get(address))
    off = client.post(address, data={}, follow_redirects=True)

    assert "Saved. Observers see how far the learners they are linked to have come." in words(on)
    assert shown["observers"] == "y"
    assert "Saved. Observers see nothing of anybody." in words(off)
    assert ensure(session, course, at=clock.now()).program.observers_may_follow is False


@pytest.mark.parametrize("role", [role for role in Role if role != Role.INSTRUCTOR])
def test_nobody_else_decides_that(client: FlaskClient, session: Session, cast: Cast, course: Course, role: Role):
    cast.visit(client, cast.enrol(course, "Anouk", role))

    answers = [client.open(f"/courses/{course.public_id}/mentoring/settings", method=each) for each in ("GET", "POST")]

    assert [answer.status_code for answer in answers] == [403, 403]


def asked(work: Callable[[], object]) -> int:
    """How many statements the database is sent while this is done."""
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_following_many_costs_as_many_queries_as_following_one(
    client: FlaskClient, session: Session, cast: Cast, course: Course
):
    let_them(session, course)
    offer_quiz(session, course, at=clock.now())
    for name in ("Amara", "Bobby", "Chloe"):
        cast.enrol(course, name)

    observe(client, "leo")
    one = asked(lambda: seen(client))
    observe(client, "leo", "maya", "amara", "bobby", "chloe")

    assert asked(lambda: seen(client)) == one
