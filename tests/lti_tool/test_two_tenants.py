"""Two schools on one issuer: what is placed, reviewed and copied at one shows nothing of the other.

Everything that could be mistaken is the same at both: issuer, keys, deployment id, course id, person, gradebook column.
Only the client id tells them apart. Columns are in test_gradebook_rights.py, *Test now* is in test_checking.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.claims import AGS, LTI, MEMBERSHIP, SCORE_SCOPE
from lti_tool.models import Course, Platform
from lti_tool.placing.copies import CourseCopy
from quizzes import offering
from quizzes.designing.plan import Plan
from quizzes.models import Quiz
from tests.cast import THEN, Cast
from tests.journeys.walking import right_answers, start_quiz, sure
from tests.lti_tool.choosing import TEACHES, ask, read, ticked
from tests.lti_tool.launching import ISSUER, key_set, launch, start
from tests.lti_tool.outcomes import row_counts, shown_on
from tests.lti_tool.registering import words
from tests.lti_tool.schools import Schools
from tests.quizzes.making import changed

NORTH, SOUTH = "north-school", "south-school"
COURSE, COPY = "101", "102"
LEARNS = [f"{MEMBERSHIP}#Learner"]
LINE_ITEM = f"{ISSUER}/api/lti/courses/101/line_items/1"


@dataclass
class School:
    """One tenant with a course 101 and a quiz of its own in it."""

    app: Flask
    platform: Platform
    course: Course
    quiz: Quiz

    @property
    def client_id(self) -> str:
        return self.platform.client_id

    def launched(self, client: FlaskClient | None = None, **changes: Any) -> TestResponse:
        """Somebody of this school arrives, by a token for its client id."""
        client = client or self.app.test_client()
        asked = start(client, client_id=self.client_id)
        return launch(client, asked=asked, **{"aud": self.client_id, "context": {"id": COURSE}, **changes})

    def placing(self, client: FlaskClient) -> str:
        """The page on which an instructor of this school picks what to place."""
        asked = start(client, client_id=self.client_id)
        answer = ask(client, asked=asked, aud=self.client_id, sub="ines", name="Ines", context={"id": COURSE})
        assert answer.status_code == 303, answer.text
        return str(answer.location)


@pytest.fixture
def web(app: Flask) -> Schools:
    web = app.extensions["http"] = Schools()
    web.pages["", f"{ISSUER}/jwks"] = key_set("one")
    return web


@pytest.fixture
def schools(app: Flask, session: Session, cast: Cast, web: Schools) -> dict[str, School]:
    """Both have a Leo, who has an account of the same number at each."""
    found = {}
    for name, questions in ((NORTH, 7), (SOUTH, 11)):
        course = cast.course(COURSE, platform=cast.platform(name, client_id=name))
        quiz = offering.offer(session, course, at=THEN)
        changed(session, quiz, title=f"Quiz of the {name}", plan=Plan.of_one_rule(quiz.bank.id, questions))
        found[name] = School(app, course.platform, course, quiz)
    return found


def other(name: str) -> str:
    return SOUTH if name == NORTH else NORTH


@pytest.mark.parametrize("name", [NORTH, SOUTH])
def test_what_is_placed_at_one_school_is_its_own_and_signed_in_its_name(schools: dict[str, School], name: str):
    """The neighbour's instructor is choosing at the same time."""
    ours, theirs = schools[name], schools[other(name)]
    client, neighbour = ours.app.test_client(), ours.app.test_client()
    pages = ours.placing(client), theirs.placing(neighbour)

    page = client.get(pages[0])
    reply = read(client, client.post(pages[0], data=ticked("quiz-onboarding")))

    assert (ours.quiz.title in page.text, theirs.quiz.title in page.text) == (True, False)
    assert {each: reply.claims[each] for each in ("iss", "aud", LTI + "deployment_id")} == {
        "iss": name,
        "aud": ISSUER,
        LTI + "deployment_id": "1",
    }
    (item,) = reply["content_items"]
    assert (item["custom"]["resource"], item["lineItem"]["resourceId"]) == (ours.quiz.reference, ours.quiz.reference)


def test_a_choice_begun_at_one_school_is_not_made_at_the_other(schools: dict[str, School], session: Session):
    """Not by its neighbour's instructor, and not below the neighbour's course of the same id."""
    north, south = schools[NORTH], schools[SOUTH]
    client, neighbour = north.app.test_client(), north.app.test_client()
    page, _theirs = north.placing(client), south.placing(neighbour)
    below = page.replace(north.course.public_id, south.course.public_id)

    tries = [neighbour.post(each, data=ticked("quiz-onboarding")).status_code for each in (page, below)]
    tries.append(client.post(below, data=ticked("quiz-onboarding")).status_code)

    assert tries == [404] * 3


def test_a_browser_that_goes_on_to_the_other_school_answers_for_that_one(schools: dict[str, School]):
    """Somebody who teaches at both: the newer launch is another person's, so the older choice is closed to it."""
    client = schools[NORTH].app.test_client()
    first = schools[NORTH].placing(client)
    second = schools[SOUTH].placing(client)

    older = client.post(first, data=ticked("quiz-onboarding"))
    newer = read(client, client.post(second, data=ticked("quiz-onboarding")))

    assert (older.status_code, newer.claims["iss"]) == (404, SOUTH)
    assert newer["content_items"][0]["custom"]["resource"] == schools[SOUTH].quiz.reference


REVIEW: dict[str, Any] = {
    "message_type": "LtiSubmissionReviewRequest",
    "for_user": {"user_id": "leo"},
    "roles": TEACHES,
    "sub": "ines",
    "name": "Ines",
}


GRADED: dict[str, Any] = {
    "resource_link": {"id": "7", "title": "Quiz"},
    "custom": {"activity": "quiz"},
    AGS: {"scope": [SCORE_SCOPE], "lineitem": LINE_ITEM, "lineitems": LINE_ITEM.rpartition("/")[0]},
}
"""How both schools name the quiz's link and its column in a launch."""


def take(session: Session, school: School, *, right: int) -> None:
    """Leo of this school takes its quiz."""
    leo = school.app.test_client()
    page = school.launched(leo, **GRADED).location
    attempt = start_quiz(leo, page)
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=right)))


@pytest.mark.parametrize("name", [NORTH, SOUTH])
def test_a_review_opens_the_result_of_the_own_schools_learner(schools: dict[str, School], session: Session, name: str):
    for each, right in ((NORTH, 3), (SOUTH, 5)):
        take(session, schools[each], right=right)
    ours, theirs = schools[name], schools[other(name)]
    ines, neighbour = ours.app.test_client(), ours.app.test_client()

    result = ours.launched(ines, **GRADED, **REVIEW).location
    page = ines.get(result)
    theirs.launched(neighbour, **GRADED, **REVIEW)

    earned = {NORTH: "Earned 3 of 7.", SOUTH: "Earned 5 of 11."}
    assert [earned[each] in words(page) for each in (name, other(name))] == [True, False]
    assert (ours.quiz.title in page.text, theirs.quiz.title in page.text) == (True, False)
    assert neighbour.get(result).status_code == 404
    assert neighbour.get(result.replace(ours.course.public_id, theirs.course.public_id)).status_code == 404


def test_a_review_knows_nobody_whom_only_the_other_school_has(schools: dict[str, School], session: Session):
    take(session, schools[NORTH], right=3)
    ines = schools[SOUTH].app.test_client()

    page = ines.get(schools[SOUTH].launched(ines, **GRADED, **REVIEW).location)

    assert page.status_code == 404
    assert "This person is not known here yet" in words(page)


def test_a_review_for_one_school_is_not_let_in_at_the_other(schools: dict[str, School], session: Session):
    """A token for the north's client id under a login of the south."""
    take(session, schools[NORTH], right=3)
    ines = schools[SOUTH].app.test_client()
    before = row_counts(session)

    answer = schools[SOUTH].launched(ines, aud=NORTH, **GRADED, **REVIEW)

    assert (answer.status_code, shown_on(answer)) == (401, "wrong_audience")
    assert row_counts(session) == before


def copied(**changes: Any) -> dict[str, Any]:
    """A launch from a copy of course 101, as the LMS tells of it."""
    custom = {"activity": "mentoring", "context_history": COURSE, **changes.pop("custom", {})}
    return {"context": {"id": COPY, "title": "Copy"}, "custom": custom, "sub": "ines", "roles": TEACHES, **changes}


@pytest.mark.parametrize("name", [NORTH, SOUTH])
def test_a_copy_is_offered_the_settings_of_its_own_schools_course(
    schools: dict[str, School], session: Session, name: str
):
    """PNS-04: a course 101 exists at both."""
    ours, theirs, ines = schools[name], schools[other(name)], schools[name].app.test_client()
    theirs.launched(**copied())

    home = ours.launched(ines, **copied()).location
    page = ines.get(home)

    ours_and_theirs = {
        copy.course.platform.client_id: copy for copy in session.scalars(select(CourseCopy).order_by(CourseCopy.id))
    }
    assert {each: copy.origin for each, copy in ours_and_theirs.items()} == {
        name: ours.course,
        other(name): theirs.course,
    }
    assert (ours.quiz.title in page.text, theirs.quiz.title in page.text) == (True, False)
    assert ines.post(f"{home}copies/{ours_and_theirs[other(name)].public_id}").status_code == 404
    assert ines.post(f"{home}copies/{ours_and_theirs[name].public_id}").status_code == 302
    assert titles_in(session, COPY) == {name: [ours.quiz.title]}


def titles_in(session: Session, context_id: str) -> dict[str, list[str]]:
    """What the quizzes of the courses with this id are called, at each school that has any."""
    session.expire_all()
    found: dict[str, list[str]] = {}
    for quiz in session.scalars(select(Quiz).join(Quiz.course).where(Course.context_id == context_id)):
        found.setdefault(quiz.course.platform.client_id, []).append(quiz.title)
    return found


@pytest.mark.parametrize("history", [COURSE, "of the north", f"of%20the%20north,{COURSE}"])
def test_a_history_that_fits_the_other_school_alone_is_offered_nothing(
    schools: dict[str, School], session: Session, cast: Cast, history: str
):
    """PNS-04: the south's own course 101 has nothing to copy, and of the other course it has none."""
    north, south, ines = schools[NORTH], schools[SOUTH], schools[SOUTH].app.test_client()
    secret = offering.offer(session, cast.course("of the north", platform=north.platform), at=THEN)
    secret.title = "Known to the north alone"
    session.delete(south.quiz)
    session.commit()

    home = south.launched(ines, **copied(custom={"context_history": history})).location
    page = ines.get(home)

    assert [each in page.text for each in ("This course is a copy", north.quiz.title, secret.title)] == [False] * 3
    assert titles_in(session, COPY) == {}


@pytest.mark.parametrize(("whose", "title"), [(SOUTH, f"Quiz of the {SOUTH}"), (NORTH, "Onboarding quiz")])
def test_a_copied_link_brings_the_rules_of_its_own_schools_quiz_or_none(
    schools: dict[str, School], session: Session, whose: str, title: str
):
    """PNS-04: at the south, a link may name a quiz of either course 101."""
    leo = schools[SOUTH].app.test_client()

    page = leo.get(schools[SOUTH].launched(leo, **copied_link(schools[whose].quiz)).location)

    assert (page.status_code, title in page.text) == (200, True)
    assert titles_in(session, COPY) == {SOUTH: [title]}


def copied_link(quiz: Quiz) -> dict[str, Any]:
    """A learner follows a link that came along with the course page and names this quiz."""
    named = {"activity": "quiz", "resource": quiz.reference}
    return copied(custom=named, sub="leo", roles=LEARNS, resource_link={"id": quiz.public_id, "title": "Quiz"})
