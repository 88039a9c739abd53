"""When a report falls due next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from quizzes.timing import GRACE

MORNING = time(7)
"""By the clocks of whoever reads it, or of whoever arranged it: when quiet hours end that nobody has chosen."""
A_DAY = timedelta(days=1)


class Rhythm(StrEnum):
    """How often a report goes by itself."""

    REQUEST = "request"
    """Only when somebody says so."""
    DAILY = "daily"
    WEEKLY = "weekly"
    CLOSING = "closing"
    """Once the quiz has closed."""
    SETTLED = "settled"
    """As soon as a learner is ready, or has no attempt left."""


def next_due(
    rhythm: Rhythm, *, weekday: int | None, zone: ZoneInfo, closes: datetime | None, at: datetime
) -> datetime | None:
    """The next moment after this one; None where no clock says it. Weekdays count from Monday, which is 0."""
    if rhythm is Rhythm.CLOSING:
        over = closes + GRACE if closes else None
        return over if over is not None and over > at else None
    if rhythm not in (Rhythm.DAILY, Rhythm.WEEKLY):
        return None
    today = at.astimezone(zone).date()
    mornings = (datetime.combine(today + days * A_DAY, MORNING, zone) for days in range(9))
    return next(
        morning.astimezone(UTC)
        for morning in mornings
        if morning > at and (rhythm is Rhythm.DAILY or morning.weekday() == weekday)
    )
