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
from quizzes.progress import Progress


def everywhere(session: Session, me: Enrolment, *, at: datetime) -> list[Progress]:
    """Where I stand with each quiz of my course."""
    quizzes = queries.quizzes_of(session, me.course)
    attempts: dict[int, list[Attempt]] = {quiz.id: [] for quiz in quizzes}
    if quizzes:
        mine = select(Attempt).where(Attempt.enrolment_id == me.id, Attempt.quiz_id.in_(attempts)).order_by(Attempt.n)
        for attempt in session.scalars(mine):
            attempts[attempt.quiz_id].append(attempt)
    granted = standing.of_each(session, quizzes, me, at=at) if quizzes else {}
    over = standing.over_for_each(session, quizzes)
    return [
        Progress(
            quiz=quiz,
            learner=me,
            attempts=attempts[quiz.id],
            granted=granted[quiz.id],
            over_for_all=over.get(quiz.id),
        )
        for quiz in quizzes
    ]


def by_urgency(quizzes: Iterable[Progress], at: datetime) -> list[Progress]:
    """The one that runs; then those to begin, the next to close first; then to try again; then the others."""
    return sorted(quizzes, key=lambda progress: _rank(progress, at))


def is_due(progress: Progress, at: datetime) -> bool:
    """Whether it runs, or waits to be begun or tried again."""
    return _urgency(progress, at) <= TO_TRY_AGAIN


RUNS, TO_BEGIN, TO_TRY_AGAIN = 0, 1, 2


def _rank(progress: Progress, at: datetime) -> tuple[int, bool, float, int]:
    closes = progress.settings.closes
    return _urgency(progress, at), closes is None, closes.timestamp() if closes else 0.0, progress.quiz.id


def _urgency(progress: Progress, at: datetime) -> int:
    if progress.running is not None:
        return RUNS
    if progress.settings.is_practice:
        return 5
    if not progress.turn(at).is_allowed:
        return 3 if progress.attempts else 4
    if progress.attempts:
        return 3 if progress.has_passed else TO_TRY_AGAIN
    return TO_BEGIN
