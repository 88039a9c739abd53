"""What several attempts make together: the grade.

An attempt some of whose answers wait for people's marks does not count before the last of them is marked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


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
    """The one that earned it, by its public id."""

    @property
    def share(self) -> float:
        """Of the maximum, from 0 to 1."""
        return self.raw / self.maximum


def grade_of(attempts: Iterable[Taken]) -> Grade | None:
    """The grade for these attempts at one quiz, or None as long as none counts: the best, the earlier among equals."""
    counted = sorted((each for each in attempts if each.is_marked), key=lambda each: each.n)
    best = max(counted, key=lambda each: (each.raw or 0.0) / each.maximum, default=None)
    return None if best is None else Grade(raw=best.raw or 0.0, maximum=best.maximum, attempt=best.public_id)
