"""When somebody who has not answered is reminded, as plain values; no database, no web."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

A_DAY = timedelta(days=1)
MOST_DAYS, MOST_REMINDERS = 60, 10


@dataclass(frozen=True, kw_only=True)
class Reminding:
    """Every some days, and once more some days before the end."""

    every: int | None = 5
    before: int | None = 2
    most: int = 3
    """How often at most; 0 for never."""

    def as_json(self) -> dict[str, int | None]:
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Reminding:
        return cls(**said) if said else cls()

    def is_due(self, *, opened: datetime, closes: datetime | None, last: datetime, count: int, at: datetime) -> bool:
        """Whether one of its moments has come since somebody was last told anything, who was reminded `count` times.

        What was missed while nothing ran is made up for by one, not by as many.
        """
        if count >= self.most or (closes is not None and at >= closes) or at < last + A_DAY:
            return False
        return any(last < moment <= at for moment in self._moments(opened, closes, at))

    def _moments(self, opened: datetime, closes: datetime | None, until: datetime) -> Iterator[datetime]:
        if self.before is not None and closes is not None and closes - self.before * A_DAY > opened:
            yield closes - self.before * A_DAY
        if self.every is not None:
            # Only the newest can have come since; those before it are behind it.
            passed = (until - opened) // (self.every * A_DAY)
            if passed >= 1:
                yield opened + passed * self.every * A_DAY


def may_be_reminded_by_hand(last: datetime | None, *, at: datetime) -> bool:
    """Never more than once a day, whoever asks for it."""
    return last is None or last + A_DAY <= at
