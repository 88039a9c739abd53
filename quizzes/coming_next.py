"""Which of a course's quizzes comes next for a learner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.models import Attempt
from quizzes.reporting import Progress


def everywhere(session: Session, me: Enrolment, *, at: datetime) -> list[Progress]:
    """Where I stand with each quiz of my course."""
    quizzes = queries.quizzes_of(session, me.course)
    attempts: dict[int, list[Attempt]] = {quiz.id: [] for quiz in quizzes}
    if quizzes:
        mine = select(Attempt).where(Attempt.enrolment_id == me.id, Attempt.quiz_id.in_(attempts)).order_by(Attempt.n)
        for attempt in session.scalars(mine):
            attempts[attempt.quiz_id].append(attempt)
    granted = standing.of_each(session, quizzes, me, at=at) if quizzes else {}
    return [
        Progress(
            quiz=quiz,
            learner=me,
            attempts=attempts[quiz.id],
            granted=granted[quiz.id],
            over_for_all=standing.over_for_all(session, quiz),
        )
        for quiz in quizzes
    ]


def coming_next(quizzes: Iterable[Progress], at: datetime) -> Progress | None:
    """The one that runs; else one to begin, the next to close first; else to try again; else the first there is."""
    return min(quizzes, key=lambda progress: _rank(progress, at), default=None)


def _rank(progress: Progress, at: datetime) -> tuple[int, bool, float, int]:
    closes = progress.settings.closes
    return _urgency(progress, at), closes is None, closes.timestamp() if closes else 0.0, progress.quiz.id


def _urgency(progress: Progress, at: datetime) -> int:
    if progress.running is not None:
        return 0
    if progress.settings.is_practice:
        return 5
    if not progress.turn(at).is_allowed:
        return 3 if progress.attempts else 4
    if progress.attempts:
        return 3 if progress.has_passed else 2
    return 1
