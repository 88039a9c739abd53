"""Times at which everybody is free, or most of several, in the coming weeks; no database, no web."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentoring.participants.hours import WEEK, utc_weeks

HALF_HOUR = timedelta(minutes=30)
WEEKS = 3
FEW, A_DAY = 9, 2
"""How many times are suggested, and of one day."""
NOTICE = timedelta(hours=3)
"""Nobody is asked to come sooner than that."""
APART = timedelta(hours=3)
"""Between two suggestions on one day."""


@dataclass(frozen=True)
class Free:
    """When somebody is free: half hours of a week, 0 to 335, by clocks in this IANA zone."""

    hours: tuple[int, ...]
    zone: str


@dataclass(frozen=True)
class Taken:
    """A time at which one of them meets somebody already."""

    starts: datetime
    ends: datetime


def find(
    people: Sequence[Free], *, minutes: int, taken: Collection[Taken], at: datetime, reader: ZoneInfo
) -> list[datetime]:
    """A few beginnings within everybody's free hours, soonest first, not too many on one day of the reader's."""
    return _a_few(_beyond(_beginnings(people, minutes, at), minutes, taken), reader)


@dataclass(frozen=True)
class Member:
    """One of several who would meet."""

    free: Free
    taken: Collection[Taken] = ()


@dataclass(frozen=True)
class Chance:
    """A time that suits some of them."""

    starts: datetime
    missing: frozenset[int]
    """Who cannot, by their place among those who were asked about."""


def find_for_most(
    needed: Member, others: Sequence[Member], *, minutes: int, at: datetime, reader: ZoneInfo
) -> list[Chance]:
    """A few beginnings at which whoever is needed can, and of the others as many as possible: fewest missing first.

    Of those that suit equally many the soonest comes first; where none of the others could, there is nothing.
    """
    can = [_times_of(each, minutes, at) for each in others]
    missing = {
        starts: frozenset(place for place, theirs in enumerate(can) if starts not in theirs)
        for starts in _times_of(needed, minutes, at)
    }
    worth = [starts for starts, absent in missing.items() if len(absent) < len(others)]
    chosen = _a_few(sorted(worth, key=lambda starts: (len(missing[starts]), starts)), reader)
    return [Chance(starts, missing[starts]) for starts in chosen]


def _times_of(member: Member, minutes: int, at: datetime) -> dict[datetime, None]:
    """In order."""
    return dict.fromkeys(_beyond(_beginnings([member.free], minutes, at), minutes, member.taken))


def _beyond(moments: Iterable[datetime], minutes: int, taken: Collection[Taken]) -> Iterator[datetime]:
    """Those at which nothing else is planned."""
    length = timedelta(minutes=minutes)
    return (starts for starts in moments if not _collides(starts, starts + length, taken))


def _a_few(moments: Iterable[datetime], reader: ZoneInfo) -> list[datetime]:
    """The first of them, not too many on one day of the reader's and not too close together."""
    found: list[datetime] = []
    for starts in moments:
        same_day = [other for other in found if other.astimezone(reader).date() == starts.astimezone(reader).date()]
        if len(same_day) >= A_DAY or any(abs(starts - other) < APART for other in same_day):
            continue
        found.append(starts)
        if len(found) == FEW:
            break
    return found


def _beginnings(people: Sequence[Free], minutes: int, at: datetime) -> Iterator[datetime]:
    """Every half hour from which on all are free for so long, within the coming weeks."""
    free = _shared(people, at)
    needed = -(-timedelta(minutes=minutes) // HALF_HOUR)
    for starts in sorted(free):
        is_soon_enough = at + NOTICE <= starts <= at + timedelta(weeks=WEEKS)
        if is_soon_enough and all(starts + number * HALF_HOUR in free for number in range(needed)):
            yield starts


def _shared(people: Sequence[Free], at: datetime) -> set[datetime]:
    """The half hours of the coming weeks in which everybody is free, by when they begin."""
    monday = at.astimezone(UTC).date() - timedelta(days=at.astimezone(UTC).weekday())
    mondays = [monday + timedelta(weeks=number) for number in range(WEEKS + 1)]
    weeks = [utc_weeks(person.hours, person.zone, mondays) for person in people]
    if not weeks or not all(weeks):
        return set()
    return {
        moment
        for number, begins in enumerate(mondays)
        for moment in _moments(begins, frozenset.intersection(*(week[number] for week in weeks)))
    }


def _moments(monday: date, slots: Collection[int]) -> list[datetime]:
    begins = datetime.combine(monday, time(), UTC)
    assert all(0 <= slot < WEEK for slot in slots)
    return [begins + slot * HALF_HOUR for slot in slots]


def _collides(starts: datetime, ends: datetime, taken: Collection[Taken]) -> bool:
    return any(other.starts < ends and starts < other.ends for other in taken)
