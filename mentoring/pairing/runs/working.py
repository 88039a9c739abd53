"""Runs over large classes, in a process of their own."""

from __future__ import annotations

from flask import Flask

from lti_tool import clock, jobs
from lti_tool.db import db, transaction
from lti_tool.jobs import JobFailed
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.runs.beginning import JOB, UNSOLVED, keep, solve


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, answer)


def answer(task: jobs.Task) -> jobs.Result:
    """Solve what the run was told, outside any transaction, and keep it unless the run was put away meanwhile."""
    run = db.session.get(MatchRun, task.body["run"])
    if run is None or run.state != RunState.WORKING:
        return {}
    told, seed = run.inputs, run.seed
    db.session.commit()
    try:
        found = solve(told, seed, listener=task.report)
    except UNSOLVED as problem:
        _give_up(task.body["run"], type(problem).__name__)
        raise JobFailed(f"no arrangement was found ({type(problem).__name__})") from None
    with transaction() as session:
        held = session.get(MatchRun, task.body["run"], with_for_update=True, populate_existing=True)
        if held is not None and held.state == RunState.WORKING:
            keep(session, held, found, at=clock.now())
    return {"circles" if "peers" in told else "pairs": len(found)}


def _give_up(run_id: int, problem: str) -> None:
    with transaction() as session:
        run = session.get(MatchRun, run_id, with_for_update=True, populate_existing=True)
        if run is not None and run.state == RunState.WORKING:
            run.state, run.problem, run.changed = RunState.FAILED, problem, clock.now()
