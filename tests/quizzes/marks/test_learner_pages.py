"""What the learner sees while answers wait for people's marks, and afterwards."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.cast import Cast
from tests.quizzes.marks.conftest import Give, HandIn

WAITS = "1 of your answers waits for marking"


def test_pages_say_that_answers_wait(client: FlaskClient, cast: Cast, hand_in: HandIn, quiz, leo, ines):
    attempt = hand_in()
    course = f"/courses/{leo.course.public_id}"
    cast.visit(client, leo)

    page = client.get(f"{course}/quizzes/attempts/{attempt.public_id}").text
    assert WAITS in page
    assert "You earned" not in page
    assert "Waits for marking" in client.get(f"{course}/quizzes/{quiz.public_id}").text
    hand_in()
    assert "You have handed in" in client.get(f"{course}/quizzes/{quiz.public_id}").text
    cast.visit(client, ines)
    assert "Waits for marking" in client.get(f"{course}/quizzes/{quiz.public_id}/results").text
    assert "Waits for marking" in client.get(f"{course}/quizzes/{quiz.public_id}/learners/{leo.public_id}").text


def test_once_marked_the_result_stands_there(client: FlaskClient, cast: Cast, hand_in: HandIn, give: Give, leo):
    attempt = hand_in()
    give(attempt, 0.5)
    cast.visit(client, leo)

    page = client.get(f"/courses/{leo.course.public_id}/quizzes/attempts/{attempt.public_id}").text

    assert "You earned 1.5 of 2" in page
    assert "waits for marking" not in page
