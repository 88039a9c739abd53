"""When somebody carries too much: four rules that can be told in a sentence each; no database, no web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from mentoring.looking_after.load import Spell, in_a_row, since_when

MANY = 4
"""More mentees at once than this are many, whatever somebody has offered."""
FOR_LONG = timedelta(days=90)
"""Three months of many are too long."""
TO_FINISH = timedelta(days=14)
"""So much longer than the program's length may pass until the last mentee is let go, before full is full for too
long."""
IN_A_ROW = 3
"""As many mentorships one after the other, with no break between them."""
SLOWER = 2
"""As many times as long as before they take to answer."""
LAST_FEW = 3
"""Answers that are held against those before them, of which there are as many at least."""
QUICK = timedelta(days=1)
"""Whoever answers within it is quick, however much quicker they were before."""


class Warning(StrEnum):
    MANY = "many"
    """More than `MANY` mentees, for `FOR_LONG`."""
    FULL = "full"
    """Every place taken for longer than a mentorship of the program lasts."""
    NO_BREAK = "no_break"
    """`IN_A_ROW` mentorships without a break."""
    SLOWER = "slower"
    """The last answers took `SLOWER` times as long as those before."""


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What the rules look at."""

    spells: Sequence[Spell]
    places: int
    """They offer; 0 where nobody knows."""
    length: timedelta
    """Of a mentorship of the program."""
    replies: Sequence[timedelta]
    """How long they took to answer asks, the oldest first."""


def warnings(signs: Signs, at: datetime) -> list[Warning]:
    """What somebody should be asked about, before it is too much."""
    held = {
        Warning.MANY: _has_been(signs, MANY + 1, FOR_LONG, at),
        Warning.FULL: _has_been(signs, signs.places, signs.length + TO_FINISH, at),
        Warning.NO_BREAK: in_a_row(signs.spells, at) >= IN_A_ROW,
        Warning.SLOWER: is_slower(signs.replies),
    }
    return [warning for warning, holds in held.items() if holds]


def _has_been(signs: Signs, level: int, long: timedelta, at: datetime) -> bool:
    since = since_when(signs.spells, level, at)
    return since is not None and at - since > long


def is_slower(replies: Sequence[timedelta]) -> bool:
    before, lately = replies[:-LAST_FEW], replies[-LAST_FEW:]
    if len(before) < LAST_FEW:
        return False
    return middle(lately) > QUICK and middle(lately) >= SLOWER * middle(before)


def middle(times: Sequence[timedelta]) -> timedelta:
    """The median of at least one."""
    return timedelta(seconds=median(each.total_seconds() for each in times))
