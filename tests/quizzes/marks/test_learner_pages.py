"""What the learner sees while answers wait for people's marks, and afterwards."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from quizzes import personal
from quizzes.marking import Kind
from quizzes.marks.models import Grading
from tests.cast import Cast
from tests.quizzes.marks.conftest import LATER, Give, HandIn

WAITS = "1 of your answers waits for marking"


def test_pages_say_that_answers_wait(client: FlaskClient, cast: Cast, hand_in: HandIn, quiz, leo, ines):
    attempt = hand_in()
    course = f"/courses/{leo.course.public_id}"
    cast.visit(client, leo)

    page = client.get(f"{course}/quizzes/attempts/{attempt.public_id}").text
    assert WAITS in page
    assert "You earned" not in page
    assert "What waits for marking" in page
    assert "1 of 1" in page  # The essay is left out of how its topic went.
    assert "Waits for marking" in client.get(f"{course}/quizzes/{quiz.public_id}").text
    hand_in()
    assert "You have handed in" in client.get(f"{course}/quizzes/{quiz.public_id}").text
    cast.visit(client, ines)
    class_page = client.get(f"{course}/quizzes/{quiz.public_id}/results").text
    assert ("Waits for marking" in class_page, "Attempt 1: waits for marking" in class_page) == (True, True)
    assert "Waits for marking" in client.get(f"{course}/quizzes/{quiz.public_id}/learners/{leo.public_id}").text


def test_once_marked_the_result_stands_there(client: FlaskClient, cast: Cast, hand_in: HandIn, give: Give, leo):
    attempt = hand_in()
    give(attempt, 0.5)
    cast.visit(client, leo)

    page = client.get(f"/courses/{leo.course.public_id}/quizzes/attempts/{attempt.public_id}").text

    assert "You earned 1.5 of 2" in page
    assert "waits for marking" not in page


def test_comments_levels_and_changed_marks_stand_on_the_result(
    client: FlaskClient, cast: Cast, essay, hand_in: HandIn, give: Give, leo
):
    attempt = hand_in(is_right=False)
    give(attempt, 1.0, kind=Kind.SINGLE, reason="Only for markers", comment="*Both* were right <script>")
    cast.visit(client, leo)
    address = f"/courses/{leo.course.public_id}/quizzes/attempts/{attempt.public_id}"
    assert "What was said" not in client.get(address).text

    give(attempt, 0.66667, rubric={"facts": 1, "words": 1})

    page = client.get(address).text
    assert "<em>Both</em> were right &lt;script&gt;" in page
    assert "This mark was changed: before it was 0." in page
    assert re.findall(r"<dt lang=\"en\">(\w+)</dt><dd lang=\"en\">(\w+)</dd>", page) == [
        ("Facts", "Some"),
        ("Words", "Fine"),
    ]
    assert "Only for markers" not in page


def test_erased_is_what_was_written_about_somebody_and_kept_what_it_was_worth(
    session, hand_in: HandIn, give: Give, leo, ines
):
    attempt = hand_in()
    give(attempt, 0.5, comment="Leo, see me", reason="Late")

    exported = personal.export(session, leo.person)
    given = personal.export(session, ines.person)
    personal.erase(session, leo.person, LATER)
    session.commit()
    session.expire_all()

    assert [each["comment"] for answer in exported["attempts"][0]["answers"] for each in answer["marked"]] == [
        "Leo, see me"
    ]
    assert [each["reason"] for each in given["marks_given"]] == ["Late"]
    (grading,) = session.scalars(select(Grading))
    assert (grading.comment, grading.reason, grading.fraction, attempt.raw) == ("", "", 0.5, 1.5)
