"""Marking the answers of a quiz anew: foreseen first, then written, and undone where it was wrong.

Few answers are marked at once, many by a job, block by block, each block in a transaction of its own: what is stopped
in the middle says so, and goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock, jobs, outbox
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment
from lti_tool.outbox import Done, Errand, Outcome
from quizzes.events import QuizSubmitted
from quizzes.marks import finding
from quizzes.marks.finding import Learner, Looking, concerned, find, foresee
from quizzes.marks.judging import Change, Policy
from quizzes.marks.models import Grading, RegradeRun, RunState, Source
from quizzes.marks.sums import blocks
from quizzes.marks.writing import hold, write
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Question, QuestionVersion

JOB = "quiz-regrade"
LANE = "quiz-regrade-late"
AT_ONCE = 2_000
"""So many answers are marked while the page waits."""
IN_ONE = 2_000
"""Attempts in one transaction of a job: sums that are kept are read and written once in each."""


class AlreadyAtIt(Exception):
    """The quiz is being marked anew just now."""


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, work)
    outbox.register_carrier(app, LANE, LateCarrier())
    outbox.subscribe(app, QuizSubmitted, _hear)


def plan(
    session: Session,
    quiz: Quiz,
    question: Question | None,
    policy: Policy,
    *,
    worth: float | None,
    reason: str,
    by: Enrolment,
    at: datetime,
) -> RegradeRun:
    """Work out what marking anew would change; the caller commits. Raises AlreadyAtIt."""
    session.execute(select(Quiz.id).where(Quiz.id == quiz.id).with_for_update(of=Quiz))
    if _at_work(session, quiz) is not None:
        raise AlreadyAtIt
    oldest, newest = _versions(session, quiz, question) if question else (None, None)
    run = RegradeRun(
        quiz_id=quiz.id,
        question_id=question.id if question else None,
        from_version_id=oldest,
        to_version_id=newest,
        policy=policy,
        worth=worth,
        reason=reason,
        by_id=by.id,
        asked=at,
    )
    session.add(run)
    session.flush()
    _begin(session, run, RunState.LOOKING, at=at)
    return run


def _at_work(session: Session, quiz: Quiz) -> int | None:
    busy = (RunState.LOOKING, RunState.WRITING, RunState.UNDOING)
    return session.scalar(select(RegradeRun.id).where(RegradeRun.quiz_id == quiz.id, RegradeRun.state.in_(busy)))


def _versions(session: Session, quiz: Quiz, question: Question) -> tuple[int | None, int | None]:
    """The oldest version that was asked, and the newest there is."""
    versions = select(QuestionVersion.id).where(QuestionVersion.question_id == question.id)
    asked = select(Answer.version_id).join(Answer.attempt).where(Attempt.quiz_id == quiz.id)
    oldest = session.scalar(versions.where(QuestionVersion.id.in_(asked)).order_by(QuestionVersion.n).limit(1))
    return oldest, session.scalar(versions.order_by(QuestionVersion.n.desc()).limit(1))


def commit(session: Session, run: RegradeRun, *, at: datetime) -> None:
    """Write what was foreseen, or go on with it; nothing else than what stands there now is gone by."""
    if run.state in (RunState.LOOKED, RunState.STOPPED):
        _begin(session, run, RunState.WRITING if run.foreseen else RunState.LOOKING, at=at)


def undo(session: Session, run: RegradeRun, *, by: Enrolment, at: datetime) -> None:
    """Bring back what was there before, as marks beside the others; marks given since stay."""
    if run.has_written and run.state in (RunState.DONE, RunState.STOPPED):
        run.undone_by_id, run.done = by.id, 0
        _begin(session, run, RunState.UNDOING, at=at)


def stop(session: Session, run: RegradeRun) -> None:
    """Let it not go on; what is written stays, until it goes on or is undone."""
    if run.is_working:
        run.state = RunState.STOPPED
        job = jobs.newest(session, _key(run))
        if job is not None:
            jobs.cancel(session, job)


def _key(run: RegradeRun) -> str:
    return f"{JOB}:{run.id}"


def _begin(session: Session, run: RegradeRun, state: RunState, *, at: datetime) -> None:
    run.state = state
    session.flush()
    if _is_long(session, run):
        ask(session, run)
    elif state is RunState.LOOKING:
        looked(run, foresee(session, run, _unheard))
    else:
        # At one go: whoever marks by hand meanwhile would wait for the sums of a first block, and a second for them.
        if attempts := _to_do(session, run):
            _do(session, run, attempts, _looking(session, run), at=at)
        _end(run, at=at)


def ask(session: Session, run: RegradeRun) -> None:
    """Have a job do what is to be done of it next; the caller commits."""
    jobs.ask(session, JOB, {"run": run.id}, key=_key(run), course=run.quiz.course, by=run.by)


def _unheard(_done: int, _total: int) -> None:
    """Nobody waits for news of few."""


def _is_long(session: Session, run: RegradeRun) -> bool:
    answers = select(Answer.id).join(Answer.attempt).where(Attempt.quiz_id == run.quiz_id).limit(AT_ONCE + 1)
    if run.question_id is not None:
        theirs = select(QuestionVersion.id).where(QuestionVersion.question_id == run.question_id)
        answers = answers.where(Answer.version_id.in_(theirs))
    return (session.scalar(select(func.count()).select_from(answers.subquery())) or 0) > AT_ONCE


def work(task: jobs.Task) -> jobs.Result:
    """One run, as far as it is to be done."""
    run = db.session.get(RegradeRun, task.body["run"])
    if run is None:
        return {}
    if run.state is RunState.LOOKING:
        found = foresee(db.session, run, lambda done, total: _report(task, done, total))
        with transaction() as session:
            if (held := _held(session, task.body["run"], RunState.LOOKING)) is not None:
                looked(held, found)
        return {"answers": found["answers"]}
    state, attempts, looking = run.state, list(_to_do(db.session, run)), _looking(db.session, run)
    db.session.commit()
    for number, block in enumerate(blocks(attempts, IN_ONE)):
        task.report(number * len(block), len(attempts))
        with transaction() as session:
            held = _held(session, task.body["run"], state)
            if held is None:
                return {}
            _do(session, held, block, looking, at=clock.now())
    with transaction() as session:
        if (held := _held(session, task.body["run"], state)) is not None:
            _end(held, at=clock.now())
    return {"attempts": len(attempts)}


def _report(task: jobs.Task, done: int, total: int) -> None:
    db.session.commit()
    task.report(done, total)


def _held(session: Session, run_id: int, state: RunState) -> RegradeRun | None:
    """The run, held, if it is still to be done."""
    run = session.get(RegradeRun, run_id, with_for_update=True, populate_existing=True)
    return run if run is not None and run.state is state else None


def looked(run: RegradeRun, found: dict[str, Any]) -> None:
    run.foreseen, run.state = found, RunState.LOOKED


def _to_do(session: Session, run: RegradeRun) -> Sequence[int]:
    if run.state is RunState.WRITING:
        return concerned(session, run)
    written = (
        select(Answer.attempt_id)
        .join(Grading, Grading.answer_id == Answer.id)
        .where(Grading.run_id == run.id, Grading.source == Source.REGRADE, Answer.attempt_id > run.done)
    )
    return session.scalars(written.distinct().order_by(Answer.attempt_id)).all()


def _looking(session: Session, run: RegradeRun) -> Looking | None:
    """Undoing needs none."""
    return Looking.at(session, run) if run.state is RunState.WRITING else None


def _do(session: Session, run: RegradeRun, attempts: Sequence[int], looking: Looking | None, *, at: datetime) -> None:
    hold(session, attempts)
    if looking is not None:
        changes: Iterable[Change] = find(session, run, looking, attempts).changes
        source, by = Source.REGRADE, run.by_id
    else:
        changes, source, by = _back(session, run, attempts), Source.UNDO, run.undone_by_id or run.by_id
    answers, learners = write(session, run, changes, source=source, by=by, at=at)
    if run.state is RunState.WRITING:
        _count(run, answers, learners)
    else:
        left = 0 if run.quiz.settings.is_practice else sum(each.is_none_any_more for each in learners)
        brought_back, left_before = (run.changed.get(name, 0) for name in ("brought_back", "left"))
        run.changed = {**run.changed, "brought_back": brought_back + answers, "left": left_before + left}
    run.done = attempts[-1]
    session.flush()


def _count(run: RegradeRun, answers: int, learners: Sequence[Learner]) -> None:
    counted = Counter({name: run.changed.get(name, 0) for name in COUNTED})
    here = finding.told(run.quiz, learners, 0)
    counted.update({"answers": answers, **{name: here[name] for name in COUNTED if name in here}})
    counted["first"] += 0 if run.quiz.settings.is_practice else sum(each.is_first for each in learners)
    run.changed = dict(counted)


COUNTED = ("answers", "up", "down", "passed", "failed", "first")
"""`first`: so many had no grade before. Undone, theirs is none any more, and `left` in the LMS's gradebook, where
nothing takes it away."""


def _back(session: Session, run: RegradeRun, attempts: Sequence[int]) -> list[Change]:
    """What brings answers of these attempts back, where nothing was said of them since."""
    is_here = Answer.attempt_id.between(attempts[0], attempts[-1])
    newest = (
        select(func.max(Grading.id)).join(Answer, Answer.id == Grading.answer_id).where(is_here).group_by(Answer.id)
    )
    rows = session.execute(
        select(
            Answer.id,
            Answer.attempt_id,
            Answer.version_id,
            Grading.was_fraction,
            Grading.was_maximum,
            Answer.fraction,
            Answer.maximum,
        )
        .join(Grading, Grading.answer_id == Answer.id)
        .where(is_here, Grading.run_id == run.id, Grading.source == Source.REGRADE, Grading.id.in_(newest))
    )
    return [
        Change(answer, attempt, version, fraction, maximum, now, counts)
        for answer, attempt, version, fraction, maximum, now, counts in rows
    ]


def _end(run: RegradeRun, *, at: datetime) -> None:
    if run.state is RunState.WRITING:
        run.state, run.ended = RunState.DONE, at
    else:
        run.state, run.undone = RunState.UNDONE, at


# An attempt that ran when others were marked anew is marked like them once it is handed in.


def _hear(session: Session, event: QuizSubmitted) -> None:
    """What is not committed yet finds the attempt by itself, and what is may have passed it by."""
    wanted = (
        select(RegradeRun.id)
        .join(RegradeRun.quiz)
        .where(Quiz.public_id == event.quiz, RegradeRun.asked >= event.started, RegradeRun.state.not_in(TAKEN_BACK))
    )
    if session.scalar(wanted.limit(1)) is not None:
        outbox.post(session, LANE, {"attempt": event.attempt})


TAKEN_BACK = (RunState.UNDOING, RunState.UNDONE)


class LateCarrier:
    """Marks single attempts by what was decided of their quiz while they ran."""

    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        for errand in errands:
            with transaction() as session:
                _follow_all(session, errand.body["attempt"], at=clock.now())
        return [Done() for _ in errands]


def _follow_all(session: Session, public_id: str, *, at: datetime) -> None:
    attempt = session.scalar(select(Attempt).where(Attempt.public_id == public_id))
    if attempt is None or attempt.is_open:
        return
    runs = session.scalars(
        select(RegradeRun)
        .where(RegradeRun.quiz_id == attempt.quiz_id, RegradeRun.asked >= attempt.started)
        .order_by(RegradeRun.id)
        .with_for_update(of=RegradeRun)
        .execution_options(populate_existing=True)
    )
    for run in runs.all():
        has_passed_by = run.state is RunState.STOPPED and attempt.id <= run.done
        if run.state in (RunState.WRITING, RunState.DONE) or has_passed_by:
            _follow(session, run, attempt.id, at=at)


def _follow(session: Session, run: RegradeRun, attempt: int, *, at: datetime) -> None:
    """Where the run has marked it already, nothing of it changes any more."""
    hold(session, [attempt])
    changes = find(session, run, Looking.at(session, run), [attempt]).changes
    answers, learners = write(session, run, changes, source=Source.REGRADE, by=run.by_id, at=at)
    _count(run, answers, learners)
    session.flush()
