"""The mornings on which reports go."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(7)
"""By the clocks of whoever reads it, or of whoever arranged it: when quiet hours end that nobody has chosen."""
A_DAY = timedelta(days=1)
A_WEEK = 7
LONGEST = 5 * A_WEEK + 1
"""Days from a first Monday of a month to the next one, and one more."""


def next_morning(
    *, zone: ZoneInfo, at: datetime, weekday: int | None = None, is_first_of_month: bool = False
) -> datetime:
    """The first one after this moment: any, that of a weekday, or that of the first such day of a month.

    Weekdays count from Monday, which is 0.
    """
    today = at.astimezone(zone).date()
    mornings = (datetime.combine(today + days * A_DAY, MORNING, zone) for days in range(LONGEST + 1))
    return next(
        morning.astimezone(UTC)
        for morning in mornings
        if morning > at
        and (weekday is None or morning.weekday() == weekday)
        and (not is_first_of_month or morning.day <= A_WEEK)
    )
