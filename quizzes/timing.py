"""When attempts may begin and how long they run, by the server's clock alone.

A quiz has a `Timetable`, a learner perhaps an `Accommodation`; together they give each attempt its `Window`:

    limit'   = limit x multiplier + extra, or none
    close'   = close + (limit' - limit) where the accommodation extends the opening hours, which is the rule
    deadline = the earlier of start + limit' and close', or none

So time that was granted comes on top, however late an attempt begins; only where extending was switched off does the
close cut it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOTHING = timedelta(0)

GRACE = timedelta(seconds=60)
"""Answers under way when the time ends may still arrive for this long; Moodle's default."""
LAST_MINUTES = timedelta(minutes=5)
"""From here on the time left is counted; before, it is said in words and does not tick."""


class Overdue(StrEnum):
    """What becomes of an attempt that was not handed in before its deadline."""

    SUBMIT = "submit"
    """What was saved is marked."""
    GRACE = "grace"
    """It may still be handed in for a while, though not changed any more; after that it is abandoned."""
    ABANDON = "abandon"
    """It does not count."""


@dataclass(frozen=True)
class Window:
    """The time an attempt may take: shown until its deadline, answers taken until a minute after."""

    started: datetime
    deadline: datetime
    overdue: Overdue = Overdue.SUBMIT
    handing_in: timedelta = GRACE
    """How long after the deadline it may be handed in, where that is allowed; never less than answers are taken."""

    @classmethod
    def of(cls, started: datetime, limit: timedelta) -> Window:
        if limit <= NOTHING:
            raise ValueError("A time limit is longer than nothing.")
        return cls(started, started + limit)

    @property
    def closes(self) -> datetime:
        return self.deadline + GRACE

    def is_open(self, at: datetime) -> bool:
        """Whether answers that arrive now still count; the last moment of the grace does."""
        return at <= self.closes

    @property
    def ends(self) -> datetime:
        """The last moment at which it may be handed in; after that the server ends it."""
        return max(self.closes, self.deadline + self.handing_in) if self.overdue is Overdue.GRACE else self.closes

    def can_be_handed_in(self, at: datetime) -> bool:
        return at <= self.ends

    @property
    def counts_unasked(self) -> bool:
        """Whether it is marked when the server ends it; otherwise it is abandoned."""
        return self.overdue is Overdue.SUBMIT

    def is_over(self, at: datetime) -> bool:
        """Whether the learner's time has run out, though answers under way may still arrive."""
        return at >= self.deadline

    def left(self, at: datetime) -> timedelta:
        """The time left until the deadline; never less than nothing."""
        return max(self.deadline - at, NOTHING)

    def minutes_left(self, at: datetime) -> int:
        """The time left in minutes, rounded up: 29 minutes and one second are *30 minutes*."""
        return math.ceil(self.left(at) / timedelta(minutes=1))

    def is_counting(self, at: datetime) -> bool:
        return self.left(at) <= LAST_MINUTES

    def finished(self, at: datetime) -> datetime:
        """The moment an attempt handed in or closed now counts as finished: its deadline at the latest.

        Never before its start either, should a second server's clock be a little behind.
        """
        return min(max(at, self.started), self.deadline)


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What holds for a learner in place of what a quiz says; what is empty is as for everybody."""

    opens: datetime | None = None
    closes: datetime | None = None
    limit: timedelta | None = None
    attempts: int | None = None
    access_codes: tuple[str, ...] = ()
    """Each of them lets in."""

    def or_else(self, other: Instead) -> Instead:
        """This, and where this says nothing the other."""
        return Instead(
            opens=self.opens or other.opens,
            closes=self.closes or other.closes,
            limit=self.limit or other.limit,
            attempts=self.attempts or other.attempts,
            access_codes=self.access_codes or other.access_codes,
        )


AS_FOR_ALL = Instead()


def most_generous(several: Iterable[Instead]) -> Instead:
    """Of each thing that any of them says the one that gives most."""
    said = list(several)
    return Instead(
        opens=min((each.opens for each in said if each.opens), default=None),
        closes=max((each.closes for each in said if each.closes), default=None),
        limit=max((each.limit for each in said if each.limit), default=None),
        attempts=max((each.attempts for each in said if each.attempts), default=None),
        access_codes=tuple(dict.fromkeys(code for each in said for code in each.access_codes)),
    )


@dataclass(frozen=True, kw_only=True)
class Accommodation:
    """What one learner is granted beyond the others."""

    multiplier: float = 1
    extra: timedelta = NOTHING
    is_unlimited: bool = False
    """No time limit at all."""
    extends: bool = True
    """Whether granted time reaches beyond the close."""
    attempts: int = 0
    """More than the others have."""
    closes: datetime | None = None
    """Until when they may take a quiz that closes earlier for the others."""
    instead: Instead = AS_FOR_ALL
    """What holds for them in place of the quiz's own rules; all of the above comes on top."""

    def __post_init__(self) -> None:
        if self.multiplier < 1 or self.extra < NOTHING or self.attempts < 0:
            raise ValueError("An accommodation grants something, it takes nothing away.")

    def limit(self, limit: timedelta) -> timedelta | None:
        return None if self.is_unlimited else limit * self.multiplier + self.extra


NONE_GRANTED = Accommodation()


def more_generous(one: Accommodation, other: Accommodation) -> Accommodation:
    """Of each thing the more."""
    closes = [each.closes for each in (one, other) if each.closes is not None]
    return Accommodation(
        multiplier=max(one.multiplier, other.multiplier),
        extra=max(one.extra, other.extra),
        is_unlimited=one.is_unlimited or other.is_unlimited,
        extends=one.extends or other.extends,
        attempts=max(one.attempts, other.attempts),
        closes=max(closes, default=None),
    )


class WhyNot(StrEnum):
    """Why another attempt cannot begin."""

    PASSED = "passed"
    NONE_LEFT = "none left"
    CLOSED = "closed"
    """The quiz is closed, or will be before another attempt may begin."""
    NOT_OPEN = "not open"
    TOO_SOON = "too soon"
    """The time to wait after the attempt before is not over."""
    UNMARKED = "unmarked"
    """Whether an attempt was passed is not known before people have marked it."""


@dataclass(frozen=True)
class Turn:
    """A learner's next attempt: whether it may begin, or why not and from when on."""

    n: int
    """Counts from 1."""
    why_not: WhyNot | None = None
    since: datetime | None = None
    """The moment from which on it may begin, where there will be one."""

    @property
    def is_allowed(self) -> bool:
        return self.why_not is None


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """When a quiz can be taken, how long and how often; what is None is not limited."""

    opens: datetime | None = None
    closes: datetime | None = None
    """From this moment on no attempt begins, and those that run end, but for time that was granted."""
    limit: timedelta | None = None
    attempts: int | None = None
    until_passed: bool = False
    """Whether there is no other attempt once one was passed."""
    wait_once: timedelta = NOTHING
    """From the end of the first attempt to the second."""
    wait_later: timedelta = NOTHING
    """Between all attempts after that."""
    overdue: Overdue = Overdue.SUBMIT
    handing_in: timedelta = GRACE

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit <= NOTHING:
            raise ValueError("A time limit is longer than nothing.")
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValueError("A quiz closes after it has opened.")

    def window(self, started: datetime, granted: Accommodation = NONE_GRANTED) -> Window | None:
        """The window of an attempt that began then, or None if nothing ever ends it.

        It may be asked again while the attempt runs: what was granted or changed since takes effect.
        """
        deadline = self.deadline(started, granted)
        return None if deadline is None else Window(started, deadline, self.overdue, self.handing_in)

    def deadline(self, started: datetime, granted: Accommodation = NONE_GRANTED) -> datetime | None:
        """Never before the start, even if the quiz was closed meanwhile."""
        limit = None if self.limit is None else granted.limit(self.limit)
        ends = [
            *([] if limit is None else [started + limit]),
            *([] if (closes := self._closes(limit, granted)) is None else [closes]),
        ]
        return max(started, min(ends)) if ends else None

    def _closes(self, limit: timedelta | None, granted: Accommodation) -> datetime | None:
        closes = self.own_close(granted)
        if closes is None or self.limit is None or not granted.extends:
            return closes
        return None if limit is None else closes + (limit - self.limit)

    def own_close(self, granted: Accommodation) -> datetime | None:
        """When the quiz closes for this learner, before any time is added."""
        if self.closes is None or granted.closes is None:
            return self.closes
        return max(self.closes, granted.closes)

    def next_attempt(
        self,
        finished: Sequence[datetime],
        at: datetime,
        granted: Accommodation = NONE_GRANTED,
        *,
        has_passed: bool = False,
    ) -> Turn:
        """What comes after these attempts, told by when each finished, all of them over."""
        n = len(finished) + 1
        if has_passed and self.until_passed:
            return Turn(n, WhyNot.PASSED)
        if self.attempts is not None and n > self.attempts + granted.attempts:
            return Turn(n, WhyNot.NONE_LEFT)
        waits = [(self.opens, WhyNot.NOT_OPEN), (self._rested(finished), WhyNot.TOO_SOON)]
        since, why_not = max(((moment, why) for moment, why in waits if moment), default=(at, WhyNot.NOT_OPEN))
        closes = self.own_close(granted)
        if closes is not None and max(at, since) >= closes:
            return Turn(n, WhyNot.CLOSED)
        return Turn(n) if since <= at else Turn(n, why_not, since)

    def _rested(self, finished: Sequence[datetime]) -> datetime | None:
        """When the pause is over. Without one nobody waits, were another server's clock a little ahead."""
        wait = self.wait_once if len(finished) == 1 else self.wait_later
        return finished[-1] + wait if finished and wait else None
