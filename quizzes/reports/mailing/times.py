"""When a report falls due next."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.manager_mail.times import next_morning
from quizzes.timing import GRACE


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
    return next_morning(zone=zone, at=at, weekday=weekday if rhythm is Rhythm.WEEKLY else None)
