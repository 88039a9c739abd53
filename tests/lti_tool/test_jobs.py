"""Long work: done once, seen to, stopped when asked, and begun anew when its process dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, jobs
from lti_tool.db import db, transaction
from lti_tool.jobs import Again, Job, JobFailed, JobLater, JobState, Task
from lti_tool.running import working
from tests.cast import THEN, Cast

Tasks = list[Task]


@pytest.fixture
def seen(app: Flask) -> Tasks:
    """What a runner that only remembers was given."""
    found: Tasks = []

    def run(task: Task) -> dict[str, int]:
        found.append(task)
        return {"answer": 42}

    jobs.register(app, "remember", run)
    return found


def ask(session: Session, kind: str = "remember", **rest: object) -> Job:
    with transaction():
        return jobs.ask(session, kind, {"course": 7}, **rest)  # type: ignore[arg-type]


def again(session: Session, job: Job) -> Job:
    session.rollback()
    session.refresh(job)
    return job


def test_a_job_is_done_and_keeps_what_came_of_it(app: Flask, session: Session, seen: Tasks):
    job = ask(session)

    with clock.moved_to(THEN):
        assert not working.work_once(app), "it is not due yet in the past"
    assert working.work_once(app)

    assert [(task.kind, dict(task.body)) for task in seen] == [("remember", {"course": 7})]
    done = again(session, job)
    assert (done.state, done.result, done.attempts, done.is_unfinished) == (JobState.DONE, {"answer": 42}, 1, False)
    assert not working.work_once(app)


def test_under_one_key_one_waits_with_the_newest_body_and_the_earliest_time(session: Session, seen: Tasks):
    later = ask(session, key="k", due=THEN + timedelta(days=1))

    with transaction():
        sooner = jobs.ask(session, "remember", {"course": 8}, key="k", due=THEN)

    assert sooner.id == later.id
    assert (sooner.due, sooner.body) == (THEN, {"course": 8})
    assert len(session.scalars(select(Job)).all()) == 1


def test_a_finished_job_is_no_obstacle_to_another_under_its_key(app: Flask, session: Session, seen: Tasks):
    first = ask(session, key="k")
    working.drain(app)
    second = ask(session, key="k")

    assert first.id != second.id
    assert jobs.newest(session, "k") is second
    assert jobs.newest(session, "other") is None


def test_asked_by_many_at_once_it_waits_once(app: Flask, session: Session, seen: Tasks):
    together, ids = threading.Barrier(6, timeout=20), []

    def one() -> None:
        with app.app_context():
            together.wait()
            with transaction() as mine:
                ids.append(jobs.ask(mine, "remember", {}, key="k").id)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 6
    assert len(set(ids)) == 1


def test_two_loops_never_do_the_same_job(app: Flask, session: Session, seen: Tasks):
    for _ in range(12):
        ask(session)
    threads = [threading.Thread(target=working.drain, args=(app,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(task.id for task in seen) == sorted(session.scalars(select(Job.id).where(Job.kind == "remember")))


def test_what_cannot_be_done_is_not_tried_again(app: Flask, session: Session):
    def run(_task: Task) -> dict[str, object]:
        raise JobFailed("the course is gone")

    jobs.register(app, "fail", run)
    job = ask(session, "fail")

    working.drain(app)

    failed = again(session, job)
    assert (failed.state, failed.error, failed.attempts) == (JobState.FAILED, "the course is gone", 1)


def test_what_may_pass_is_tried_when_the_other_side_said_and_given_up_in_the_end(app: Flask, session: Session):
    def run(_task: Task) -> dict[str, object]:
        raise JobLater("busy", 300)

    jobs.register(app, "busy", run)
    at = clock.now()
    with clock.moved_to(at):
        job = ask(session, "busy")
        assert working.work_once(app)
        waiting = again(session, job)
        assert (waiting.state, waiting.due, waiting.error) == (JobState.WAITING, at + timedelta(seconds=300), "busy")
    for number in range(1, working.MOST_ATTEMPTS):
        with clock.moved_to(at + timedelta(seconds=301 * number)):
            assert working.work_once(app)

    assert again(session, job).state == JobState.FAILED


def test_an_error_nobody_thought_of_is_tried_again_after_a_while_and_names_nobody(app: Flask, session: Session):
    def run(_task: Task) -> dict[str, object]:
        raise ValueError("Leo Nowak")

    jobs.register(app, "trip", run)
    job, at = ask(session, "trip"), clock.now()

    working.drain(app)

    tripped = again(session, job)
    assert (tripped.state, tripped.error) == (JobState.WAITING, "ValueError inside the tool; see the log")
    assert tripped.due > at + timedelta(seconds=10)


def test_a_job_that_waits_can_be_called_off(app: Flask, session: Session, seen: Tasks):
    job = ask(session)

    with transaction():
        jobs.cancel(session, job)

    assert not working.work_once(app)
    assert (again(session, job).state, seen) == (JobState.CANCELLED, [])


def test_a_running_job_stops_at_its_next_report(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(working, "WRITE_EVERY", 0)
    steps = []

    def run(task: Task) -> dict[str, object]:
        for done in range(1, 10):
            task.report(done, 9)
            steps.append(done)
            if done == 3:
                with transaction() as other:
                    jobs.cancel(other, other.get_one(Job, task.id))
        return {}

    jobs.register(app, "count", run)
    job = ask(session, "count")

    working.drain(app)

    stopped = again(session, job)
    assert (stopped.state, stopped.done, stopped.total, steps) == (JobState.CANCELLED, 4, 9, [1, 2, 3])


def test_what_has_ended_cannot_be_called_off(app: Flask, session: Session, seen: Tasks):
    job = ask(session)
    working.drain(app)

    with transaction():
        jobs.cancel(session, again(session, job))

    assert again(session, job).state == JobState.DONE


def test_a_job_whose_process_died_is_begun_anew_and_the_dead_ones_word_counts_no_more(app: Flask, session: Session):
    tries: list[str] = []

    def run(task: Task) -> dict[str, object]:
        tries.append("begun")
        if len(tries) > 1:
            return {"by": "the second"}
        with clock.moved_by(working.HOLD + timedelta(seconds=1)):
            # Meanwhile the others believe us dead: one of them takes over and finishes.
            second = threading.Thread(target=working.work_once, args=(app,))
            second.start()
            second.join()
        return {"by": "the first"}

    jobs.register(app, "die", run)
    job = ask(session, "die")

    working.work_once(app)

    assert tries == ["begun", "begun"]
    done = again(session, job)
    assert (done.state, done.result, done.attempts) == (JobState.DONE, {"by": "the second"}, 2)


def test_a_report_to_a_job_that_was_taken_over_ends_the_runner(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working, "WRITE_EVERY", 0)
    reached: list[str] = []

    def run(task: Task) -> dict[str, object]:
        with transaction() as other:
            other.get_one(Job, task.id).held_by = "somebody else"
        task.report(1)
        reached.append("beyond")
        return {}

    jobs.register(app, "lose", run)
    job = ask(session, "lose")

    working.work_once(app)

    lost = again(session, job)
    assert (reached, lost.held_by, lost.state) == ([], "somebody else", JobState.RUNNING)


def test_a_job_that_takes_its_process_down_every_time_is_given_up(app: Flask, session: Session, seen: Tasks):
    job = ask(session)
    job.attempts = working.MOST_ATTEMPTS
    session.commit()

    working.drain(app)

    given_up = again(session, job)
    assert (given_up.state, given_up.error, seen) == (JobState.FAILED, "it broke off 5 times", [])


def test_a_runner_that_is_busy_without_reporting_is_kept_alive(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working, "BEAT", 0.01)
    held: list[object] = []

    def run(task: Task) -> dict[str, object]:
        with clock.moved_by(timedelta(seconds=60)):
            before = db.session.get_one(Job, task.id).held_until
            assert before is not None
            until = time.monotonic() + 20
            while len(held) < 2 and time.monotonic() < until:
                db.session.rollback()
                now = db.session.scalars(select(Job.held_until).where(Job.id == task.id)).one()
                held[:] = [before, now] if now and now > before + timedelta(seconds=50) else []
        return {}

    jobs.register(app, "think", run)
    job = ask(session, "think")

    working.drain(app)

    assert len(held) == 2, "it was held for longer while it ran"
    assert again(session, job).state == JobState.DONE


def test_told_to_stop_a_job_goes_back_to_those_that_wait(app: Flask, session: Session):
    def run(task: Task) -> dict[str, object]:
        task.report(1)
        raise AssertionError("not reached")

    jobs.register(app, "long", run)
    job = ask(session, "long")

    working.work_once(app, lambda: True)

    waiting = again(session, job)
    assert (waiting.state, waiting.attempts, waiting.held_by) == (JobState.WAITING, 0, "")


def test_work_that_renews_itself_waits_once_and_again_after_it_was_done(app: Flask, session: Session):
    at, runs = clock.now(), []

    def run(task: Task) -> Again:
        runs.append(task.id)
        return Again(clock.now() + timedelta(days=1))

    jobs.register(app, "every-day", run, renews_itself=True)
    with clock.moved_to(at):
        working.drain(app)
        working.drain(app)
    with clock.moved_to(at + timedelta(days=1)):
        working.drain(app)

    [job] = session.scalars(select(Job).where(Job.kind == "every-day"))
    assert runs == [job.id, job.id]
    assert (job.state, job.due) == (JobState.WAITING, at + timedelta(days=2))


def test_a_job_of_a_kind_nobody_here_knows_waits_for_those_who_do(app: Flask, session: Session):
    job = ask(session, "from-a-newer-release")

    assert working.drain(app) >= 0

    assert again(session, job).state == JobState.WAITING


def test_a_job_belongs_to_the_course_and_the_person_it_was_asked_by(session: Session, cast: Cast):
    course = cast.course()
    ines = cast.enrol(course, "Ines")

    job = ask(session, course=course, by=ines)

    assert (job.course, job.asked_by) == (course, ines)


@pytest.mark.sqlite
def test_after_kill_9_in_the_middle_of_a_job_it_is_done_all_the_same(app: Flask, session: Session, tmp_path: Path):
    begun, finished = tmp_path / "begun", tmp_path / "finished"

    def run(_task: Task) -> dict[str, object]:
        if not begun.exists():
            begun.touch()
            threading.Event().wait(60)
        finished.touch()
        return {}

    jobs.register(app, "survive", run)
    job = ask(session, "survive")
    session.rollback()
    db.engine.dispose()
    pid = _forked(lambda: working.work(app, lambda: False))
    _wait_until(begun.exists)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    with clock.moved_by(working.HOLD + timedelta(seconds=1)):
        working.drain(app)

    assert finished.exists()
    assert again(session, job).state == JobState.DONE


def _forked(run: Callable[[], None]) -> int:
    pid = os.fork()
    if not pid:
        try:
            run()
        finally:
            os._exit(0)
    return pid


def _wait_until(is_so: Callable[[], bool]) -> None:
    last = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < last
        threading.Event().wait(0.02)


def test_the_command_does_what_is_due(app: Flask, session: Session, seen: Tasks):
    ask(session)

    said = app.test_cli_runner().invoke(args=["work", "--once"]).output

    assert len(seen) == 1
    assert said.endswith("jobs tried.\n")
