"""Ready-made quizzes as onboarding in practice wants them: 15 to 40 questions in 15 to 30 minutes."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Role
from lti_tool.outbox import Happening
from quizzes import starting
from quizzes.designing.presets import READY_MADE, Preset
from quizzes.models import Attempt, Quiz
from quizzes.starting import NotYourTurn
from quizzes.timing import WhyNot
from tests.cast import THEN
from tests.quizzes.conftest import right_answers

GRADED = [preset for preset in Preset if preset is not Preset.PRACTICE]


@pytest.fixture
def ines(app, cast, course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


@pytest.fixture
def made(session, course, quiz, ines):
    """A quiz as her page makes it from a ready-made one, published."""

    def make(preset: Preset) -> Quiz:
        there = f"/courses/{course.public_id}/quizzes"
        fields = {"title": "New", "preset": preset.value, "bank": str(quiz.bank.id)}
        made = ines.post(f"{there}/new", data=fields)
        assert ines.post(f"{made.location}/publication").status_code == 302
        session.expire_all()
        return session.scalars(select(Quiz).where(Quiz.title == "New")).one()

    return make


def begin(session, quiz: Quiz, leo: Any, number: int, minutes: int) -> Attempt:
    attempt = starting.start(session, quiz, leo, seed=bytes([number]) * 16, at=THEN + timedelta(minutes=minutes))
    session.commit()
    return attempt


def hand_in(session, attempt: Attempt, right: int, minutes: int) -> None:
    places = range(1, right + 1)
    attempt.submit(right_answers(attempt, places) if right else {}, THEN + timedelta(minutes=minutes))
    session.commit()


def shown(attempt: Attempt) -> list[tuple[int, tuple[int, ...]]]:
    return [(answer.version.question_id, tuple(answer.option_order)) for answer in attempt.answers]


@pytest.mark.parametrize("preset", GRADED)
def test_it_asks_15_to_40_questions_in_15_to_30_minutes(session, leo, made, preset):
    attempt = begin(session, made(preset), leo, 1, 0)

    assert attempt.deadline is not None
    assert 15 <= len(attempt.answers) <= 40
    assert len(attempt.answers) == READY_MADE[preset].questions
    assert timedelta(minutes=15) <= attempt.deadline - attempt.started <= timedelta(minutes=30)


@pytest.mark.parametrize("preset", GRADED)
def test_whoever_fails_has_a_second_attempt_in_another_order_and_no_third(session, leo, made, preset):
    quiz = made(preset)
    first = begin(session, quiz, leo, 1, 0)
    hand_in(session, first, 0, 5)

    second = begin(session, quiz, leo, 2, 6)

    before, after = dict(shown(first)), dict(shown(second))
    again = before.keys() & after.keys()
    assert [question for question, _order in shown(first)] != [question for question, _order in shown(second)]
    assert [each for each in again if before[each] == after[each] and len(set(before[each])) > 1] == []
    assert len(again) == max(0, 2 * READY_MADE[preset].questions - 60)
    hand_in(session, second, 0, 8)
    with pytest.raises(NotYourTurn) as third:
        begin(session, quiz, leo, 3, 9)
    assert third.value.turn.why_not is WhyNot.NONE_LEFT


@pytest.mark.parametrize("preset", GRADED)
def test_whoever_has_passed_has_no_second_attempt(session, leo, made, preset):
    quiz = made(preset)
    first = begin(session, quiz, leo, 1, 0)
    hand_in(session, first, len(first.answers), 5)

    with pytest.raises(NotYourTurn) as second:
        begin(session, quiz, leo, 2, 6)

    assert (first.has_passed, second.value.turn.why_not) == (True, WhyNot.PASSED)


def test_practice_has_no_grade_no_clock_and_no_end(app, session, cast, leo, made):
    quiz = made(Preset.PRACTICE)
    client = cast.visit(app.test_client(), leo)
    page = f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}"

    for _each in range(4):
        attempt = client.post(f"{page}/attempts").location
        handed_in = client.post(attempt, data={"sure": "1"})
        assert handed_in.status_code == 302, handed_in.text
    session.expire_all()

    attempts = session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id).order_by(Attempt.n)).all()
    assert [(each.n, each.deadline, each.submitted is not None) for each in attempts] == [
        (n, None, True) for n in (1, 2, 3, 4)
    ]
    assert session.scalars(select(Happening).where(Happening.name == "GradeChanged")).all() == []
    shown = html.unescape(client.get(attempt).text)
    assert [answer.version.why for answer in attempts[-1].answers if answer.version.why not in shown] == []
