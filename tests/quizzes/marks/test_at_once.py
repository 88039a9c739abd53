"""Marking, marking anew and handing in at the same moment: the grade that stays knows of all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool.db import db, writing
from lti_tool.models import Enrolment
from quizzes import closing, starting
from quizzes.kinds import CHOSEN
from quizzes.marking import Kind
from quizzes.marks import giving, regrading
from quizzes.marks.giving import Given
from quizzes.marks.judging import Policy
from quizzes.models import Attempt, Quiz
from quizzes.queries import attempt_to_change
from tests.quizzes.marks.conftest import LATER, HandIn, of_kind, told

Act = Callable[[Flask, int, int], None]
MOMENT = 0.5
"""Long enough for another thread to do its work, were nothing to hold it up."""


def mark(app: Flask, attempt: int, by: int) -> None:
    """Give half of the points for the essay."""
    with app.app_context(), writing():
        held = attempt_to_change(db.session, Attempt.id == attempt)
        assert held is not None
        place = of_kind(held, Kind.ESSAY).place
        giving.give(
            db.session, held, place, Given(fraction=0.5), by=db.session.get_one(Enrolment, by), seen=0, at=LATER
        )
        db.session.commit()


def leave_out(app: Flask, attempt: int, by: int) -> None:
    """Take the single choice out of what counts."""
    with app.app_context(), writing():
        held = db.session.get_one(Attempt, attempt)
        question = of_kind(held, Kind.SINGLE).version.question
        me = db.session.get_one(Enrolment, by)
        run = regrading.plan(db.session, held.quiz, question, Policy.OUT, worth=None, reason="", by=me, at=LATER)
        regrading.commit(db.session, run, at=LATER)
        db.session.commit()


@pytest.mark.parametrize(("act", "reached"), [(mark, (1.0, 2.0)), (leave_out, (0.0, 1.0))])
def test_the_grade_knows_of_a_hand_in_and_of_marks_given_at_the_same_moment(
    app: Flask, session: Session, quiz: Quiz, leo: Enrolment, ines: Enrolment, hand_in: HandIn, act: Act, reached
):
    first = hand_in(is_right=False, essay="Once upon a time" if act is mark else "")
    second = starting.start(session, quiz, leo, seed=b"2" * 16, at=LATER)
    session.commit()
    marking = threading.Thread(target=act, args=(app, first.id, ines.id))

    with app.app_context(), writing():
        held = attempt_to_change(db.session, Attempt.id == second.id)
        assert held is not None
        place = of_kind(held, Kind.SINGLE).place
        closing.hand_in(db.session, held, {place: {CHOSEN: ["a"]}}, at=LATER + timedelta(minutes=1))
        marking.start()
        marking.join(MOMENT)
        db.session.commit()
    marking.join()

    session.rollback()
    assert [(grade["score"], grade["maximum"]) for grade in told(session, "GradeChanged")][-1] == reached
