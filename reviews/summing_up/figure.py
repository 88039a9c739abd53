"""A number, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    NO_RATINGS = "no ratings"
    ONE_RATER = "one rater"
    ONE_ITEM = "one item"
    ONE_SUBJECT = "one subject"
    NO_VARIANCE = "no variance"
    OUT_OF_RANGE = "out of range"
    """The mean is so near an end of the scale that the most that raters could disagree is no measure any more."""
    NOT_COMPLETE = "not complete"
    """Every subject would need a rating by every judge."""
    NOT_CROSSED = "not crossed"
    """Too few raters rated several subjects, so mild raters and well-rated subjects look the same."""
    NOTHING_IN_COMMON = "nothing in common"
    """No statement was rated both times."""
    TOO_FEW = "too few"


@dataclass(frozen=True)
class Figure:
    """Either has a value, or says why not."""

    value: float | None
    why: Why | None = None

    @classmethod
    def none(cls, why: Why) -> Figure:
        return cls(None, why)
