"""How long an attempt runs, by the server's clock alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(seconds=60)
"""Answers under way when the time ends may still arrive for this long; Moodle's default."""
LAST_MINUTES = timedelta(minutes=5)
"""From here on the time left is counted; before, it is said in words and does not tick."""


@dataclass(frozen=True)
class Window:
    """The time an attempt may take: shown until its deadline, answers taken until a minute after."""

    started: datetime
    deadline: datetime

    @classmethod
    def of(cls, started: datetime, limit: timedelta) -> Window:
        if limit <= timedelta(0):
            raise ValueError("A time limit is longer than nothing.")
        return cls(started, started + limit)

    @property
    def closes(self) -> datetime:
        return self.deadline + GRACE

    def is_open(self, at: datetime) -> bool:
        """Whether answers that arrive now still count; the last moment of the grace does."""
        return at <= self.closes

    def is_over(self, at: datetime) -> bool:
        """Whether the learner's time has run out, though answers under way may still arrive."""
        return at >= self.deadline

    def left(self, at: datetime) -> timedelta:
        """The time left until the deadline; never less than nothing."""
        return max(self.deadline - at, timedelta(0))

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
