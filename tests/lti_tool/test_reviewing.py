"""A review launch opens one learner's result for those who may see it, and says plainly where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand, FlaskBrowser, review
from lti_tool.claims import AGS, LTI, MEMBERSHIP
from lti_tool.gradebook import GradeColumn
from lti_tool.models import Placement
from tests.cast import THEN
from tests.conftest import Arrive
from tests.journeys.walking import right_answers, start_quiz, sure
from tests.lti_tool.launching import ISSUER, claims, launch
from tests.lti_tool.test_gradebook_pages import words

QUIZ_COLUMN = 1
LINE_ITEM = f"{ISSUER}/ags/101/lineitems/1"


def opened(client: FlaskClient, campus: CampusInHand, who: str, learner: str) -> Any:
    """Where a review launch of this person about that learner ends."""
    answer = review(campus.visitor(who), QUIZ_COLUMN, learner, FlaskBrowser(client))
    assert answer.status == 303, answer.text
    return client.get(answer.headers["Location"])


def take(session: Session, leo: FlaskClient) -> None:
    attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=14)))


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
@pytest.mark.parametrize("who", ["ines", "anouk"])
def test_those_who_teach_see_the_learners_own_result(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str, who: str
):
    campus.set_flavor(flavor)
    take(session, arrive("leo", "quiz"))

    page = opened(app.test_client(), campus, who, "leo")

    assert page.status_code == 200
    assert "Leo Nowak: " in words(page)
    assert "Earned 14 of 20." in words(page)


def test_a_learner_sees_their_own(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    take(session, arrive("leo", "quiz"))

    page = opened(app.test_client(), campus, "leo", "leo")

    assert page.status_code == 200
    assert "You have earned 14 of 20." in words(page)


def test_somebody_who_has_not_begun_is_said_to_have_handed_in_nothing(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo", "quiz")

    page = opened(app.test_client(), campus, "ines", "leo")

    assert page.status_code == 200
    assert "Nothing has been handed in yet." in words(page)


def test_somebody_who_is_not_known_has_a_page_that_says_so(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo", "quiz")

    page = opened(app.test_client(), campus, "ines", "zoe")

    assert page.status_code == 404
    assert "This person is not known here yet" in words(page)


def sent(client: FlaskClient, *, role: str, for_user: str, link: str = "7", sub: str = "ines", **more: Any) -> Any:
    """A review launch as no honest campus would send it, and the page it ends at."""
    asked = {
        "message_type": "LtiSubmissionReviewRequest",
        "for_user": {"user_id": for_user},
        "resource_link": {"id": link, "title": "Quiz"},
        "roles": [f"{MEMBERSHIP}#{role}"] if role else [],
        "custom": {"activity": "quiz"},
        "sub": sub,
        **more,
    }
    answer = launch(client, **asked)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)


@pytest.fixture
def bent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every launch names a line item, which a review needs."""
    plain = claims

    def with_line_item(**changes: Any) -> dict[str, Any]:
        told = plain(**changes)
        told[AGS] = {**told[AGS], "lineitem": LINE_ITEM}
        return told

    monkeypatch.setattr("tests.lti_tool.launching.claims", with_line_item)


@pytest.mark.usefixtures("web", "bent")
@pytest.mark.parametrize("role", ["Learner", "Mentor", "ContentDeveloper", "Member", ""])
def test_nobody_else_sees_somebodys_result(app: Flask, session: Session, role: str):
    launch(app.test_client(), sub="leo")

    page = sent(app.test_client(), role=role, for_user="leo", sub="zoe")

    assert page.status_code == 403
    assert "This result is not yours to see" in words(page)


@pytest.mark.usefixtures("web", "bent")
@pytest.mark.parametrize("role", ["Mentor", "ContentDeveloper", "Member", ""])
def test_other_roles_see_not_even_their_own(app: Flask, session: Session, role: str):
    page = sent(app.test_client(), role=role, for_user="zoe", sub="zoe")

    assert page.status_code == 403


@pytest.mark.usefixtures("web", "bent")
def test_the_column_says_which_activity_it_is_where_the_link_does_not(app: Flask, session: Session):
    launch(app.test_client(), sub="leo", custom={"activity": "quiz"}, resource_link={"id": "8", "title": "Quiz"})

    page = sent(app.test_client(), role="Instructor", for_user="leo", link="elsewhere", custom={})

    assert session.scalars(select(Placement.reference).where(Placement.resource_link_id == "8")).one() != ""
    assert "Nothing has been handed in yet." in words(page)


@pytest.mark.usefixtures("web")
def test_a_column_without_an_address_is_not_the_one_a_review_without_address_is_about(app: Flask, session: Session):
    launch(app.test_client(), sub="leo", custom={"activity": "quiz"}, resource_link={"id": "8", "title": "Quiz"})
    quiz = session.scalars(select(Placement).where(Placement.resource_link_id == "8")).one()
    session.add(
        GradeColumn(course_id=quiz.course_id, activity=quiz.reference, title="Quiz", maximum=20.0, created=THEN)
    )
    session.commit()

    elsewhere: dict[str, Any] = {"custom": {}, AGS: {"lineitem": "nowhere", "scope": []}}
    page = sent(app.test_client(), role="Instructor", for_user="leo", **elsewhere)

    assert page.status_code == 404


@pytest.mark.usefixtures("web", "bent")
def test_a_column_of_nothing_we_know_is_said_to_be_so(app: Flask, session: Session):
    launch(app.test_client(), sub="leo")

    page = sent(app.test_client(), role="Instructor", for_user="leo", custom={"activity": "mentoring"})

    assert page.status_code == 404
    assert "There is no result to show for this column" in words(page)


@pytest.mark.usefixtures("web", "bent")
def test_a_learner_of_another_course_is_not_known_here(app: Flask, session: Session):
    launch(app.test_client(), sub="leo", context={"id": "102", "title": "Another"})

    page = sent(app.test_client(), role="Instructor", for_user="leo")

    assert page.status_code == 404
    assert "This person is not known here yet" in words(page)


def test_the_page_without_a_review_knows_its_reasons_only(app: Flask, campus: CampusInHand, arrive: Arrive):
    ines = arrive("ines")

    assert ines.get(f"{ines.page}gradebook/reviews/nonsense").status_code == 404  # type: ignore[attr-defined]


def test_a_review_names_nobody_in_its_address(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    take(session, arrive("leo", "quiz"))

    answer = review(campus.visitor("ines"), QUIZ_COLUMN, "leo", FlaskBrowser(app.test_client()))

    assert [word in answer.headers["Location"] for word in ("Leo", "Nowak", LTI)] == [False] * 3
