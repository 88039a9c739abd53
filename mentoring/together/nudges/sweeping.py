"""Every night the nudges of the coming day are planned: chunk by chunk, each read first and written in one short
transaction. What was planned already is not planned again, so a night may be swept twice, or broken off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool import clock, jobs, outbox
from lti_tool.db import db, table, transaction
from lti_tool.jobs import Again, Task
from mentoring.mentorships.models import Mentorship
from mentoring.together.nudges import stalling
from mentoring.together.nudges.models import Nudge, NudgeRest
from mentoring.together.nudges.planning import plan
from mentoring.together.nudges.reading import nudged_at_all
from mentoring.together.nudges.rules import all_rules

JOB = "nudges-night"
LANE = "nudges"
LANES = 8
"""So many workers may send at once; one lane is served by one of them."""
AT_ONCE = 400
"""Mentorships looked at together."""
WRITTEN_AT_ONCE = 200
"""Nudges written in one transaction: SQLite has one writer, and pages wait for it."""
NIGHT = time(2, 30, tzinfo=UTC)
KEPT = timedelta(days=400)


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, run, renews_itself=True)


def run(task: Task) -> Again:
    """The job that renews itself."""
    at = clock.now()
    sweep(at=at, report=task.report)
    stalling.sweep(at=at)
    return Again(next_night(at))


def next_night(at: datetime) -> datetime:
    tonight = datetime.combine(at.astimezone(UTC).date(), NIGHT)
    return tonight if tonight > at else tonight + timedelta(days=1)


def sweep(*, at: datetime, report: Any = lambda _done, _total: None) -> int:
    """Plan what is due until the next night; how many nudges were planned. Commits chunk by chunk."""
    _tidy(at)
    rules, planned, done, last = all_rules(), 0, 0, 0
    total = db.session.scalar(select(func.count()).select_from(nudged_at_all(at).subquery()))
    db.session.commit()
    while ids := _next(db.session, at, last):
        rows = plan(db.session, ids, rules, at)
        db.session.commit()
        for start in range(0, len(rows), WRITTEN_AT_ONCE):
            with transaction() as session:
                planned += write(session, rows[start : start + WRITTEN_AT_ONCE])
        last, done = ids[-1], done + len(ids)
        report(done, total)
    return planned


def _next(session: Session, at: datetime, last: int) -> Sequence[int]:
    asked = nudged_at_all(at).where(Mentorship.id > last).order_by(Mentorship.id).limit(AT_ONCE)
    return session.scalars(asked).all()


def write(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """These nudges and their people's letters, but for what somebody else was quicker to plan; how many."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = session.execute(
        insert(table(Nudge)).on_conflict_do_nothing().returning(table(Nudge).c.person_id, table(Nudge).c.due),
        list(rows),
    ).all()
    post_for(session, made)
    return len(made)


def post_for(session: Session, due: Sequence[Any]) -> None:
    """One letter for each person, due with the first of these nudges of theirs."""
    first: dict[int, datetime] = {}
    for person, moment in due:
        first[person] = min(moment, first.get(person, moment))
    outbox.post_all(
        session,
        [
            outbox.Keyed(f"{LANE}:{person % LANES}", f"{LANE}:{person}", {"person": person}, moment)
            for person, moment in sorted(first.items())
        ],
    )


def _tidy(at: datetime) -> None:
    """What was told or dropped long ago, and rests that are over."""
    with transaction() as session:
        session.execute(delete(Nudge).where(Nudge.created < at - KEPT))
        session.execute(delete(NudgeRest).where(NudgeRest.until <= at))
