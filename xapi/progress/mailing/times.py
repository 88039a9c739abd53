"""When progress reports fall due next."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.manager_mail.times import next_morning


class Rhythm(StrEnum):
    """How often reports go by themselves."""

    REQUEST = "request"
    """Only when somebody says so."""
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """On the first such weekday of the month."""


def next_due(rhythm: Rhythm, *, weekday: int | None, zone: ZoneInfo, at: datetime) -> datetime | None:
    """The next moment after this one; None where no clock says it. Weekdays count from Monday, which is 0."""
    if rhythm is Rhythm.REQUEST:
        return None
    return next_morning(zone=zone, at=at, weekday=weekday, is_first_of_month=rhythm is Rhythm.MONTHLY)
