from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lti_tool.db import db, writing
from lti_tool.models import Enrolment
from lti_tool.outbox import Happening
from quizzes import starting
from quizzes.deriving import derive
from quizzes.designing import revising
from quizzes.drawing.by_outline import ALGORITHM
from quizzes.drawing.from_pool import Drawn
from quizzes.models import Attempt, Finish, Quiz
from quizzes.questions import Question, QuestionState
from quizzes.starting import NotPublished, NotYourTurn
from quizzes.timing import WhyNot
from tests.cast import THEN
from tests.quizzes.making import changed


def shown(attempt: Attempt) -> list[Drawn]:
    return [
        Drawn(answer.version.question_id, answer.version_id, tuple(answer.option_order)) for answer in attempt.answers
    ]


def hand_in(session, attempt: Attempt, *, minutes: int = 10) -> None:
    attempt.submit({}, THEN + timedelta(minutes=minutes))
    session.commit()


def test_an_attempt_asks_twenty_questions_for_thirty_minutes(start, leo, quiz):
    attempt = start()

    assert (attempt.n, len(attempt.answers), attempt.maximum) == (1, 20, 20.0)
    assert [answer.place for answer in attempt.answers] == list(range(1, 21))
    assert len({answer.version_id for answer in attempt.answers}) == 20
    assert attempt.deadline == THEN + timedelta(minutes=30)
    assert (attempt.algorithm, attempt.seed, attempt.pool) == (ALGORITHM, bytes([1]) * 16, [])
    assert attempt.outline is not None
    [section] = attempt.outline.body["sections"]
    assert [len(slot["pool"]) for slot in section["slots"]] == [60]
    assert (attempt.submitted, attempt.finish, attempt.raw) == (None, None, None)


def test_starting_again_while_one_runs_gives_the_same_attempt(start):
    assert start(2, at=THEN + timedelta(minutes=5)) is start(1)


def test_the_second_attempt_asks_other_questions(session, start):
    first = start(1)
    hand_in(session, first)

    second = start(2)

    assert second.n == 2
    assert not {drawn.question for drawn in shown(first)} & {drawn.question for drawn in shown(second)}


def test_there_is_no_third_attempt(session, start):
    for seed in (1, 2):
        hand_in(session, start(seed))

    with pytest.raises(NotYourTurn) as refused:
        start(3)

    assert refused.value.turn.why_not is WhyNot.NONE_LEFT


def test_an_attempt_whose_time_is_over_is_closed_by_starting_the_next(session, start):
    first = start(1)
    first.save({1: first.answers[0].version.right_answer}, THEN + timedelta(minutes=1))
    session.commit()

    second = start(2, at=THEN + timedelta(hours=2))

    assert second.n == 2
    assert (first.finish, first.raw, first.submitted) == (Finish.TIMER, 1.0, first.deadline)


def test_in_a_small_bank_every_question_and_order_is_different_next_time(session, start, quiz):
    keep = session.scalars(select(Question).order_by(Question.id).limit(5)).all()
    session.query(Question).filter(Question.id.not_in([each.id for each in keep])).update(
        {"state": QuestionState.RETIRED}
    )
    changed(session, quiz, attempts=30)
    before = start(0)
    hand_in(session, before)

    for seed in range(1, 30):
        attempt = start(seed)
        hand_in(session, attempt)

        assert [each.question for each in shown(attempt)] != [each.question for each in shown(before)]
        last_orders = {each.question: each.option_order for each in shown(before)}
        assert [each for each in shown(attempt) if each.option_order == last_orders[each.question]] == []
        assert (len(attempt.answers), attempt.maximum) == (5, 5.0)
        before = attempt


def test_every_attempt_can_be_derived_again(session, start, quiz):
    changed(session, quiz, attempts=5)
    attempts = []
    for seed in range(5):
        attempts.append(start(seed))
        hand_in(session, attempts[-1])
    session.query(Question).filter(Question.id < 10).update({"state": QuestionState.RETIRED})
    session.commit()
    session.expire_all()

    assert [derive(session, attempt) for attempt in attempts] == [shown(attempt) for attempt in attempts]


def test_a_start_is_announced_once(session, start):
    start()
    start()

    assert session.scalars(select(Happening.name)).all() == ["QuizStarted"]


def test_a_preview_student_leaves_no_trace(session, start, cast, course):
    preview = cast.enrol(course, "Test student", is_test=True)

    hand_in(session, start(who=preview))

    assert session.scalars(select(Happening.name)).all() == []


def test_the_database_allows_one_open_attempt_only(session, start, quiz, leo):
    first = start()

    session.add(
        Attempt(
            quiz=quiz,
            revision=quiz.published,
            enrolment=leo,
            n=2,
            seed=bytes(16),
            pool=[],
            started=THEN,
            deadline=first.deadline,
            maximum=1.0,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("wrong", [{"raw": 21.0}, {"raw": None}, {"finish": None}, {"submitted": None}])
def test_the_database_keeps_a_finished_attempt_whole(session, start, wrong):
    attempt = start()
    hand_in(session, attempt)

    for name, value in wrong.items():
        setattr(attempt, name, value)

    with pytest.raises(IntegrityError):
        session.flush()


def test_two_tabs_that_start_at_once_get_the_same_attempt(app: Flask, session, quiz, leo):
    together = threading.Barrier(4)
    got: list[str] = []

    def click(seed: int) -> None:
        together.wait()
        with app.app_context(), writing():
            me, mine = db.session.get_one(Enrolment, leo.id), db.session.get_one(Quiz, quiz.id)
            got.append(starting.start(db.session, mine, me, seed=bytes([seed]) * 16, at=THEN).public_id)
            db.session.commit()

    tabs = [threading.Thread(target=click, args=(seed,)) for seed in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert len(got) == 4
    assert len(set(got)) == 1
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_quiz_that_is_taken_back_at_the_same_moment_is_not_begun(app: Flask, session, quiz, leo):
    has_looked = threading.Event()
    refused: list[str] = []

    def begin() -> None:
        with app.app_context(), writing():
            me, theirs = db.session.get_one(Enrolment, leo.id), db.session.get_one(Quiz, quiz.id)
            has_looked.set()
            try:
                starting.start(db.session, theirs, me, seed=bytes(16), at=THEN)
            except NotPublished:
                refused.append("not published")
            db.session.commit()

    learner = threading.Thread(target=begin)
    with app.app_context(), writing():
        revising.take_back(db.session, db.session.get_one(Quiz, quiz.id))
        learner.start()
        has_looked.wait(0.5)
        learner.join(0.2)
        db.session.commit()
    learner.join()

    assert refused == ["not published"]
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0
