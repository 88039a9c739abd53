"""What the engine is asked about one mentee of a draft: answered at once in small classes, by a job in larger ones.

An answer is kept with its job, together with the state of things that it was found for; it says nothing of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_tool import clock, jobs
from lti_tool.db import db
from lti_tool.jobs import Job, JobState
from lti_tool.models import Enrolment
from mentoring.pairing.matching.listening import Listener, nobody
from mentoring.pairing.matching.proposing import Lock
from mentoring.pairing.models import MatchRun
from mentoring.pairing.pooling import Gathered, gather
from mentoring.pairing.runs import beginning, keeping
from mentoring.pairing.runs.beginning import UNSOLVED
from mentoring.pairing.runs.comparing import with_pair
from mentoring.pairing.runs.helping import locks_of, search
from mentoring.pairing.runs.keeping import Plain
from mentoring.pairing.runs.progress import Progress

JOB = "match-inquiry"

MOST_AT_A_TIME = 4
"""Questions of one course that are worked on or wait: there is one queue for all courses."""

BUSY = _l(
    "Several questions about this course are being worked on. Wait until one of them has its answer, then ask again."
)

Solve = Callable[[Listener], Plain]


@dataclass(frozen=True)
class Inquiry:
    """A question about a mentee and a kind of mentor, by keys."""

    mentee: str
    kind: str
    mentor: str = ""
    """Whom they might be together with; empty where the question is what would place them."""


@dataclass(frozen=True)
class Standing:
    """How it stands with an answer."""

    answer: Mapping[str, Any] | None
    """`is_unsolved` in it where the engine found no arrangement at all."""
    job: Job | None = None
    """The one that was asked for last, where it takes long."""

    @property
    def is_going_on(self) -> bool:
        return self.answer is None and self.job is not None and self.job.is_unfinished

    @property
    def progress(self) -> Progress:
        """What would place somebody takes an arrangement for every change that is tried; a pair, one."""
        return Progress(self.job, solves_often=self.job is not None and not self.job.body["inquiry"]["mentor"])

    @property
    def is_old(self) -> bool:
        """Whether there is an answer, but to another state of things."""
        return self.answer is None and self.job is not None and self.job.state == JobState.DONE

    @property
    def has_failed(self) -> bool:
        return self.answer is None and self.job is not None and self.job.state == JobState.FAILED


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, answer)


def knows(run: MatchRun) -> bool:
    """Whether a run can say what a pair would come to: it found pairs, and nobody of it has been erased since."""
    return run.is_solved and not run.is_of_circles and bool(run.inputs)


def takes_long(gathered: Gathered) -> bool:
    """Whether a class is too large to be solved while a page is waited for."""
    return beginning.effort(gathered.pool) > beginning.AT_ONCE


def standing(session: Session, gathered: Gathered, run: MatchRun, inquiry: Inquiry) -> Standing:
    """The answer, found now if it does not take long; else what is known of its job."""
    if not takes_long(gathered):
        return Standing(_tried(_solver(gathered, run, inquiry), nobody))
    job = job_of(session, run, inquiry)
    if job is None or job.state != JobState.DONE or job.result.get("state") != state_of(gathered, run, inquiry):
        return Standing(None, job)
    return Standing(job.result["answer"], job)


def job_of(session: Session, run: MatchRun, inquiry: Inquiry) -> Job | None:
    return jobs.newest(session, _key(run, inquiry))


def is_busy(session: Session, run: MatchRun) -> bool:
    """Whether so many questions of this course wait that another one has to be put off."""
    return jobs.unfinished(session, run.cohort.course, (JOB, beginning.JOB)) >= MOST_AT_A_TIME


def ask(session: Session, run: MatchRun, inquiry: Inquiry, *, by: Enrolment) -> None:
    """Have it answered; the caller commits. What is being answered already is not asked twice."""
    body = {"run": run.id, "inquiry": asdict(inquiry)}
    jobs.ask(session, JOB, body, key=_key(run, inquiry), course=run.cohort.course, by=by)


def answer(task: jobs.Task) -> jobs.Result:
    """Solve it for the state that things are in by now, outside any transaction."""
    run, inquiry = db.session.get(MatchRun, task.body["run"]), Inquiry(**task.body["inquiry"])
    if run is None or (inquiry.mentor and not knows(run)):
        return {}
    gathered = gather(db.session, run.cohort, at=clock.now(), weights=run.weights)
    state, solve = state_of(gathered, run, inquiry), _solver(gathered, run, inquiry)
    db.session.commit()
    return {"state": state, "answer": _tried(solve, task.report)}


def state_of(gathered: Gathered, run: MatchRun, inquiry: Inquiry) -> str:
    """Tells one state of things from another, as far as the answer depends on it."""
    if inquiry.mentor:
        return run.input_hash
    return keeping.fingerprint({**keeping.plain(gathered.pool, locks_of(gathered, run)), "seed": run.seed})


def _solver(gathered: Gathered, run: MatchRun, inquiry: Inquiry) -> Solve:
    """What finds the answer, with everything it needs read already."""
    seed, mentee, kind = run.seed, inquiry.mentee, inquiry.kind
    if inquiry.mentor:
        pool, locks = keeping.restored(run.inputs)
        pair = Lock(mentee, inquiry.mentor, kind)
        return lambda listener: with_pair(pool, locks, pair, seed=seed, listener=listener)
    kept = locks_of(gathered, run)
    return lambda listener: search(gathered.pool, kept, mentee, kind, seed=seed, listener=listener)


def _tried(solve: Solve, listener: Listener) -> Plain:
    try:
        return solve(listener)
    except (ValueError, *UNSOLVED):
        return {"is_unsolved": True}


def _key(run: MatchRun, inquiry: Inquiry) -> str:
    return f"{JOB}:{run.id}:{keeping.fingerprint(asdict(inquiry))}"
