"""What a clock on a wall says, as a moment; no database, no web.

When clocks go forward an hour is left out, and when they go back one comes twice: a time that lies there is refused,
since two people would read it differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Odd(StrEnum):
    """Why a time of the day is none that day."""

    LEFT_OUT = "left_out"
    TWICE = "twice"


class NotOnThatDay(ValueError):
    """There is no such time that day, or there are two."""

    def __init__(self, day: date, clock: time, why: Odd) -> None:
        super().__init__(f"{day} {clock}: {why.value}")
        self.day, self.clock, self.why = day, clock, why


def moment_of(day: date, clock: time, zone: str) -> datetime:
    """When clocks in this IANA zone say so, in UTC; raises NotOnThatDay."""
    said = datetime.combine(day, clock.replace(second=0, microsecond=0, fold=0))
    first, second = (said.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        is_there = first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == said
        raise NotOnThatDay(day, clock, Odd.TWICE if is_there else Odd.LEFT_OUT)
    return first.astimezone(UTC)


def every(weeks: int, times: int, day: date, clock: time, zone: str) -> list[datetime]:
    """So many moments, that many weeks apart, all at this time of the day in the zone; raises NotOnThatDay."""
    return [moment_of(day + timedelta(weeks=weeks * number), clock, zone) for number in range(times)]


def moved_along(moments: Sequence[datetime], was: datetime, day: date, clock: time, zone: str) -> list[datetime]:
    """Where these go when one of them, that was then, goes to this day and time; raises NotOnThatDay."""
    days = day - was.astimezone(ZoneInfo(zone)).date()
    return [moment_of(moment.astimezone(ZoneInfo(zone)).date() + days, clock, zone) for moment in moments]
