"""What several attempts make together: the grade, by the method the quiz has.

An attempt some of whose answers wait for people's marks does not count before the last of them is marked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from quizzes.designing.settings import Grading
from quizzes.marking import rounded


class Taken(Protocol):
    """An attempt, as far as the grade is concerned."""

    @property
    def public_id(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def is_marked(self) -> bool: ...
    @property
    def raw(self) -> float | None: ...
    @property
    def maximum(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What a learner has reached in a quiz."""

    raw: float
    maximum: float
    attempt: str
    """The one that earned it, by its public id; of an average the newest."""

    @property
    def share(self) -> float:
        """Of the maximum, from 0 to 1."""
        return self.raw / self.maximum


def grade_of(method: Grading, attempts: Iterable[Taken]) -> Grade | None:
    """The grade for these attempts at one quiz, or None as long as none counts."""
    taken = sorted(attempts, key=lambda each: each.n)
    # As long as the first one waits for marks, no other takes its place.
    counted = [each for each in (taken[:1] if method is Grading.FIRST else taken) if each.is_marked]
    if not counted:
        return None
    if method is Grading.AVERAGE:
        return _average(counted)
    # Of equals the earlier one counts.
    best = max(counted, key=_share) if method is Grading.HIGHEST else counted[-1]
    return Grade(raw=best.raw or 0.0, maximum=best.maximum, attempt=best.public_id)


def _average(counted: list[Taken]) -> Grade:
    last = counted[-1]
    mean = sum(map(_share, counted), Fraction(0)) / len(counted)
    return Grade(raw=rounded(mean * Fraction(last.maximum)), maximum=last.maximum, attempt=last.public_id)


def _share(attempt: Taken) -> Fraction:
    return Fraction(attempt.raw or 0.0) / Fraction(attempt.maximum)
