"""What waits for marking stands on the home page of those who mark."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lti_tool.models import Role
from tests.cast import Cast
from tests.quizzes.marks.conftest import Give, HandIn


def home(client: FlaskClient, quiz) -> str:
    return client.get(f"/courses/{quiz.course.public_id}/").text


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ASSISTANT])
def test_what_waits_is_said_with_the_way_to_it(client, cast: Cast, course, hand_in: HandIn, quiz, role):
    hand_in()
    hand_in(who=cast.enrol(course, "Zoe"))
    as_ines = cast.visit(client, cast.enrol(course, "Una", role))

    page = home(as_ines, quiz)
    listed = as_ines.get(f"/courses/{quiz.course.public_id}/quizzes/marking", follow_redirects=True).text

    assert "2 answers wait for marking." in page
    assert f'href="/courses/{quiz.course.public_id}/quizzes/marking"' in page
    assert "2 answers wait, the oldest since" in listed


def test_one_answer_is_one(client, cast: Cast, ines, hand_in: HandIn, quiz):
    hand_in()

    assert "1 answer waits for marking." in home(cast.visit(client, ines), quiz)


def test_when_none_waits_nothing_is_said(client, cast: Cast, ines, hand_in: HandIn, give: Give, quiz):
    as_ines = cast.visit(client, ines)
    before = home(as_ines, quiz)
    give(hand_in(), 1.0)

    assert "for marking" not in before + home(as_ines, quiz)


def test_preview_students_are_not_counted(client, session, cast: Cast, course, ines, hand_in: HandIn, quiz):
    hand_in(who=cast.enrol(course, "Preview", is_test=True))

    assert "for marking" not in home(cast.visit(client, ines), quiz)


def test_learners_and_other_courses_read_nothing_of_it(client, app, cast: Cast, ines, leo, hand_in: HandIn, quiz):
    hand_in()
    elsewhere = cast.course("Elsewhere")
    as_ines = cast.visit(client, cast.enrol(elsewhere, "Ines", Role.INSTRUCTOR))

    assert "for marking" not in as_ines.get(f"/courses/{elsewhere.public_id}/").text
    assert "answers wait" not in home(cast.visit(app.test_client(), leo), quiz)


def test_it_costs_one_question(client, cast: Cast, course, ines, hand_in: HandIn, quiz, queries):
    as_ines = cast.visit(client, ines)
    home(as_ines, quiz)
    hand_in()
    hand_in(who=cast.enrol(course, "Zoe"))

    with queries() as asked:
        home(as_ines, quiz)

    assert sum("unmarked" in each and "sum(" in each.lower() for each in asked) == 1
