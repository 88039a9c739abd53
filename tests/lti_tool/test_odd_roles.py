"""What those see who neither learn nor teach plainly: designers, assistants, guests, and whoever acts for another."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.sessions import Visit
from lti_tool.claims import MEMBERSHIP
from lti_tool.models import Course, Enrolment, Platform, Role
from lti_tool.outbox import Happening
from lti_tool.running.delivering import serve
from mentoring.participants.models import Participant
from quizzes import rehearsing, starting
from quizzes.models import Attempt, Quiz
from quizzes.offering import offer as offer_quiz
from tests.cast import Cast
from tests.lti_tool.launching import launch
from tests.mentoring.reading import panel, words
from xapi.lrs.models import StoredStatement

pytestmark = pytest.mark.usefixtures("web")

VENDOR = "https://lms.example/roles/membership#Instructor"


@pytest.fixture
def course(session: Session, cast: Cast, platform: Platform) -> Course:
    return cast.course("101", platform=platform)


@pytest.fixture
def quiz(session: Session, course: Course) -> Quiz:
    quiz = offer_quiz(session, course, at=clock.now())
    session.commit()
    return quiz


@pytest.fixture
def attempt(session: Session, cast: Cast, course: Course, quiz: Quiz) -> Attempt:
    """Leo's, handed in."""
    attempt = starting.start(session, quiz, cast.enrol(course, "Leo"), seed=b"0" * 16, at=clock.now())
    attempt.submit({}, at=clock.now())
    session.commit()
    return attempt


def arrive(client: FlaskClient, roles: Any, **changes: Any) -> Any:
    """The start page of somebody new with these roles, and what it says."""
    launched = launch(client, **{"sub": "dana", "name": "Dana Ito", "roles": roles, **changes})
    assert launched.status_code == 303, launched.text
    return client.get(launched.location)


GUEST = (
    "Your learning platform says that you are in this course, but not as what. Learners, mentors and instructors work"
    " with this tool. If you should be one of them, ask the instructor of the course to give you that role there, then"
    " open this page again."
)


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [""],
        ["http://purl.imsglobal.org/vocab/lis/v2/unknown#Helper"],
        [VENDOR],
        ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"],
        [f"{MEMBERSHIP}#Member"],
    ],
    ids=["CERT-TEACH-05", "CERT-STUD-05", "CERT-TEACH-04", "ROLE-05", "institution role", "non-core role"],
)
def test_a_guest_gets_a_page_that_says_what_to_do(client: FlaskClient, session: Session, roles: list[str]):
    """ROLE-09"""
    page = arrive(client, roles)

    assert (page.status_code, GUEST in words(page)) == (200, True)
    assert session.scalars(select(Enrolment.role)).all() == [Role.GUEST]


def test_short_role_names_are_understood(client: FlaskClient):
    """CERT-TEACH-03"""
    assert "Dana Ito Instructor" in words(arrive(client, ["Instructor"]))


def test_a_guest_opens_nothing_else(client: FlaskClient, app: Flask, course: Course, quiz: Quiz):
    arrive(client, [])
    base = f"/courses/{course.public_id}"

    pages = [f"{base}/mentoring/mentors", f"{base}/quizzes/", f"{base}/quizzes/{quiz.public_id}/preview"]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


def test_a_launch_without_a_course_asks_to_open_the_tool_from_one(client: FlaskClient, session: Session):
    """CERT-TEACH-09 and CERT-STUD-09"""
    answer = launch(client, context=None, roles=[f"{MEMBERSHIP}#Instructor"])

    assert answer.status_code == 200
    assert "Please open this from a course" in words(answer)
    assert session.scalar(select(func.count(Enrolment.id))) == 0


@pytest.mark.parametrize(
    ("hidden", "name"),
    [
        ({"name": None, "given_name": None, "family_name": None}, "Participant 1"),
        ({"email": None}, "Dana Ito"),
        ({"name": None, "given_name": None, "family_name": None, "email": None}, "Participant 1"),
        ({"name": None, "given_name": "Dana", "family_name": "Ito"}, "Dana Ito"),
    ],
    ids=["email only", "names only", "nothing", "parts of a name"],
)
def test_names_and_mail_may_be_withheld(client: FlaskClient, hidden: dict[str, Any], name: str):
    page = arrive(client, [f"{MEMBERSHIP}#Learner"], **hidden)

    assert (page.status_code, f"{name} Learner" in words(page)) == (200, True)


def test_an_anonymous_visitor_is_refused_with_a_page(client: FlaskClient):
    """PLAT-02"""
    answer = launch(client, sub=None)

    assert (answer.status_code, "You could not be let in" in words(answer)) == (400, True)


def test_a_designer_sees_what_is_asked_and_nobodys_answers(
    client: FlaskClient, course: Course, quiz: Quiz, attempt: Attempt
):
    """ROLE-18"""
    page = arrive(client, [f"{MEMBERSHIP}#ContentDeveloper"])
    base = f"/courses/{course.public_id}/quizzes/{quiz.public_id}"

    assert panel(page, "quiz-previews") == (
        "Quizzes of this course You see what learners are asked. Their answers and results stay between them and those"
        " who teach. Preview Onboarding quiz"
    )
    preview = client.get(f"{base}/preview")
    assert preview.status_code == 200
    assert "20 questions in at most 30 minutes. This is one draw" in words(preview)
    others = (base, f"{base}/results", f"{base}/results/{attempt.public_id}", f"/courses/{course.public_id}/quizzes/")
    assert [client.get(address).status_code for address in others] == [403, 403, 403, 403]
    assert "Leo" not in words(page) + words(preview)


def test_a_designer_of_a_course_without_quiz_is_told_what_will_stand_there(client: FlaskClient, course: Course):
    """ROLE-18"""
    said = panel(arrive(client, [f"{MEMBERSHIP}#ContentDeveloper"]), "quiz-previews")

    assert said is not None
    assert "It will stand here as soon as an instructor has added one, and you can look at what it asks." in said


def test_a_preview_is_always_the_same_and_begins_no_attempt(session: Session, quiz: Quiz):
    first, second = (
        [(each.version.id, each.option_order) for each in rehearsing.rehearsal(session, quiz.published).answers]
        for _each in range(2)
    )

    assert (first == second, len(first)) == (True, 20)
    assert session.scalar(select(func.count(Attempt.id))) == 0


def test_a_preview_tells_no_right_answers(client: FlaskClient, session: Session, course: Course, quiz: Quiz):
    arrive(client, [f"{MEMBERSHIP}#ContentDeveloper"])

    page = client.get(f"/courses/{course.public_id}/quizzes/{quiz.public_id}/preview").text

    explained = [each.version.why for each in rehearsing.rehearsal(session, quiz.published).answers]
    assert len([why for why in explained if why]) > 10, "what could be told"
    assert [why for why in explained if why and why in html.unescape(page)] == []
    assert page.count('type="radio"') > 20
    assert re.findall(r"<input[^>]*\bchecked\b", page) == []


def test_an_assistant_sees_the_class_and_results_and_decides_nothing(
    client: FlaskClient, course: Course, quiz: Quiz, attempt: Attempt
):
    """ROLE-06: an assistant reads quiz results and may mentor; pairing and settings stay with instructors."""
    page = arrive(client, [f"{MEMBERSHIP}/Instructor#TeachingAssistant"])
    base = f"/courses/{course.public_id}"

    assert "Dana Ito Assistant" in words(page)
    assert panel(page, "quiz-results") is not None
    seen = (f"{base}/quizzes/{quiz.public_id}/results", f"{base}/quizzes/{quiz.public_id}/results/{attempt.public_id}")
    assert [client.get(address).status_code for address in seen] == [200, 200]
    shut = (f"{base}/mentoring/mentors", f"{base}/mentoring/pairing", f"{base}/mentoring/settings")
    assert [client.get(address).status_code for address in shut] == [403, 403, 403]


LEARNER = [f"{MEMBERSHIP}#Learner"]
ACTED = {"custom": {"activity": "mentoring", "acting_user": "90210"}}


def happenings(session: Session) -> list[str]:
    serve(current_app._get_current_object(), lane_of_visits(session))  # type: ignore[attr-defined]
    session.rollback()
    return list(session.scalars(select(Happening.name).order_by(Happening.at, Happening.id)))


def lane_of_visits(session: Session) -> str:
    return f"happened:{session.scalars(select(Platform.public_id)).one()}"


def test_who_acts_for_somebody_is_written_down_and_told_to_no_lrs(client: FlaskClient, session: Session):
    """PLAT-01"""
    page = arrive(client, LEARNER, **ACTED)

    told = json.loads(session.scalars(select(Happening.body)).one())
    assert happenings(session) == ["ActedAs"]
    assert (told["by"], told["who"]["subject"]) == ("90210", "dana")
    assert session.scalars(select(Visit.acted_by)).all() == ["90210"]
    assert session.scalar(select(func.count(StoredStatement.seq))) == 0
    assert "You look at this in somebody else's name." in words(page)


def test_who_acts_for_somebody_changes_nothing(client: FlaskClient, session: Session, course: Course, quiz: Quiz):
    """PLAT-01"""
    arrive(client, LEARNER, **ACTED)
    base = f"/courses/{course.public_id}"

    seen = client.get(f"{base}/quizzes/{quiz.public_id}")
    tried = client.post(f"{base}/quizzes/{quiz.public_id}/attempts")

    assert (seen.status_code, tried.status_code) == (200, 403)
    assert "You can look, but not act for somebody else" in words(tried)
    assert session.scalar(select(func.count(Attempt.id))) == 0
    assert session.scalar(select(func.count(Participant.id))) == 0


def test_the_person_themselves_is_not_held_up_by_it(client: FlaskClient, app: Flask, session: Session, quiz: Quiz):
    """PLAT-01: another browser, or the same one launched anew by the person."""
    arrive(client, LEARNER, **ACTED)
    base = f"/courses/{quiz.course.public_id}"

    own = app.test_client()
    arrive(own, LEARNER)
    arrive(client, LEARNER)

    posts = [each.post(f"{base}/quizzes/{quiz.public_id}/attempts").status_code for each in (own, client)]
    assert posts == [302, 302]
    assert happenings(session)[:3] == ["ActedAs", "CourseEntered", "CourseEntered"]


@pytest.mark.parametrize("value", ["$Canvas.masqueradingUser.id", "", None, 7])
def test_a_platform_that_cannot_tell_means_nobody(client: FlaskClient, session: Session, value: Any):
    """PLAT-01"""
    page = arrive(client, LEARNER, custom={"activity": "mentoring", "acting_user": value})

    assert (happenings(session), "somebody else's name" in words(page)) == (["CourseEntered"], False)
