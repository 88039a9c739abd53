"""Free half hours of somebody's week, seen from UTC, and what their clock says; no database, no web.

A week has 336 half hours from Monday midnight. What somebody says of their week repeats itself; what it is in UTC
changes with summer time, so it is worked out for each week anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY, WEEK = 48, 336
_QUARTER = timedelta(minutes=15)


def utc_weeks(hours: Sequence[int], timezone: str, weeks: Sequence[date]) -> tuple[frozenset[int], ...]:
    """For each week of UTC that begins on one of these Mondays, its half hours, 0 to 335, that lie in free ones.

    `hours` are free half hours of the week in `timezone`, an IANA name. Where clocks there differ from UTC by a quarter
    of an hour, a half hour counts only if both of those it touches are free. At the ends of the week it is the free
    time of the week before or after that counts. Empty for somebody who said nothing; raises ZoneInfoNotFoundError.
    """
    free = frozenset(hours)
    return tuple(_in_utc(free, timezone, monday) for monday in weeks) if free else ()


def clock(timezone: str, at: datetime) -> int:
    """Minutes that clocks there are ahead of UTC at this moment; raises ZoneInfoNotFoundError."""
    ahead = at.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()
    return ahead // timedelta(minutes=1)


# Many people say the same hours, and thousands live in a few time zones.
@lru_cache(maxsize=8192)
def _in_utc(free: frozenset[int], timezone: str, monday: date) -> frozenset[int]:
    there = _there(timezone, monday)
    return frozenset(slot for slot, (first, second) in enumerate(there) if first in free and second in free)


@lru_cache(maxsize=4096)
def _there(timezone: str, monday: date) -> tuple[tuple[int, int], ...]:
    """In which half hours there the two quarters of each half hour of this week of UTC lie."""
    zone, begins = ZoneInfo(timezone), datetime.combine(monday, time(), UTC)
    quarters = [_half_hour((begins + n * _QUARTER).astimezone(zone)) for n in range(2 * WEEK)]
    return tuple(zip(quarters[::2], quarters[1::2], strict=True))


def _half_hour(moment: datetime) -> int:
    return moment.weekday() * DAY + moment.hour * 2 + moment.minute // 30
