"""What rules look at: how a mentorship stands, as plain values; no database, no web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One of its people."""

    participant: int
    person: int
    since: datetime
    """When they came into it."""
    zone: ZoneInfo
    is_reachable: bool
    """Whether they may be reminded at all: in the course, taking part, not on a break."""


@dataclass(frozen=True, slots=True)
class Unlogged:
    """A meeting that is over, and nobody has said how it was."""

    meeting: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Open:
    """Something on the timeline that is not done; `step` is empty for what its people or the program added."""

    entry: str
    step: str
    due: datetime
    title: str = ""
    """What the program calls a step of its own; what people call theirs stays on their timeline."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """The newest version of the agreement waits for the signatures of these participants."""

    agreement: str
    since: datetime
    missing: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How a mentorship stands at a moment. One that is paused, over or at rest has none."""

    at: datetime
    """When it stood so."""
    mentorship: int
    has_begun: bool
    """Whether its people have met."""
    is_once: bool
    """Whether it is meant to be one meeting and no more."""
    started: datetime
    reminded_to_begin: datetime | None
    """When the clock of new pairs asked whether they have met."""
    rhythm: timedelta
    """From one meeting to the next, as the people agreed, else as the program says."""
    reply_time: timedelta
    people: Sequence[Someone]
    last_met: datetime | None
    """A meeting that is over counts until somebody says that it was missed."""
    is_booked: bool
    unlogged: Sequence[Unlogged]
    """The newest first."""
    open: Sequence[Open]
    """The earliest due first."""
    unsigned: Unsigned | None
    last_sign: datetime
    """When anything was last held, written, ticked or signed."""
    known: Mapping[str, datetime] = field(default_factory=dict)
    """What rules of other wings wanted to know, by the rule's key."""
