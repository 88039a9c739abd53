"""Work longer than five seconds: asked for by a page or the clock, done in a process of its own (see `working`).

A job is one row that says how far it has come and how it ended. While one with a key is unfinished, asking again
gets that one. What a runner does must be repeatable: after a crash somebody else begins it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Index, String, Text, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from lti_tool import clock
from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment

_IS_UNFINISHED = text("state IN ('waiting', 'running') AND key IS NOT NULL")


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """Something long to do, how far it has come, and how it ended."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "due"),
        Index(
            "uq_job_unfinished_key",
            "key",
            unique=True,
            sqlite_where=_IS_UNFINISHED,
            postgresql_where=_IS_UNFINISHED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(128))
    """What the job is about: while one with a key is unfinished, there is no second one."""
    course_id: Mapped[int | None] = mapped_column(ForeignKey(Course.id), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Empty where the clock or a launch asked."""
    body: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    due: Mapped[datetime]
    held_by: Mapped[str] = mapped_column(String(64), default="")
    held_until: Mapped[datetime | None]
    """Until when whoever runs it is believed to be alive; after that another one begins it anew."""
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    """How many there are to do, as far as anybody knows."""
    is_asked_to_stop: Mapped[bool] = mapped_column(default=False)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    """How the last try failed."""
    created: Mapped[datetime]
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]

    course: Mapped[Course | None] = relationship()
    asked_by: Mapped[Enrolment | None] = relationship()

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED


@dataclass(frozen=True)
class Again:
    """A runner's word that the same job is to be done again at this time: how nightly work renews itself."""

    due: datetime


class Task(Protocol):
    """A job as its runner sees it."""

    id: int
    kind: str
    body: Mapping[str, Any]
    asked_by: int | None

    def report(self, done: int, total: int | None = None) -> None:
        """Say how far it has come, now and then and outside any transaction.

        Raises `Halt` where the job is no longer to go on; a runner lets that pass through.
        """


Result = Mapping[str, Any] | Again
Runner = Callable[[Task], Result]


class Halt(Exception):
    """A runner is to stop where it is: the job was cancelled, taken over, or the process ends."""


class JobFailed(Exception):
    """The job cannot be done; says why. Trying again would not help."""


class JobLater(Exception):
    """The job could not be done now; it is tried again, at the earliest after `seconds` if somebody said so."""

    def __init__(self, error: str, seconds: float | None = None) -> None:
        super().__init__(error)
        self.seconds = seconds


class _Registry:
    def __init__(self) -> None:
        self.runners: dict[str, Runner] = {}
        self.renewing: list[str] = []


def init_app(app: Flask) -> None:
    app.extensions["jobs"] = _Registry()


def _registry(app: Flask | None = None) -> _Registry:
    found = (app or current_app).extensions["jobs"]
    assert isinstance(found, _Registry)
    return found


def register(app: Flask, kind: str, runner: Runner, *, renews_itself: bool = False) -> None:
    """Let `runner(task)` do the jobs of this kind. One that renews itself always waits once, under its kind's name."""
    registry = _registry(app)
    registry.runners[kind] = runner
    if renews_itself:
        registry.renewing.append(kind)


def runner_of(kind: str) -> Runner:
    return _registry().runners[kind]


def is_renewing(kind: str) -> bool:
    return kind in _registry().renewing


def kinds() -> list[str]:
    return list(_registry().runners)


def arrange_renewing(session: Session) -> None:
    """See that every job that renews itself waits; the caller commits. Asked by several processes it waits once."""
    for kind in _registry().renewing:
        waiting = session.scalar(select(Job.id).where(Job.key == kind, Job.state.in_(UNFINISHED)))
        if waiting is None:
            ask(session, kind, {}, key=kind)


def ask(
    session: Session,
    kind: str,
    body: Mapping[str, Any],
    *,
    key: str | None = None,
    course: Course | None = None,
    by: Enrolment | None = None,
    due: datetime | None = None,
) -> Job:
    """Have this done; the caller commits. An unfinished job with this key is brought forward and handed back."""
    at = clock.now()
    values = {
        "kind": kind,
        "key": key,
        "course_id": course.id if course else None,
        "asked_by_id": by.id if by else None,
        "body": dict(body),
        "due": due or at,
        "created": at,
    }
    session.flush()
    # Another process may ask under the same key, and a worker may finish it, between any two of these steps.
    while (job := _brought_forward(session, values) or _first(session, values)) is None:
        pass
    return job


def _brought_forward(session: Session, values: Mapping[str, Any]) -> Job | None:
    if values["key"] is None:
        return None
    job = session.scalar(
        select(Job)
        .where(Job.key == values["key"], Job.state.in_(UNFINISHED))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is not None and job.state == JobState.WAITING:
        job.due = min(job.due, values["due"])
        job.body, job.asked_by_id = values["body"], values["asked_by_id"] or job.asked_by_id
    return job


def _first(session: Session, values: Mapping[str, Any]) -> Job | None:
    """A new job; None if another one with its key was quicker."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return session.scalar(
        insert(Job)
        .values(**values)
        .on_conflict_do_nothing(index_elements=[Job.key], index_where=_IS_UNFINISHED)
        .returning(Job)
    )


def cancel(session: Session, job: Job) -> None:
    """Let it not begin, or stop at the next report; what has ended stays as it is. The caller commits."""
    at = clock.now()
    theirs = Job.id == job.id
    ended = update(Job).where(theirs, Job.state == JobState.WAITING).values(state=JobState.CANCELLED, ended=at)
    session.execute(ended)
    session.execute(update(Job).where(theirs, Job.state == JobState.RUNNING).values(is_asked_to_stop=True))
    session.refresh(job)


def unfinished(session: Session, course: Course, kinds: Collection[str]) -> int:
    """How many jobs of these kinds a course waits for: everybody's work stands in one queue."""
    wanted = (Job.course_id == course.id, Job.kind.in_(kinds), Job.state.in_(UNFINISHED))
    return session.scalar(select(func.count()).select_from(Job).where(*wanted)) or 0


def newest(session: Session, key: str, *, since: timedelta | None = None) -> Job | None:
    """The job asked for last under this key, unless it ended longer ago than that."""
    job = session.scalar(select(Job).where(Job.key == key).order_by(Job.id.desc()).limit(1))
    is_old = job is not None and job.ended is not None and since is not None and job.ended < clock.now() - since
    return None if is_old else job
