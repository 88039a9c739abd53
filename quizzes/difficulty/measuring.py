"""Every night it is measured how hard questions turned out to be, from the facts that stand beside hand-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import numpy as np
from flask import Flask
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lti_tool import clock, jobs
from lti_tool.db import db, transaction
from lti_tool.jobs import Again, Task
from lti_tool.models import Course, Deployment, Platform
from quizzes.difficulty.levels import SHOWN
from quizzes.difficulty.models import Measured
from quizzes.models import Quiz
from quizzes.reports import reading
from quizzes.reports.columns import Columns, Which

JOB = "difficulty-night"
NIGHT = time(3, 10, tzinfo=UTC)
Tally = dict[int, tuple[int, float]]
"""By version how many answers there are, and what they earned together, each as a share of its maximum."""


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, run, renews_itself=True)


def run(task: Task) -> Again:
    """The job that renews itself."""
    at = clock.now()
    measure(at=at, report=task.report)
    return Again(next_night(at))


def next_night(at: datetime) -> datetime:
    tonight = datetime.combine(at.astimezone(UTC).date(), NIGHT)
    return tonight if tonight > at else tonight + timedelta(days=1)


def measure(*, at: datetime, report: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Measure all questions anew, one LMS after the other; commits."""
    platforms = db.session.scalars(select(Platform.id).order_by(Platform.id)).all()
    for number, platform in enumerate(platforms):
        report(number, len(platforms))
        tally = _tally(db.session, platform)
        db.session.commit()
        with transaction() as session:
            _keep(session, platform, tally, at)


def _tally(session: Session, platform: int) -> Tally:
    found: Tally = defaultdict(lambda: (0, 0.0))
    for quiz in _graded(session, platform):
        for version, (answers, earned) in tallied(reading.columns_of(session, quiz)).items():
            before = found[version]
            found[version] = (before[0] + answers, before[1] + earned)
    return found


def _graded(session: Session, platform: int) -> Iterator[Quiz]:
    """Practice is left out: who practices may look things up."""
    quizzes = session.scalars(
        select(Quiz)
        .join(Course, Course.id == Quiz.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .where(Deployment.platform_id == platform)
        .order_by(Quiz.id)
    ).all()
    yield from (quiz for quiz in quizzes if quiz.is_published and not quiz.settings.is_practice)


def tallied(columns: Columns) -> Tally:
    """Of first attempts, in which nothing waits for people's marks."""
    first = columns.of_which(Which.FIRST).marked
    counts = np.bincount(first.version)
    earned = np.bincount(first.version, weights=first.mark / first.maximum)
    return {int(each): (int(counts[each]), float(earned[each])) for each in np.flatnonzero(counts)}


def _keep(session: Session, platform: int, tally: Tally, at: datetime) -> None:
    session.execute(delete(Measured).where(Measured.platform_id == platform))
    rows = [
        {"platform_id": platform, "version_id": version, "answers": n, "facility": earned / n, "at": at}
        for version, (n, earned) in sorted(tally.items())
        if n >= SHOWN
    ]
    if rows:
        session.execute(insert(Measured), rows)
