"""A key was wrong: who goes up or down is foreseen, then written, and undone where it was wrong again."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.jobs import Job, JobState
from lti_tool.models import Course, Enrolment
from lti_tool.running import delivering
from lti_tool.running.working import drain
from quizzes import closing, starting
from quizzes.kinds import CHOSEN
from quizzes.marking import Kind
from quizzes.marks import regrading
from quizzes.marks.judging import Policy
from quizzes.marks.models import Grading, RegradeRun, RunState, Source
from quizzes.models import Attempt, Quiz
from quizzes.questions import Question, QuestionVersion
from quizzes.reports import keeping, reading
from quizzes.reports.models import AttemptFacts, LiveSums
from tests.cast import THEN, Cast
from tests.quizzes.marks.conftest import LATER, Give, HandIn, of_kind, told

Plan = Callable[..., RegradeRun]


@pytest.fixture
def nora(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Nora")


@pytest.fixture
def question(session: Session, quiz: Quiz) -> Question:
    return session.scalars(select(Question).where(Question.name == Kind.SINGLE.value)).one()


@pytest.fixture
def correct(session: Session, question: Question) -> Callable[[], QuestionVersion]:
    """The single choice once more, with the other option right."""

    def do() -> QuestionVersion:
        old = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).one()
        version = QuestionVersion(
            question_id=question.id,
            n=2,
            difficulty=1,
            kind=old.kind,
            text_format=old.text_format,
            body={**copy.deepcopy(old.body), "right": ["b"]},
            sha256="",
            created=THEN,
        )
        session.add(version)
        session.commit()
        return version

    return do


@pytest.fixture
def plan(session: Session, quiz: Quiz, question: Question, ines: Enrolment) -> Plan:
    def do(policy: Policy = Policy.NEW_VERSION, *, of: Question | None = question, worth=None) -> RegradeRun:
        run = regrading.plan(session, quiz, of, policy, worth=worth, reason="The key was wrong", by=ines, at=LATER)
        session.commit()
        return run

    return do


def commit(session: Session, run: RegradeRun) -> None:
    regrading.commit(session, run, at=LATER)
    session.commit()


def raws(session: Session) -> list[float | None]:
    session.expire_all()
    return list(session.scalars(select(Attempt.raw).order_by(Attempt.id)))


def numbers(counted) -> dict[str, int]:
    return {name: counted[name] for name in ("answers", "up", "down", "passed", "failed")}


def test_the_difference_is_foreseen_and_nothing_written(session, plan: Plan, correct, hand_in: HandIn, leo, nora, give):
    leos = hand_in(is_right=True)
    give(leos, 1.0)
    noras = hand_in(who=nora, is_right=False)
    give(noras, 1.0)

    correct()
    run = plan()

    assert run.state is RunState.LOOKED
    assert numbers(run.foreseen) == {"answers": 2, "up": 1, "down": 1, "passed": 1, "failed": 1}
    assert run.foreseen["people"] == [[leo.id, [2.0, 2.0], [1.0, 2.0]], [nora.id, [1.0, 2.0], [2.0, 2.0]]]
    assert raws(session) == [2.0, 1.0]
    assert [each.source for each in session.scalars(select(Grading))] == [Source.HAND, Source.HAND]


def test_written_it_is_told_and_kept(session, plan: Plan, correct, hand_in: HandIn, nora):
    hand_in(is_right=True, essay="")
    hand_in(who=nora, is_right=False, essay="")
    newest = correct()
    run = plan()

    commit(session, run)

    assert (run.state, run.ended) == (RunState.DONE, LATER)
    assert run.from_version is not None
    assert (run.from_version.n, run.to_version) == (1, newest)
    assert numbers(run.changed) == numbers(run.foreseen)
    assert raws(session) == [0.0, 1.0]
    assert [each["score"] for each in told(session, "GradeChanged")] == [1.0, 0.0, 0.0, 1.0]
    assert [len(each["questions"]) for each in told(session, "AttemptMarked")] == [1, 1]
    kept = session.scalars(select(Grading).order_by(Grading.id)).all()
    assert [(each.was_fraction, each.fraction, each.reason, each.run_id) for each in kept] == [
        (1.0, 0.0, "The key was wrong", run.id),
        (0.0, 1.0, "The key was wrong", run.id),
    ]


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (Policy.NEW_VERSION, [(0.0, 2.0), (1.0, 2.0)]),
        (Policy.NEVER_LOWER, [(1.0, 2.0), (1.0, 2.0)]),
        (Policy.FULL, [(1.0, 2.0), (1.0, 2.0)]),
        (Policy.OUT, [(0.0, 1.0), (0.0, 1.0)]),
    ],
)
def test_policies(session, plan: Plan, correct, hand_in: HandIn, nora, policy, found):
    attempts = [hand_in(is_right=True, essay=""), hand_in(who=nora, is_right=False, essay="")]

    correct()
    commit(session, plan(policy))

    session.expire_all()
    assert [(attempt.raw, attempt.maximum) for attempt in attempts] == found


def test_a_question_that_is_worth_more(session, plan: Plan, hand_in: HandIn):
    attempt = hand_in(is_right=True, essay="")

    commit(session, plan(worth=3.0))

    session.expire_all()
    assert (attempt.raw, attempt.maximum) == (3.0, 4.0)


def test_undone_everything_is_as_it_was_and_all_of_it_written_down(
    session, plan: Plan, correct, hand_in: HandIn, nora, tom
):
    attempts = [hand_in(is_right=True, essay=""), hand_in(who=nora, is_right=False, essay="")]
    correct()
    run = plan(Policy.OUT)
    commit(session, run)

    regrading.undo(session, run, by=tom, at=LATER)
    session.commit()

    session.expire_all()
    assert [(attempt.raw, attempt.maximum) for attempt in attempts] == [(1.0, 2.0), (0.0, 2.0)]
    assert (run.state, run.undone_by_id, run.changed["brought_back"]) == (RunState.UNDONE, tom.id, 2)
    sources = [each.source for each in session.scalars(select(Grading).order_by(Grading.id))]
    assert sources == [Source.REGRADE] * 2 + [Source.UNDO] * 2
    assert [(each["score"], each["maximum"]) for each in told(session, "GradeChanged")][-2:] == [(1.0, 2.0), (0.0, 2.0)]


def test_a_mark_given_since_is_not_undone(session, plan: Plan, correct, hand_in: HandIn, give: Give, ines):
    hand_in(is_right=True, essay="")
    correct()
    run = plan()
    commit(session, run)
    give(session.scalars(select(Attempt)).one(), 0.5, kind=Kind.SINGLE, reason="Half right")

    regrading.undo(session, run, by=ines, at=LATER)
    session.commit()

    assert raws(session) == [0.5]


def test_what_people_marked_stays_with_the_new_version(session, plan: Plan, correct, hand_in: HandIn, give: Give):
    attempt = hand_in(is_right=True, essay="")
    give(attempt, 0.5, kind=Kind.SINGLE, reason="Half right")

    correct()
    run = plan()
    commit(session, run)

    assert (run.foreseen["answers"], run.foreseen["kept"]) == (0, 1)
    assert raws(session) == [0.5]


def test_full_marks_for_an_essay_end_the_waiting(session, plan: Plan, hand_in: HandIn):
    attempt = hand_in()
    essay = of_kind(attempt, Kind.ESSAY).version.question

    run = plan(Policy.FULL, of=essay)
    commit(session, run)

    session.expire_all()
    assert (attempt.raw, attempt.unmarked) == (2.0, 0)
    assert [each["score"] for each in told(session, "GradeChanged")] == [2.0]
    assert [each["has_passed"] for each in told(session, "ActivityCompleted")] == [True]


def test_an_attempt_in_which_nothing_would_count_is_left_alone(session, plan: Plan, hand_in: HandIn, question):
    attempt = hand_in(essay="")
    commit(session, plan(Policy.OUT))

    run = plan(Policy.OUT, of=of_kind(attempt, Kind.ESSAY).version.question)
    commit(session, run)

    session.expire_all()
    assert (run.foreseen["answers"], attempt.maximum) == (0, 1.0)


@pytest.mark.parametrize("policy", list(Policy))
def test_what_is_kept_for_reports_follows(session, plan: Plan, correct, hand_in: HandIn, give, nora, policy, quiz):
    give(hand_in(is_right=True), 0.5)
    give(hand_in(who=nora, is_right=False), 1.0)
    correct()

    commit(session, plan(policy))

    kept = of_reports(session)
    keeping.gather(session, quiz)
    assert kept == of_reports(session)


def of_reports(session: Session) -> list[object]:
    session.expire_all()
    facts = session.execute(select(AttemptFacts.attempt_id, AttemptFacts.packed).order_by(AttemptFacts.attempt_id))
    sums = session.execute(select(LiveSums.part, LiveSums.sums).order_by(LiveSums.part))
    return [*map(tuple, facts), *((part, each) for part, each in sums if each)]


def test_one_at_a_time(session, plan: Plan, hand_in: HandIn):
    run = plan()
    run.state = RunState.WRITING
    session.commit()

    with pytest.raises(regrading.AlreadyAtIt):
        plan()


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything takes long, and comes in blocks of one."""
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    monkeypatch.setattr(regrading, "IN_ONE", 1)


def test_long_ones_are_done_by_jobs(app: Flask, session, long, plan: Plan, correct, hand_in: HandIn, nora, ines):
    hand_in(is_right=True, essay="")
    hand_in(who=nora, is_right=False, essay="")
    correct()
    run = plan()
    assert run.state is RunState.LOOKING

    drain(app)
    session.refresh(run)
    assert (run.state, run.foreseen["answers"]) == (RunState.LOOKED, 2)
    commit(session, run)
    drain(app)
    session.refresh(run)
    assert (run.state, numbers(run.changed)) == (RunState.DONE, numbers(run.foreseen))
    regrading.undo(session, run, by=ines, at=LATER)
    session.commit()
    drain(app)

    assert raws(session) == [1.0, 0.0]
    assert {job.state for job in session.scalars(select(Job).where(Job.kind == regrading.JOB))} == {JobState.DONE}


def test_stopped_in_the_middle_it_goes_on_where_it_was(
    app: Flask, session, long, plan: Plan, correct, hand_in: HandIn, nora, monkeypatch
):
    hand_in(is_right=True, essay="")
    hand_in(who=nora, is_right=False, essay="")
    correct()
    run = plan()
    drain(app)
    session.refresh(run)
    commit(session, run)
    done_one = regrading._do

    def then_stop(inside: Session, held: RegradeRun, *rest, **more) -> None:
        done_one(inside, held, *rest, **more)
        regrading.stop(inside, held)

    monkeypatch.setattr(regrading, "_do", then_stop)
    drain(app)
    session.refresh(run)
    assert (run.state, run.changed["answers"], raws(session)) == (RunState.STOPPED, 1, [0.0, 0.0])

    monkeypatch.setattr(regrading, "_do", done_one)
    commit(session, run)
    drain(app)

    session.refresh(run)
    assert (run.state, run.changed["answers"], raws(session)) == (RunState.DONE, 2, [0.0, 1.0])
    assert len(session.scalars(select(Grading)).all()) == 2


def test_reports_follow_what_was_marked_anew(session, quiz, plan: Plan, correct, hand_in: HandIn, nora, give):
    for each in (hand_in(is_right=True), hand_in(who=nora, is_right=False)):
        give(each, 1.0)
    correct()

    commit(session, plan())

    columns = reading.columns_of(session, quiz)
    assert sorted(columns.earned.tolist()) == raws(session) == [1.0, 2.0]
    assert reading.sums_of(session, quiz)["total"].x == 300_000


@pytest.mark.parametrize("state", [RunState.DONE, RunState.WRITING, RunState.STOPPED])
def test_an_attempt_that_ran_meanwhile_is_marked_like_the_others_once_handed_in(
    app: Flask, session, quiz, plan: Plan, correct, hand_in: HandIn, leo, nora, state: RunState
):
    """However far the run has come: its learner began before the others were marked anew."""
    running = starting.start(session, quiz, nora, seed=b"1" * 16, at=THEN)
    hand_in(is_right=True, essay="")
    correct()
    run = plan()
    commit(session, run)
    run.state = state
    session.commit()

    answers = {of_kind(running, Kind.SINGLE).place: {CHOSEN: ["b"]}}
    with clock.moved_to(LATER):
        closing.hand_in(session, running, answers, at=THEN + timedelta(minutes=20))
        session.commit()
        before = raws(session)
        session.rollback()
        for _ in ("it is marked", "nothing is left to mark"):
            delivering.deliver_due(app)

    assert (before, raws(session)) == ([0.0, 0.0], [1.0, 0.0])
    session.refresh(run)
    assert numbers(run.changed) == {"answers": 2, "up": 1, "down": 1, "passed": 0, "failed": 0}
    assert told(session, "GradeChanged")[-1]["score"] == 1.0
    if state is RunState.DONE:
        regrading.undo(session, run, by=run.by, at=LATER)
        session.commit()
        assert raws(session) == [0.0, 1.0]


def test_what_was_taken_back_marks_nobody_who_comes_later(
    app: Flask, session, quiz, plan: Plan, correct, hand_in: HandIn, nora
):
    running = starting.start(session, quiz, nora, seed=b"1" * 16, at=THEN)
    hand_in(is_right=True, essay="")
    correct()
    run = plan()
    commit(session, run)
    regrading.undo(session, run, by=run.by, at=LATER)
    session.commit()

    answers = {of_kind(running, Kind.SINGLE).place: {CHOSEN: ["b"]}}
    with clock.moved_to(LATER):
        closing.hand_in(session, running, answers, at=THEN + timedelta(minutes=20))
        session.commit()
        delivering.deliver_due(app)

    assert raws(session) == [0.0, 1.0]
