from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, personal_data
from lti_tool.db import db, transaction, writing
from lti_tool.outbox import Happening, Letter, LetterState
from lti_tool.running import delivering
from quizzes import closing
from quizzes.closing import LANE
from quizzes.models import Attempt, AttemptClosed, Finish
from quizzes.queries import attempt_to_change
from quizzes.reports.models import AttemptFacts
from tests.cast import THEN
from tests.quizzes.conftest import right_answers

TEN_MINUTES_LATER = THEN + timedelta(minutes=10)


def hand_in(session, attempt: Attempt, right: int) -> None:
    choices = right_answers(attempt, range(1, right + 1)) if right else {}
    closing.hand_in(session, attempt, choices, at=TEN_MINUTES_LATER)
    session.commit()


def told(session: Session, *names: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Happening).where(Happening.name.in_(names)).order_by(Happening.id))
    return [json.loads(row.body) for row in rows]


def deliver(app: Flask) -> None:
    delivering.deliver_due(app)


def closing_letter(session: Session) -> Letter:
    return session.scalars(select(Letter).where(Letter.lane == LANE)).one()


def test_a_handed_in_attempt_is_told_graded_and_completed(session, start, quiz):
    hand_in(session, start(), right=15)

    names = session.scalars(select(Happening.name).order_by(Happening.id)).all()
    assert names == ["QuizStarted", "QuizSubmitted", "GradeChanged", "ActivityCompleted"]
    (grade,) = told(session, "GradeChanged")
    assert (grade["activity"], grade["score"], grade["maximum"]) == (quiz.reference, 15.0, 20.0)
    assert grade["title"] == "Onboarding quiz"
    assert [each["has_passed"] for each in told(session, "ActivityCompleted")] == [True]


@pytest.mark.parametrize(("first", "second", "graded"), [(10, 15, [10.0, 15.0]), (15, 10, [15.0]), (9, 9, [9.0])])
def test_the_better_attempt_is_graded(session, start, first, second, graded):
    hand_in(session, start(1), right=first)
    hand_in(session, start(2), right=second)

    assert [each["score"] for each in told(session, "GradeChanged")] == graded


def test_who_has_passed_once_has_passed(session, start):
    hand_in(session, start(1), right=15)
    hand_in(session, start(2), right=3)

    assert [each["has_passed"] for each in told(session, "QuizSubmitted")] == [True, False]
    assert [each["has_passed"] for each in told(session, "ActivityCompleted")] == [True, True]


def test_handing_in_twice_tells_once(session, start):
    attempt = start()
    hand_in(session, attempt, right=3)

    with pytest.raises(AttemptClosed):
        hand_in(session, attempt, right=20)
    session.rollback()

    assert [each["raw"] for each in told(session, "QuizSubmitted")] == [3.0]


def test_a_closing_is_due_when_time_and_grace_are_over(session, start):
    start()

    letter = closing_letter(session)
    assert (letter.due, letter.state) == (THEN + timedelta(minutes=31), LetterState.WAITING)


def test_nobody_handed_it_in_so_the_letter_does(app, session, start):
    attempt = start()
    attempt.save(right_answers(attempt, range(1, 7)), TEN_MINUTES_LATER)
    session.commit()

    with clock.moved_to(THEN + timedelta(minutes=31, seconds=1)):
        deliver(app)

    session.expire_all()
    assert (attempt.raw, attempt.finish, attempt.submitted) == (6.0, Finish.TIMER, attempt.deadline)
    assert [(each["raw"], each["ran_out"]) for each in told(session, "QuizSubmitted")] == [(6.0, True)]
    assert closing_letter(session).state == LetterState.DELIVERED


def test_the_letter_finds_a_handed_in_attempt_and_leaves_it(app, session, start):
    hand_in(session, start(), right=4)

    with clock.moved_to(THEN + timedelta(hours=1)):
        deliver(app)

    session.expire_all()
    assert [each["raw"] for each in told(session, "QuizSubmitted")] == [4.0]
    assert closing_letter(session).state == LetterState.DELIVERED


def test_time_granted_meanwhile_is_waited_for(app, session, start):
    attempt = start()
    attempt.deadline = THEN + timedelta(hours=1)
    session.commit()

    with clock.moved_to(THEN + timedelta(minutes=32)):
        deliver(app)

    session.expire_all()
    assert attempt.is_open
    assert closing_letter(session).due >= THEN + timedelta(minutes=61)


def test_an_attempt_to_change_is_read_afresh(app, session, start):
    attempt = start()
    first = attempt.answers[0]
    assert first.chosen == []
    session.commit()
    with app.app_context(), transaction() as elsewhere:
        theirs = attempt_to_change(elsewhere, Attempt.id == attempt.id)
        assert theirs is not None
        theirs.save(right_answers(theirs, [1]), TEN_MINUTES_LATER)

    mine = attempt_to_change(session, Attempt.id == attempt.id)

    assert mine is attempt
    assert first.chosen == first.version.right


def test_handed_in_in_two_tabs_at_once_it_is_marked_once(app, session, start):
    attempt = start()
    together = threading.Barrier(2)
    ended: list[str] = []

    def click(right: int) -> None:
        together.wait()
        with app.app_context(), writing():
            mine = attempt_to_change(db.session, Attempt.id == attempt.id)
            assert mine is not None
            try:
                hand_in(db.session, mine, right)
                ended.append("marked")
            except AttemptClosed:
                db.session.rollback()
                ended.append("closed")

    tabs = [threading.Thread(target=click, args=(right,)) for right in (5, 15)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert sorted(ended) == ["closed", "marked"]
    assert len(told(session, "QuizSubmitted")) == len(told(session, "GradeChanged")) == 1


def test_of_somebody_erased_an_attempt_that_runs_ends_and_nobody_hears_of_it(app, session, start, leo):
    attempt = start()
    closing.keep(session, attempt, right_answers(attempt, [1]), at=TEN_MINUTES_LATER)
    session.commit()

    personal_data.erase(session, leo.person, at=TEN_MINUTES_LATER)
    session.commit()
    with clock.moved_to(THEN + timedelta(hours=1)):
        deliver(app)

    session.refresh(attempt)
    assert (attempt.finish, attempt.raw) == (Finish.TIMER, 1.0)
    assert session.scalars(select(Happening.name)).all() == ["QuizStarted"]
    assert session.scalars(select(AttemptFacts.attempt_id)).all() == [attempt.id]
