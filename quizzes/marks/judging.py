"""What an answer earns when it is marked anew; no database, no web.

Equal responses to the same version are marked once, however many gave them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from quizzes.kinds import Body, Kind, NotAnAnswer, QuestionKind, Response, kind_of
from quizzes.marking import exact, rounded


class Policy(StrEnum):
    """What marking anew does."""

    NEW_VERSION = "new version"
    """Everybody's answers are marked by the newest version of the question."""
    NEVER_LOWER = "never lower"
    """The same, but nobody loses anything."""
    FULL = "full"
    """Everybody gets full marks."""
    OUT = "out"
    """The question does not count."""


class Stays(StrEnum):
    """Why an answer keeps its mark although it would be marked anew."""

    MARKED_BY_PEOPLE = "marked by people"
    UNFIT = "unfit"
    """The newest version has no such answer."""


@dataclass(frozen=True)
class Target:
    """The version an answer is marked by, as it stands to the version that was asked."""

    kind: Kind
    body: Body
    asked_kind: Kind
    asked_maximum: float
    maximum: float

    @cached_property
    def behavior(self) -> QuestionKind:
        return kind_of(self.kind)

    def fraction(self, response: Response) -> float | Stays | None:
        if self.kind is not self.asked_kind:
            return Stays.UNFIT
        if self.behavior.is_marked_by_hand:
            return Stays.MARKED_BY_PEOPLE
        try:
            earned = self.behavior.fraction(self.body, self.behavior.cleaned(self.body, response))
        except (NotAnAnswer, LookupError, ValueError):
            return Stays.UNFIT
        return None if earned is None else rounded(earned)


class Was(NamedTuple):
    """An answer as it stands."""

    answer: int
    attempt: int
    version: int
    response: str
    """As JSON."""
    fraction: float | None
    maximum: float


class Change(NamedTuple):
    """An answer that gets another mark."""

    answer: int
    attempt: int
    version: int
    """That was asked."""
    fraction: float | None
    maximum: float
    was_fraction: float | None
    was_maximum: float


class Judge:
    """Says of answers what they are worth from now on."""

    def __init__(self, policy: Policy, targets: Mapping[int, Target], worth: float | None = None) -> None:
        """`targets` by the version that was asked; `worth` is what the question is worth, if that changes."""
        self._policy, self._targets, self._worth = policy, targets, worth
        self._known: dict[tuple[int, str], float | Stays | None] = {}

    def change(self, was: Was, *, is_by_hand: bool) -> Change | Stays | None:
        """What changes of this answer; None if nothing does."""
        target = self._targets[was.version]
        if not target.behavior.takes_answers:
            return None
        found = self._found(was, target, is_by_hand=is_by_hand)
        stays = found if isinstance(found, Stays) else None
        fraction = was.fraction if isinstance(found, Stays) else found
        maximum = self._maximum(was, target)
        if self._policy is Policy.NEVER_LOWER:
            fraction, maximum = _not_lower(was, fraction, maximum)
        if (fraction, maximum) == (was.fraction, was.maximum):
            return stays
        return Change(was.answer, was.attempt, was.version, fraction, maximum, was.fraction, was.maximum)

    def _found(self, was: Was, target: Target, *, is_by_hand: bool) -> float | Stays | None:
        if self._policy is Policy.FULL:
            return 1.0
        if self._policy is Policy.OUT:
            return was.fraction or 0.0
        if is_by_hand:
            return Stays.MARKED_BY_PEOPLE
        key = (was.version, was.response)
        if key not in self._known:
            self._known[key] = target.fraction(json.loads(was.response))
        return self._known[key]

    def _maximum(self, was: Was, target: Target) -> float:
        """Where the quiz did not say what the question is worth, what the newest version says."""
        if self._policy is Policy.OUT:
            return 0.0
        if self._worth is not None:
            return self._worth
        return target.maximum if was.maximum == target.asked_maximum else was.maximum


def _not_lower(was: Was, fraction: float | None, maximum: float) -> tuple[float | None, float]:
    if was.fraction is None or fraction is None:
        return fraction, maximum
    better = max(was.fraction, fraction)
    if exact(better) * exact(maximum) < exact(was.fraction) * exact(was.maximum):
        return was.fraction, was.maximum
    return better, maximum
