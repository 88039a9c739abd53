"""Everybody on the campus has an attempt that is as hard as the others', in a quiz as their teacher gets it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import pstdev

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from quizzes.designing import freezing
from quizzes.drawing.by_outline import draw
from quizzes.models import Attempt, Quiz
from quizzes.questions import QuestionVersion
from tests.conftest import Arrive

STANDS_FOR = {1: 85, 2: 70, 3: 55}
"""What is earned of an easy, a medium and a hard question in percent, give or take five."""
LEARNERS = ("leo", "amara", "chloe", "mei", "haruto", "jisoo", "layla", "noam", "farida", "rosa", "joao", "tendai")


def test_a_quiz_from_a_ready_made_one_is_equally_hard_for_the_whole_class(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    ines = arrive("ines", "quiz")
    quizzes = [_onboarding(session), *(_made(session, ines, preset) for preset in ("onboarding", "short", "thorough"))]
    classmates = [arrive(each, "quiz") for each in LEARNERS]
    course = f"/courses/{quizzes[0].course.public_id}/quizzes"

    for quiz in quizzes:
        for each in classmates:
            started = each.post(f"{course}/{quiz.public_id}/attempts")
            assert started.status_code == 302, started.text

    for quiz in quizzes:
        attempts = session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id)).all()
        assert len(attempts) == len(LEARNERS)
        forms = [[answer.version for answer in attempt.answers] for attempt in attempts]
        assert all(_spread(session, [*forms, *_more_of(session, attempts[0])], number) < 1 for number in range(3))


@pytest.mark.parametrize("is_equal", [True, False])
def test_it_is_the_equal_draw_that_does_it(session: Session, campus: CampusInHand, arrive: Arrive, is_equal: bool):
    ines = arrive("ines", "quiz")
    quiz = _onboarding(session)
    rule = f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/design/slots/1"
    fields = {"count": "20", "source": str(quiz.bank.id), "with_inner": "y", "lowest": "1", "highest": "3"}
    fields |= {"easy": "0", "medium": "0", "hard": "0", "met": "first", "mark": "1", "seen": _seen(ines, rule)}
    saved = ines.post(rule, data=fields | ({"is_equal": "y"} if is_equal else {}))
    assert saved.status_code == 302, saved.text
    assert ines.post(f"{saved.location}/publication").status_code == 302

    started = arrive("leo", "quiz").post(f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/attempts")
    assert started.status_code == 302

    attempt = session.scalars(select(Attempt)).one()
    assert (_spread(session, _more_of(session, attempt), 0) < 1) is is_equal


def _onboarding(session: Session) -> Quiz:
    session.rollback()
    return session.scalars(select(Quiz).where(Quiz.name == "onboarding")).one()


def _made(session: Session, ines: FlaskClient, preset: str) -> Quiz:
    onboarding = _onboarding(session)
    there = f"/courses/{onboarding.course.public_id}/quizzes"
    fields = {"title": f"From {preset}", "preset": preset, "bank": str(onboarding.bank.id)}
    made = ines.post(f"{there}/new", data=fields)
    assert made.status_code == 302, made.text
    published = ines.post(f"{made.location}/publication")
    assert published.status_code == 302, published.text
    session.rollback()
    return session.scalars(select(Quiz).where(Quiz.title == f"From {preset}")).one()


def _seen(ines: FlaskClient, address: str) -> str:
    return ines.get(address).text.partition('name="seen" value="')[2].partition('"')[0]


def _more_of(session: Session, attempt: Attempt) -> list[list[QuestionVersion]]:
    """Two hundred more draws from just what this attempt was drawn from."""
    assert attempt.outline is not None
    outline = freezing.read(attempt.outline.body).outline
    versions = {each.id: each for each in session.scalars(select(QuestionVersion))}
    drawn = [draw(outline, number.to_bytes(16)) for number in range(200)]
    return [[versions[each.version] for each in form] for form in drawn]


def _spread(session: Session, forms: Sequence[Sequence[QuestionVersion]], number: int) -> float:
    """The standard deviation of what can be expected, in points of a hundred."""
    chance = random.Random(number)
    versions = sorted({version.id: version for form in forms for version in form}.items())
    expected = {row: STANDS_FOR[each.difficulty] + chance.uniform(-5, 5) for row, each in versions}
    return pstdev(sum(expected[each.id] for each in form) / len(form) for form in forms)
