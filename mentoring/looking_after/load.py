"""How many mentees somebody has had, and for how long without a break; no database, no web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

BREAK = timedelta(days=14)
"""So long without, and it was a break."""


@dataclass(frozen=True)
class Spell:
    """The time in which one mentee was theirs."""

    since: datetime
    until: datetime | None = None
    """Empty while it lasts."""

    def covers(self, since: datetime, until: datetime) -> bool:
        """All of that time."""
        return self.since <= since and (self.until is None or until <= self.until)

    def touches(self, since: datetime, until: datetime) -> bool:
        """Some of it."""
        return self.since < until and (self.until is None or since < self.until)


def now(spells: Sequence[Spell], at: datetime) -> int:
    return sum(spell.since <= at and (spell.until is None or at < spell.until) for spell in spells)


def by_month(spells: Sequence[Spell], at: datetime, months: int) -> list[tuple[date, int]]:
    """The first of each of the last months, this one last, and how many mentees they had at once at most in it."""
    found = []
    first = at.astimezone(UTC).date().replace(day=1)
    for _each in range(months):
        begins = datetime(first.year, first.month, 1, tzinfo=UTC)
        after = (begins + timedelta(days=32)).replace(day=1)
        found.append((first, _most(spells, begins, min(after, at + timedelta(microseconds=1)))))
        first = (begins - timedelta(days=1)).date().replace(day=1)
    return found[::-1]


def _most(spells: Sequence[Spell], since: datetime, until: datetime) -> int:
    """At once: it is most when one of them begins, or from the beginning."""
    theirs = [spell for spell in spells if spell.touches(since, until)]
    return max((now(theirs, max(spell.since, since)) for spell in theirs), default=0)


def since_when(spells: Sequence[Spell], level: int, at: datetime) -> datetime | None:
    """Since when they have had that many mentees or more, but for times too short to be a break; None if they have
    fewer now."""
    if level < 1 or now(spells, at) < level:
        return None
    ends = {spell.until for spell in spells if spell.until is not None}
    moments = {moment for moment in ends | {spell.since for spell in spells} if moment < at}
    began = until = at
    for since in sorted(moments, reverse=True):
        if sum(spell.covers(since, until) for spell in spells) >= level:
            began = since
        elif began - since >= BREAK:
            return began
        until = since
    return began


def in_a_row(spells: Sequence[Spell], at: datetime) -> int:
    """How many mentorships they have had one after the other, up to now, without a break between any two."""
    ahead = [spell for spell in spells if spell.until is None or spell.until > at - BREAK]
    return max((_chain(spell, spells) for spell in ahead), default=0)


def _chain(last: Spell, spells: Sequence[Spell]) -> int:
    """Back from this one, each time to the one that ended last before it began."""
    length, since = 1, last.since
    while True:
        # Of those that were over at once none is behind another: each step leads to an earlier day.
        before = [(each.until, each.since) for each in spells if each.until and each.since < each.until <= since]
        until, earlier = max(before, default=(since - BREAK, since))
        if since - until >= BREAK:
            return length
        length, since = length + 1, earlier
