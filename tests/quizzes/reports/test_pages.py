"""What those who teach see: the class, the questions, one question; and who does not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool import clock
from lti_tool.models import Course, Role
from quizzes import closing, starting
from quizzes.kinds import Kind
from quizzes.questions import QuestionVersion
from quizzes.reports.people import AT_ONCE
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import a_quiz_of_all_kinds


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN + timedelta(hours=1)):
        yield


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


@pytest.fixture
def at(course, quiz):
    return f"/courses/{course.public_id}/quizzes/{quiz.public_id}"


def words(page) -> str:
    return " ".join(page.text.split())


def test_the_class_says_what_each_has_reached_and_missed(as_ines, at, hand_in, leo, cast, course):
    cast.enrol(course, "Nora")
    attempt = hand_in(14)

    page = words(as_ines.get(f"{at}/results"))

    assert "14 of 20" in page
    assert "10 minutes" in page
    missed = {answer.version.question.category.title for answer in attempt.answers if answer.place > 14}
    assert all(f"{title}: " in page for title in missed)
    assert page.index("Leo") < page.index("Nora")
    assert "The quiz in figures, as it stands now" in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["Ada", "Leo", "Nora", "Omar"]),
        ("?sort=best", ["Nora", "Leo", "Ada", "Omar"]),
        ("?sort=last", ["Ada", "Nora", "Leo", "Omar"]),
        ("?show=passed", ["Ada"]),
        ("?show=not-passed&sort=best", ["Nora", "Leo"]),
        ("?show=not-taken", ["Omar"]),
        ("?q=OR", ["Nora"]),
        ("?sort=nonsense&show=nonsense&from=nonsense", ["Ada", "Leo", "Nora", "Omar"]),
    ],
)
def test_the_class_is_searched_and_sorted(as_ines, at, hand_in, leo, cast, course, asked, names):
    hand_in(10)
    hand_in(4, who=cast.enrol(course, "Nora"), at=THEN + timedelta(minutes=1))
    hand_in(16, who=cast.enrol(course, "Ada"), at=THEN + timedelta(minutes=2))
    cast.enrol(course, "Omar")

    page = as_ines.get(f"{at}/results{asked}").text

    assert re.findall(r"<bdi>(\w+)</bdi></a>", page) == names


def test_a_large_class_stands_on_several_pages(as_ines, at, cast, course, leo):
    for number in range(AT_ONCE):
        cast.enrol(course, f"Learner {number:02d}")

    first, second = (as_ines.get(f"{at}/results{rest}") for rest in ("", f"?from={AT_ONCE}"))

    assert f"1 to {AT_ONCE} of {AT_ONCE + 1}" in words(first)
    assert "<bdi>Leo</bdi>" not in first.text
    assert "<bdi>Leo</bdi>" in second.text


def test_the_class_asks_as_much_of_three_as_of_one(as_ines, at, hand_in, cast, course, queries):
    hand_in(10)
    as_ines.get(f"{at}/results")
    with queries() as one:
        as_ines.get(f"{at}/results")
    for name in ("Nora", "Omar"):
        hand_in(10, who=cast.enrol(course, name))

    with queries() as three:
        as_ines.get(f"{at}/results")

    assert len(one) == len(three)


def test_questions_stand_with_their_figures(as_ines, at, hand_in, cast, course):
    for number in range(3):
        hand_in(20 - number, who=cast.enrol(course, f"Learner {number}"), seed=number + 1)

    page = words(as_ines.get(f"{at}/figures"))

    assert "3 attempts are looked at." in page
    assert "Too few answers yet" in page
    assert "What an attempt earns on average. Most tests aim at 50 to 75%." in page
    assert "95%" in page


def test_facts_are_read_once_for_all_questions(as_ines, at, hand_in, queries):
    hand_in(10)
    as_ines.get(f"{at}/figures")

    with queries() as asked:
        as_ines.get(f"{at}/figures")

    assert sum("FROM attempt_facts" in statement for statement in asked) == 1
    assert not any("FROM answer" in statement for statement in asked)


def test_a_question_shows_its_options_and_who_chose_them(as_ines, at, hand_in):
    version: QuestionVersion = hand_in(20).answers[0].version

    page = words(as_ines.get(f"{at}/figures/{version.public_id}"))

    assert "1 of 1 (100%)" in page
    assert "0 of 1 (0%)" in page
    assert "1 answer so far. From 30 on there are figures that say something." in page
    assert "1 learner has met it" in page
    assert "not yet known" in page


def test_what_was_typed_is_counted(as_ines, session, course, leo, cast):
    quiz = a_quiz_of_all_kinds(session, course, Kind.SHORT_TEXT)
    for who, text in ((leo, "fire alarm"), (cast.enrol(course, "Nora"), "bell"), (cast.enrol(course, "Omar"), "bell")):
        attempt = starting.start(session, quiz, who, seed=bytes(16), at=THEN)
        closing.hand_in(session, attempt, {1: {"text": [text]}}, at=THEN + timedelta(minutes=1))
        session.commit()

    there = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/figures/{attempt.answers[0].version.public_id}"
    page = words(as_ines.get(there))

    assert page.index(">bell<") < page.index(">fire alarm<")
    assert "The commonest of the newest answers, of all attempts." in page


def test_only_what_was_asked_has_a_page(as_ines, at, hand_in, session):
    attempt = hand_in(20)
    asked = {answer.version_id for answer in attempt.answers}
    other = session.query(QuestionVersion).filter(QuestionVersion.id.not_in(asked)).first()

    assert as_ines.get(f"{at}/figures/{other.public_id}").status_code == 404
    assert as_ines.get(f"{at}/figures/nothing").status_code == 404


def test_before_anybody_has_handed_in_the_page_says_so(as_ines, at):
    assert "No attempt has been marked yet." in as_ines.get(f"{at}/figures").text


def test_figures_are_for_those_who_teach_this_course(app, cast, course, at, hand_in, leo):
    version = hand_in(20).answers[0].version
    as_leo = cast.visit(app.test_client(), leo)
    as_omar = cast.visit(app.test_client(), cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR))
    pages = [f"{at}/figures", f"{at}/figures/{version.public_id}"]

    assert [who.get(page).status_code for who in (as_leo, as_omar) for page in pages] == [403, 403, 404, 404]
