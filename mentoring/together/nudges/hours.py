"""When people are reminded: in the morning where they are, and not in the evening; no database, no web."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, EVENING = time(9, 0), time(20, 0)
"""By the clocks where somebody is: from when on they are reminded, and from when on not any more that day."""


def next_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """The first nine o'clock there that is not before this moment."""
    today = _at(at.astimezone(zone), MORNING)
    if today < at:
        return _at(at.astimezone(zone) + timedelta(days=1), MORNING)
    return today


def awake(at: datetime, zone: ZoneInfo) -> datetime:
    """This moment if it is day there, else the next nine o'clock."""
    there = at.astimezone(zone)
    return at if MORNING <= there.time() < EVENING else next_morning(at, zone)


def is_same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def tomorrow_morning(at: datetime, zone: ZoneInfo) -> datetime:
    return _at(at.astimezone(zone) + timedelta(days=1), MORNING)


def _at(there: datetime, clock: time) -> datetime:
    """That day there at this time, in UTC."""
    zone = there.tzinfo
    assert zone is not None
    return datetime.combine(there.date(), clock, zone).astimezone(UTC)
