"""Marking by hand, page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Role
from quizzes.marking import Kind
from quizzes.marks import giving
from quizzes.marks.models import Grading
from quizzes.models import Attempt
from tests.cast import THEN, Cast
from tests.quizzes.marks.conftest import HandIn, of_kind


@pytest.fixture
def as_ines(client: FlaskClient, cast: Cast, ines) -> FlaskClient:
    return cast.visit(client, ines)


def marking(quiz, rest: str = "") -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/marking{rest}"


def of(attempt: Attempt, kind: Kind = Kind.ESSAY) -> str:
    return marking(attempt.quiz, f"/{attempt.public_id}/{of_kind(attempt, kind).place}")


def fractions(session) -> list[float | None]:
    return list(session.scalars(select(Grading.fraction).order_by(Grading.id)))


def test_what_waits_is_listed_by_question_and_by_person(as_ines, hand_in: HandIn, quiz, cast, course):
    hand_in()
    hand_in(who=cast.enrol(course, "Zoe"), at=THEN - timedelta(days=1))

    by_question = as_ines.get(marking(quiz)).text
    by_person = as_ines.get(marking(quiz, "?by=person")).text

    assert "2 answers wait, the oldest since" in by_question
    assert by_question.count("Mark these") == 1
    assert re.findall(r"<bdi>(\w+), attempt 1</bdi>", by_person) == ["Zoe", "Leo"]


def test_one_after_the_other_until_nothing_waits(as_ines, session, hand_in: HandIn, quiz, cast, course):
    leos = hand_in()
    zoes = hand_in(who=cast.enrol(course, "Zoe"), at=THEN - timedelta(days=1), essay="As it was")

    first = as_ines.get(marking(quiz, "/next"), follow_redirects=True)
    second = as_ines.post(of(zoes), data={"points": "1/2", "comment": "Well *done*"}, follow_redirects=True)
    end = as_ines.post(of(leos), data={"points": "1"}, follow_redirects=True)

    assert "As it was" in first.text
    assert "Once upon a time" in second.text
    assert "Nothing of this quiz waits for marking any more." in end.text
    assert fractions(session) == [0.5, 1.0]
    assert "Well <em>done</em>" in as_ines.get(of(zoes)).text


def test_a_rubric_adds_up_to_the_mark(as_ines, session, essay, hand_in: HandIn):
    attempt = hand_in()
    page = as_ines.get(of(attempt)).text
    assert page.count('type="radio"') == 5

    as_ines.post(of(attempt), data={"criterion-facts": "1", "criterion-words": "1"})

    grading = giving.newest_of(session, of_kind(attempt, Kind.ESSAY))
    assert grading is not None
    assert (grading.fraction, grading.rubric) == (0.66667, {"facts": 1, "words": 1})
    session.refresh(attempt)
    assert attempt.raw == 1.66667


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "Choose a level: Facts"),
        ({"criterion-facts": "7", "criterion-words": "1"}, "Choose one of the levels of: Facts"),
        ({"criterion-facts": "1"}, "Choose a level: Words"),
        ({"criterion-facts": "1", "criterion-words": "1", "comment": "x" * 10_001}, "Write at most 10000 characters."),
    ],
)
def test_what_is_no_mark_is_refused_in_words(as_ines, session, essay, hand_in: HandIn, wrong, sentence):
    answer = as_ines.post(of(hand_in()), data=wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert fractions(session) == []


@pytest.mark.parametrize("points", ["", "2", "-1", "nan", "1/0", "0.55"])
def test_points_come_in_steps(as_ines, session, hand_in: HandIn, points):
    assert as_ines.post(of(hand_in()), data={"points": points}).status_code == 422
    assert fractions(session) == []


def test_who_saves_second_reads_what_the_first_gave(as_ines, app, session, cast, hand_in: HandIn, tom):
    attempt = hand_in()
    as_tom = cast.visit(app.test_client(), tom)
    as_tom.post(of(attempt), data={"points": "1", "seen": "0", "comment": "<script>x</script>Great"})

    late = as_ines.post(of(attempt), data={"points": "1/5", "seen": "0", "comment": "Poor"})

    assert late.status_code == 409
    assert "Somebody else has marked this answer meanwhile" in late.text
    assert "<bdi>Tom</bdi> gave it 1 of 1" in late.text
    assert "<script>x" not in late.text
    assert "Poor</textarea>" in late.text
    assert fractions(session) == [1.0]
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', late.text)
    assert seen is not None
    as_ines.post(of(attempt), data={"points": "1/5", "seen": seen[1], "comment": "Poor"})
    assert fractions(session) == [1.0, 0.2]


def test_names_can_be_hidden_and_stay_so(as_ines, app, cast, hand_in: HandIn, quiz, tom):
    attempt = hand_in()
    as_ines.post(marking(quiz, "/names"), data={"names": "hidden"})
    as_tom = cast.visit(app.test_client(), tom)

    pages = [as_tom.get(marking(quiz, "?by=person")).text, as_tom.get(of(attempt)).text]

    word = attempt.public_id[:6].upper()
    assert [f"Attempt {word[:3]}-{word[3:]}" in page for page in pages] == [True, True]
    assert ["Leo" in page for page in pages] == [False, False]
    as_tom.post(marking(quiz, "/names"), data={"names": "shown"})
    assert "Leo, attempt 1" in as_ines.get(of(attempt)).text


def test_where_names_are_hidden_nothing_says_when_an_attempt_was_handed_in(
    as_ines, cast, course, hand_in: HandIn, quiz
):
    """The page of the class says it beside the names: neither the order nor a time may lead there."""
    attempts = [hand_in(who=cast.enrol(course, f"Learner {n}"), at=THEN + timedelta(hours=n)) for n in range(6)]
    shown = as_ines.get(marking(quiz, "?by=person")).text
    as_ines.post(marking(quiz, "/names"), data={"names": "hidden"})

    hidden = as_ines.get(marking(quiz, "?by=person")).text

    there = re.compile(r"/next\?by=person&amp;attempt=(\w+)")
    ids = [attempt.public_id for attempt in attempts]
    assert (there.findall(shown), there.findall(hidden)) == (ids, sorted(ids))
    assert (shown.count("<time"), hidden.count("<time")) == (7, 1)


def test_a_mark_of_the_tool_is_changed_with_a_reason(as_ines, session, hand_in: HandIn):
    attempt = hand_in(is_right=False, essay="")
    there = of(attempt, Kind.SINGLE)

    refused = as_ines.post(there, data={"points": "1"})
    as_ines.post(there, data={"points": "1", "reason": "Both were right on the day"})

    assert refused.status_code == 422
    assert "Say why this one is worth something else." in refused.text
    assert fractions(session) == [1.0]
    assert "Both were right on the day" in as_ines.get(there).text


def test_asks_the_same_of_the_database_for_many_as_for_few(as_ines, queries, hand_in: HandIn, quiz, cast, course):
    hand_in()
    addresses = [marking(quiz), marking(quiz, "?by=person"), marking(quiz, "/next")]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            as_ines.get(address)
            with queries() as heard:
                as_ines.get(address)
            counts.append(len(heard))
        return counts

    few = asked()
    for number in range(5):
        hand_in(who=cast.enrol(course, f"Learner {number}"))

    assert asked() == few


def test_what_still_runs_or_belongs_elsewhere_is_not_there(as_ines, cast, app, hand_in: HandIn, quiz, start):
    attempt = hand_in()
    running = start(2)
    stranger = cast.enrol(cast.course("Elsewhere"), "Ivo", Role.INSTRUCTOR)

    assert as_ines.get(marking(quiz, f"/{running.public_id}/1")).status_code == 404
    assert as_ines.get(marking(quiz, f"/{attempt.public_id}/3")).status_code == 404
    as_ivo = cast.visit(app.test_client(), stranger)
    assert as_ivo.get(of(attempt).replace(quiz.course.public_id, stranger.course.public_id)).status_code == 404


def test_the_pages_of_a_course_lead_to_its_quiz(as_ines, hand_in: HandIn, quiz, session, course):
    hand_in()

    answer = as_ines.get(f"/courses/{course.public_id}/quizzes/marking", follow_redirects=True)

    assert "1 answer waits" in answer.text
