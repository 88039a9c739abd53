"""Quiet hours: from one time of the day to another, by the clocks where somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """From `begin` until `end`, mostly over midnight; `end` itself is no longer quiet."""

    begin: time
    end: time
    zone: ZoneInfo

    def ends_after(self, at: datetime) -> datetime | None:
        """When the quiet hours end that hold at this moment; None if none do.

        Where the clocks are put back across the end, its time comes twice and the first one counts, but for those who
        are told something between the two; where they are put forward across it, quiet ends that much later.
        """
        there = at.astimezone(self.zone)
        now = there.time()
        if not self._holds(now):
            return None
        day = there.date() if now < self.end else there.date() + timedelta(days=1)
        first = datetime.combine(day, self.end, self.zone)
        ends = [each.astimezone(UTC) for each in (first, first.replace(fold=1))]
        return next((each for each in ends if each > at), ends[-1])

    def _holds(self, now: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end
