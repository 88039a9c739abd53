"""What stands by itself as soon as somebody hands in, from the sums that are kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from quizzes.models import Quiz
from quizzes.reports import explaining, reading
from quizzes.reports.explaining import Figure
from quizzes.reports.sums import TOTAL
from quizzes.statistics import live
from quizzes.statistics.live import Sums


def figures(session: Session, quiz: Quiz, maximum: float | None) -> Sequence[Figure]:
    """Of all first attempts, an attempt being worth so much."""
    sums = reading.sums_of(session, quiz, "ts")
    total = sums.get(TOTAL, Sums())
    consistency = live.alpha([each for key, each in sums.items() if key.startswith("s")], total)
    return explaining.of_live(total, consistency, maximum or 1.0)
