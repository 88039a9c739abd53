"""The work loop: claims jobs that are due, runs them one by one in a few threads, and writes down how they ended."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, and_, or_, select, update

from lti_tool import clock, jobs
from lti_tool.db import db, transaction
from lti_tool.errors import log_unexpected
from lti_tool.jobs import Again, Halt, Job, JobFailed, JobLater, JobState, Result
from lti_tool.running import garbage
from lti_tool.running.delivering import worker_name

HOLD = timedelta(seconds=120)
"""How long a job is believed to run without a sign of life before another process begins it anew."""
BEAT = 20.0
"""Seconds between signs of life while a runner works without reporting."""
LONGEST = timedelta(hours=2)
"""After which no sign of life is given any more: a runner that hangs does not keep its job for ever."""
WRITE_EVERY = 1.0
"""Seconds between two written reports."""
MOST_ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
AT_ONCE = 2
"""Threads in one process, so that a long job does not keep somebody's short one waiting."""

log = logging.getLogger(__name__)
Sign = Callable[[], bool]


class Cancelled(Halt):
    """Somebody asked for it to stop."""


class TakenOver(Halt):
    """Somebody else holds the job: nothing of ours counts any more."""


class Interrupted(Halt):
    """This process is told to stop; the job goes back to those that wait."""


def work(app: Flask, is_told_to_stop: Sign, *, pause: float = 0.5) -> None:
    """Do what is due until told to stop."""
    others = [
        threading.Thread(target=_work, args=(app, is_told_to_stop, pause), name=f"work-{n}") for n in range(1, AT_ONCE)
    ]
    for thread in others:
        thread.start()
    _work(app, is_told_to_stop, pause)
    for thread in others:
        thread.join()


def _work(app: Flask, is_told_to_stop: Sign, pause: float) -> None:
    is_arranged = False
    while not is_told_to_stop():
        try:
            is_arranged = is_arranged or _arrange(app)
            is_busy = work_once(app, is_told_to_stop)
        except Exception as problem:
            log_unexpected(log, problem)
            is_busy = False
        if not is_busy:
            time.sleep(pause)


def _arrange(app: Flask) -> bool:
    with app.app_context(), transaction() as session:
        jobs.arrange_renewing(session)
    return True


def work_once(app: Flask, is_told_to_stop: Sign = lambda: False) -> bool:
    """Do the job that is due first, if there is one; whether there was."""
    with app.app_context():
        task = _claim(is_told_to_stop)
        if task is not None:
            _run(app, task)
        return task is not None


def drain(app: Flask, *, rounds: int = 10_000) -> int:
    """Do what is due until nothing is any more: what `flask work --once` does. How many tries that took."""
    _arrange(app)
    tried = 0
    while tried < rounds and work_once(app):
        tried += 1
    return tried


@dataclass
class RunningJob:
    """A job in the hands of its runner; the `Task` of `jobs`."""

    id: int
    kind: str
    body: Mapping[str, Any]
    asked_by: int | None
    attempts: int
    held_by: str
    is_told_to_stop: Sign
    written: float = field(default_factory=time.monotonic)

    def report(self, done: int, total: int | None = None) -> None:
        if self.is_told_to_stop():
            raise Interrupted
        if time.monotonic() - self.written < WRITE_EVERY:
            return
        self.written = time.monotonic()
        garbage.between()
        if self.sign_of_life(done=done, total=total):
            raise Cancelled

    def sign_of_life(self, **progress: int | None) -> bool:
        """Hold it for longer; whether it is asked to stop. Raises TakenOver."""
        with transaction() as session:
            asked = session.scalar(
                update(Job)
                .where(self.is_ours)
                .values(held_until=clock.now() + HOLD, **progress)
                .returning(Job.is_asked_to_stop)
            )
        if asked is None:
            raise TakenOver
        return bool(asked)

    @property
    def is_ours(self) -> ColumnElement[bool]:
        return and_(Job.id == self.id, Job.state == JobState.RUNNING, Job.held_by == self.held_by)


def _claim(is_told_to_stop: Sign) -> RunningJob | None:
    """The job that is due first, held by this thread from now on."""
    me = worker_name()
    for candidate in db.session.scalars(
        select(Job.id).where(_is_free(), Job.kind.in_(jobs.kinds())).order_by(Job.due, Job.id).limit(5)
    ).all():
        with transaction() as session:
            job = session.scalar(
                update(Job)
                .where(Job.id == candidate, _is_free())
                .values(
                    state=JobState.RUNNING,
                    held_by=me,
                    held_until=clock.now() + HOLD,
                    attempts=Job.attempts + 1,
                    started=clock.now(),
                )
                .returning(Job)
                .execution_options(populate_existing=True)
            )
            if job is not None:
                return RunningJob(job.id, job.kind, job.body, job.asked_by_id, job.attempts, me, is_told_to_stop)
    db.session.commit()
    return None


def _is_free() -> ColumnElement[bool]:
    at = clock.now()
    return or_(
        and_(Job.state == JobState.WAITING, Job.due <= at),
        and_(Job.state == JobState.RUNNING, Job.held_until <= at),
    )


def _run(app: Flask, task: RunningJob) -> None:
    try:
        if task.sign_of_life():
            raise Cancelled
        with _kept_alive(app, task):
            result = _believed(task)
    except TakenOver:
        log.warning("Job %s %s was taken over", task.kind, task.id)
    except Cancelled:
        _end(task, JobState.CANCELLED)
    except Interrupted:
        _wait(task, 0, attempts=task.attempts - 1)
    except JobFailed as problem:
        _end(task, JobState.FAILED, error=str(problem))
    except JobLater as problem:
        _try_later(task, str(problem), problem.seconds)
    except Exception as problem:
        log_unexpected(log, problem)
        _try_later(task, f"{type(problem).__name__} inside the tool; see the log", None)
    else:
        _finish(task, result)


def _believed(task: RunningJob) -> Result:
    """Run it, unless it took its process down with it every time."""
    if task.attempts > MOST_ATTEMPTS and not jobs.is_renewing(task.kind):
        raise JobFailed(f"it broke off {MOST_ATTEMPTS} times")
    return jobs.runner_of(task.kind)(task)


@contextmanager
def _kept_alive(app: Flask, task: RunningJob) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(app, task, over), name=f"beat-{task.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        db.session.rollback()


def _beat(app: Flask, task: RunningJob, over: threading.Event) -> None:
    last = time.monotonic() + LONGEST.total_seconds()
    while not over.wait(BEAT) and time.monotonic() < last:
        try:
            with app.app_context():
                task.sign_of_life()
        except TakenOver:
            return
        except Exception as problem:
            log_unexpected(log, problem)


def _finish(task: RunningJob, result: Result) -> None:
    if isinstance(result, Again):
        _write(task, state=JobState.WAITING, due=result.due, attempts=0, held_by="", held_until=None, error="")
    else:
        _end(task, JobState.DONE, result=dict(result))


def _try_later(task: RunningJob, error: str, seconds: float | None) -> None:
    """Tried again later, except after too many tries; one that renews itself is never given up."""
    if task.attempts >= MOST_ATTEMPTS and not jobs.is_renewing(task.kind):
        _end(task, JobState.FAILED, error=error)
        return
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(task.attempts - 1, 16))
    _wait(task, longest * random.uniform(0.5, 1.0) if seconds is None else seconds, error=error)


def _wait(task: RunningJob, seconds: float, **rest: Any) -> None:
    due = clock.now() + timedelta(seconds=seconds)
    _write(task, state=JobState.WAITING, due=due, held_by="", held_until=None, **rest)


def _end(task: RunningJob, state: JobState, *, error: str = "", **rest: Any) -> None:
    _write(task, state=state, ended=clock.now(), held_until=None, error=error, **rest)


def _write(task: RunningJob, **values: Any) -> None:
    with transaction() as session:
        session.execute(
            update(Job).where(task.is_ours).values(**values), execution_options={"synchronize_session": False}
        )
