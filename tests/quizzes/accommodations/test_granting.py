"""What a learner is granted: in the attempts to come and in the one that runs, at once, and for nobody else to see."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Happening, Letter
from lti_tool.running import delivering
from quizzes import personal, starting
from quizzes.accommodations import granting, standing
from quizzes.accommodations.models import Grant, Reason
from quizzes.attempts import log
from quizzes.models import Attempt, Finish, Quiz
from quizzes.timing import NONE_GRANTED, Accommodation
from tests.cast import THEN, Cast
from tests.quizzes.conftest import Start, right_answers

HALF_AS_MUCH_AGAIN = Accommodation(multiplier=1.5)
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def ines(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Ines", Role.INSTRUCTOR)


@pytest.fixture
def grant(session: Session, leo: Enrolment, ines: Enrolment):
    def give(granted: Accommodation, quiz: Quiz | None = None, *, at=THEN, valid_until=None) -> Grant:
        row = granting.grant(session, leo, quiz, granted, reason=Reason.AGREED, valid_until=valid_until, by=ines, at=at)
        session.commit()
        return row

    return give


def minutes(attempt: Attempt) -> float:
    assert attempt.deadline is not None
    return (attempt.deadline - attempt.started) / timedelta(minutes=1)


def test_an_attempt_has_the_time_its_learner_was_granted(grant, start: Start, cast, course):
    grant(HALF_AS_MUCH_AGAIN)

    assert minutes(start()) == 45
    assert minutes(start(who=cast.enrol(course, "Nora"))) == 30


def test_of_what_holds_everywhere_and_in_one_quiz_the_more_counts(session, grant, quiz, leo):
    grant(Accommodation(multiplier=1.5, extra=TEN_MINUTES))
    grant(Accommodation(multiplier=1.25, attempts=1, extends=False), quiz)

    found = standing.of(session, quiz, leo, at=THEN)

    assert found == Accommodation(multiplier=1.5, extra=TEN_MINUTES, attempts=1)


def test_what_was_granted_again_takes_the_place_of_what_was_before(session, grant, quiz, leo):
    grant(Accommodation(attempts=3), quiz)
    grant(Accommodation(attempts=1), quiz)

    assert standing.of(session, quiz, leo, at=THEN).attempts == 1
    assert len(session.scalars(select(Grant)).all()) == 1


def test_a_right_that_has_run_out_gives_nothing_to_new_attempts(session, grant, quiz, leo):
    grant(HALF_AS_MUCH_AGAIN, valid_until=THEN)

    assert standing.of(session, quiz, leo, at=THEN) == HALF_AS_MUCH_AGAIN
    assert standing.of(session, quiz, leo, at=THEN + timedelta(seconds=1)) == NONE_GRANTED


def test_a_running_attempt_gets_its_time_at_once_and_is_closed_later(app: Flask, session, grant, start: Start):
    attempt = start()
    attempt.save(right_answers(attempt, [1, 2]), THEN)

    grant(HALF_AS_MUCH_AGAIN, at=THEN + TEN_MINUTES)

    assert minutes(attempt) == 45
    with clock.moved_to(THEN + timedelta(minutes=32)):
        delivering.deliver_due(app)
    session.refresh(attempt)
    assert attempt.is_open
    session.rollback()
    with clock.moved_to(THEN + timedelta(minutes=46, seconds=1)):
        delivering.deliver_due(app)
    session.refresh(attempt)
    assert (attempt.finish, attempt.submitted, attempt.raw) == (Finish.TIMER, attempt.deadline, 2.0)
    assert [entry.kind.value for entry in log.entries(session, attempt)] == ["started", "deadline moved", "closed"]


def test_time_that_runs_is_not_taken_back(session, grant, start: Start):
    row = grant(HALF_AS_MUCH_AGAIN)
    attempt = start()

    grant(Accommodation(multiplier=1.1))
    granting.withdraw(session, row)
    session.commit()

    assert minutes(attempt) == 45


def test_without_a_limit_nothing_closes_the_attempt(app: Flask, session, grant, start: Start):
    attempt = start()
    grant(Accommodation(is_unlimited=True))

    with clock.moved_to(THEN + timedelta(days=3)):
        delivering.deliver_due(app)
        session.refresh(attempt)
        assert (attempt.is_open, attempt.deadline) == (True, None)
        attempt.submit(right_answers(attempt), clock.now())
        session.commit()

    assert (attempt.raw, attempt.submitted) == (20.0, THEN + timedelta(days=3))
    assert {letter.state.value for letter in session.scalars(select(Letter))} == {"delivered"}


def test_an_attempt_whose_grace_is_over_does_not_come_back(session, grant, start: Start):
    attempt = start()

    grant(HALF_AS_MUCH_AGAIN, at=THEN + timedelta(minutes=31, seconds=1))

    assert minutes(attempt) == 30


def test_more_attempts_are_there_to_be_started(session, grant, quiz, leo, start: Start):
    for seed in (1, 2):
        attempt = start(seed)
        attempt.submit({}, THEN)
        session.commit()
    with pytest.raises(starting.NotYourTurn):
        start(3)
    session.rollback()

    grant(Accommodation(attempts=1), quiz)

    assert start(3).n == 3


def test_granted_while_it_starts_it_has_the_time_all_the_same(app: Flask, session, quiz, leo, ines):
    """Whichever comes first: the start sees the grant, or the grant the attempt."""
    together = threading.Barrier(2)

    def begin() -> None:
        with app.app_context(), transaction() as mine:
            me, what = mine.get_one(Enrolment, leo.id), mine.get_one(Quiz, quiz.id)
            together.wait()
            starting.start(mine, what, me, seed=b"1" * 16, at=THEN)

    def give() -> None:
        with app.app_context(), transaction() as mine:
            me, by = mine.get_one(Enrolment, leo.id), mine.get_one(Enrolment, ines.id)
            together.wait(timeout=30)
            granting.grant(mine, me, None, HALF_AS_MUCH_AGAIN, reason=Reason.OTHER, valid_until=None, by=by, at=THEN)

    session.commit()
    if db.engine.dialect.name == "sqlite":
        together = threading.Barrier(1)  # One writer at a time: they come one after the other by themselves.
    both = [threading.Thread(target=each) for each in (begin, give)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert minutes(session.scalars(select(Attempt)).one()) == 45


def test_nothing_of_it_is_announced(session, grant, start: Start):
    grant(HALF_AS_MUCH_AGAIN)
    start()
    grant(Accommodation(is_unlimited=True))

    told = session.scalars(select(Happening)).all()
    assert [each.name for each in told] == ["QuizStarted"]
    assert all(word not in told[0].body for word in ("deadline", "multiplier", "granted"))


def test_it_is_given_out_with_a_persons_data_and_erased(session, grant, start: Start, leo):
    grant(HALF_AS_MUCH_AGAIN)
    attempt = start()
    person = leo.person

    (given,) = personal.export(session, person)["granted"]
    (kept,) = personal.export(session, person)["attempts"]
    personal.erase(session, person, THEN)
    session.commit()

    assert (given["percent_more_time"], given["reason"], given["quiz"]) == (50, "agreed", None)
    assert [each["what"] for each in kept["log"]] == ["started"]
    assert session.scalars(select(Grant)).all() == []
    assert log.entries(session, attempt) == []
