"""The settings of a quiz as plain values: when, how long, how often, what counts; no database, no web.

They are kept as JSON with each revision. What is None is not limited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from quizzes.designing.reviewing import PRACTICE, PRESETS, Preset, Review
from quizzes.timing import AS_FOR_ALL, Instead, Timetable


class Grading(StrEnum):
    """Which of several attempts makes the grade."""

    HIGHEST = "highest"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class Navigation(StrEnum):
    """How a learner moves between the pages of an attempt."""

    FREE = "free"
    SEQUENTIAL = "sequential"
    """On and never back."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    opens: datetime | None = None
    closes: datetime | None = None
    limit: timedelta | None = timedelta(minutes=30)
    attempts: int | None = 2
    until_passed: bool = False
    """Whether a further attempt is for those who have not passed."""
    wait_once: timedelta = timedelta(0)
    """From the end of the first attempt to the second."""
    wait_later: timedelta = timedelta(0)
    grading: Grading = Grading.HIGHEST
    pass_percent: int = 70
    topic_percent: int = 0
    """What has to be earned in each topic to be *ready*; 0 asks for none."""
    review: Review = field(default_factory=lambda: PRESETS[Preset.AFTER_LAST])
    navigation: Navigation = Navigation.FREE
    per_page: int = 0
    """Questions on a page; 0 where all stand on one."""
    access_code: str = ""
    """What a learner types in to begin. Staff can read it: they write it on the board."""
    is_practice: bool = False
    """Not graded, as often as anybody likes, everything shown at once."""

    @property
    def timetable(self) -> Timetable:
        return Timetable(
            opens=self.opens,
            closes=self.closes,
            limit=self.limit,
            attempts=self.attempts,
            until_passed=self.until_passed,
            wait_once=self.wait_once,
            wait_later=self.wait_later,
        )

    @property
    def minutes(self) -> int | None:
        """The time limit, rounded up."""
        return None if self.limit is None else -(-int(self.limit.total_seconds()) // 60)

    def for_one(self, instead: Instead) -> Settings:
        """The rules for somebody for whom some are otherwise.

        Should what comes from several sources close before it opens, it is open until it closes.
        """
        if instead == AS_FOR_ALL:
            return self
        opens, closes = instead.opens or self.opens, instead.closes or self.closes
        return replace(
            self,
            opens=None if opens and closes and closes <= opens else opens,
            closes=closes,
            limit=instead.limit or self.limit,
            attempts=self.attempts if self.is_practice else instead.attempts or self.attempts,
            access_code=next(iter(instead.access_codes), self.access_code),
        )

    def is_passed_with(self, share: float) -> bool:
        """Whether this share of the maximum, from 0 to 1, is enough."""
        # A share of 29 in 100 is a hair below 0.29 as a float.
        return round(share * 100, 9) >= self.pass_percent

    def as_json(self) -> dict[str, Any]:
        said = asdict(self)
        for name in ("opens", "closes"):
            said[name] = said[name].isoformat() if said[name] else None
        for name in ("limit", "wait_once", "wait_later"):
            said[name] = None if said[name] is None else int(said[name].total_seconds())
        return {**said, "review": self.review.as_json()}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Settings:
        values = dict(said)
        for name in ("opens", "closes"):
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        for name in ("limit", "wait_once", "wait_later"):
            values[name] = None if values[name] is None else timedelta(seconds=values[name])
        values["grading"], values["navigation"] = Grading(values["grading"]), Navigation(values["navigation"])
        values["review"] = Review.of(values["review"])
        return cls(**values)


DEFAULT = Settings()
"""The rules of a quiz for which nobody has chosen others. See docs/decisions/0008-quiz-rules.md."""
PRACTICING = Settings(limit=None, attempts=None, review=PRACTICE, is_practice=True)
