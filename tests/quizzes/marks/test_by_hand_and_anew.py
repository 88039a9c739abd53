"""Somebody marks by hand while all answers are marked anew: both come to their end, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import db
from lti_tool.gradebook.models import Grade
from lti_tool.models import Enrolment
from quizzes.kinds import Kind
from quizzes.marks import giving, regrading, writing
from quizzes.marks.giving import Given
from quizzes.marks.judging import Policy
from quizzes.marks.models import RegradeRun, RunState
from quizzes.models import Attempt
from quizzes.queries import attempt_to_change
from quizzes.questions import Question
from quizzes.reports.keeping import PARTS
from tests.cast import Cast
from tests.quizzes.marks.conftest import LATER, HandIn, of_kind

PATIENCE = 3.0
"""Seconds somebody waits for the other at the worst moment, and then goes on."""


@pytest.fixture
def learners(cast: Cast, course, leo: Enrolment) -> list[Enrolment]:
    """Leo and five others, one of whom is counted in the same sums as he is."""
    return [leo, *(cast.enrol(course, f"Learner {n}") for n in range(5))]


@pytest.fixture
def run(session: Session, quiz, ines: Enrolment, learners, hand_in: HandIn) -> RegradeRun:
    """Full marks for the single choice, which all have answered wrongly; only one of them waits for a mark."""
    for who in learners:
        hand_in(who=who, is_right=False, essay="Once" if who is _counted_with(learners) else "")
    question = session.scalars(select(Question).where(Question.name == Kind.SINGLE.value)).one()
    run = regrading.plan(session, quiz, question, Policy.FULL, worth=None, reason="Unclear", by=ines, at=LATER)
    session.commit()
    return run


def _counted_with(learners: list[Enrolment]) -> Enrolment:
    first, *others = learners
    return next(each for each in others if each.id % PARTS == first.id % PARTS)


def together(app: Flask, *acts: Callable[[], None]) -> list[BaseException]:
    """What went wrong when all of them happened at once."""
    wrong: list[BaseException] = []

    def do(act: Callable[[], None]) -> None:
        with app.app_context():
            try:
                act()
            except BaseException as problem:
                db.session.rollback()
                wrong.append(problem)

    if db.engine.dialect.name == "sqlite":  # One writer at a time: they come one after the other.
        for act in acts:
            do(act)
        return wrong
    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return wrong


def test_a_mark_by_hand_and_marking_anew_do_not_wait_for_each_other(
    app, session, run: RegradeRun, ines, learners, monkeypatch
):
    is_sqlite = db.engine.dialect.name == "sqlite"
    held, written = threading.Event(), threading.Event()
    write, row, marker, learner = writing.write, run.id, ines.id, _counted_with(learners).id
    monkeypatch.setattr(regrading, "IN_ONE", 1)

    def slowly(*args, **kwargs):
        told = write(*args, **kwargs)
        written.set()
        return told

    monkeypatch.setattr(regrading, "write", slowly)
    session.commit()

    def mark() -> None:
        attempt = attempt_to_change(db.session, Attempt.enrolment_id == learner)
        assert attempt is not None
        held.set()
        written.wait(0 if is_sqlite else PATIENCE)
        place = of_kind(attempt, Kind.ESSAY).place
        by = db.session.get_one(Enrolment, marker)
        giving.give(db.session, attempt, place, Given(fraction=1.0), by=by, seen=0, at=LATER)
        db.session.commit()

    def regrade() -> None:
        held.wait(PATIENCE)
        anew = db.session.get_one(RegradeRun, row, with_for_update=True)
        regrading.commit(db.session, anew, at=LATER)
        db.session.commit()

    wrong = together(app, mark, regrade)

    assert wrong == []
    session.expire_all()
    assert session.get_one(RegradeRun, row).state is RunState.DONE
    raws = {each.enrolment_id: each.raw for each in session.scalars(select(Attempt))}
    assert raws == {each.id: 2.0 if each.id == learner else 1.0 for each in learners}
    assert session.scalars(select(Grade.score).where(Grade.enrolment_id == learner)).all() == [2.0]
