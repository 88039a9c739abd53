"""All statistics of a quiz from its columns; what the questions say comes in as plain values. No database, no web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from quizzes.reports.columns import Columns, Which
from quizzes.statistics.answers import Ints
from quizzes.statistics.forms import Fairness, Period, drift, fairness
from quizzes.statistics.items import Item, items_of
from quizzes.statistics.options import Option, options_of
from quizzes.statistics.whole import Whole, whole_of

ENOUGH = 30
"""Answers from which on an index says something."""
TOO_EASY, TOO_HARD = 0.95, 0.2
WORN = 200
"""Learners who have met a question, from whom on others will have heard of it."""
RISEN = 0.15
"""More of a question's marks than before, from which on it has probably become known."""


class Flag(StrEnum):
    """What somebody should look at."""

    MISLEADS = "misleads"
    """A wrong option is chosen by better learners than the right one."""
    AGAINST = "against"
    """Whoever does well in the rest does badly here."""
    TOO_EASY = "too easy"
    TOO_HARD = "too hard"
    """No more is earned than by guessing, or next to nothing."""
    IDLE = "idle"
    """A wrong option that nobody chooses."""
    KNOWN = "known"
    """It became easier with time."""
    WORN = "worn"
    """Very many have met it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What statistics have to know of a version that was asked."""

    guess: float | None
    """The share of the maximum that a guesser earns on average; None where nobody can guess."""
    key: Sequence[bool] = ()
    """Of each option whether it is right; empty where there are none to choose from."""


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """How one version of a question did."""

    version: int
    item: Item
    options: Sequence[Option]
    months: Sequence[Period]
    met: int
    """How many learners have met it, in whatever attempt."""
    share_met: float
    """Of all who have taken the quiz."""

    @property
    def n(self) -> int:
        return self.item.moments.n

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH

    @cached_property
    def rise(self) -> float | None:
        """How much more was earned in the newer half of the months than in the older one; None for too few answers."""
        half = len(self.months) // 2
        older, newer = self.months[:half], self.months[half:]
        if not older or min(_asked(older), _asked(newer)) < ENOUGH:
            return None
        return _facility(newer) - _facility(older)

    @cached_property
    def flags(self) -> list[Flag]:
        """What is to be looked at, the gravest first."""
        found = [
            (Flag.MISLEADS, self.is_enough and any(option.misleads for option in self.options)),
            (Flag.AGAINST, self.is_enough and (self.item.moments.discrimination_index or 0) < 0),
            (Flag.KNOWN, self.rise is not None and self.rise >= RISEN),
            (Flag.WORN, self.met >= WORN),
            (Flag.TOO_HARD, self.is_enough and self._is_too_hard),
            (Flag.TOO_EASY, self.is_enough and (self.item.facility or 0) > TOO_EASY),
            (Flag.IDLE, self.is_enough and any(option.is_rare for option in self.options)),
        ]
        return [flag for flag, holds in found if holds]

    @property
    def _is_too_hard(self) -> bool:
        facility = self.item.facility
        return facility is not None and facility <= max(self.item.guess or 0.0, TOO_HARD)


def _asked(months: Sequence[Period]) -> int:
    return sum(month.n for month in months)


def _facility(months: Sequence[Period]) -> float:
    return sum(month.n * month.facility for month in months) / _asked(months)


@dataclass(frozen=True, kw_only=True)
class QuizFigures:
    which: Which
    attempts: int
    """That are marked, and looked at."""
    waiting: int
    """Left out, because they wait for people's marks."""
    learners: int
    maximum: float | None
    """Of an attempt, on average."""
    whole: Whole
    fairness: Fairness | None
    items: Sequence[ItemFigures]

    @property
    def worn(self) -> list[ItemFigures]:
        """The questions that are to be replaced before long, those that most have met first."""
        found = [each for each in self.items if {Flag.WORN, Flag.KNOWN} & set(each.flags)]
        return sorted(found, key=lambda each: -each.met)


def figures_of(columns: Columns, which: Which, asked: Mapping[int, Asked]) -> QuizFigures:
    """`asked` by version; of a version that it does not have, less is known."""
    wanted = columns.of_which(which)
    marked = wanted.marked
    answers, versions = marked.answers, marked.versions
    known = [asked.get(version, Asked(guess=None)) for version in versions]
    items = items_of(answers, [each.guess for each in known])
    options = _options(marked, known)
    months = drift(answers, marked.months)
    learners, met = _met(columns)
    return QuizFigures(
        which=which,
        attempts=marked.attempts,
        waiting=wanted.attempts - marked.attempts,
        learners=learners,
        maximum=float(marked.possible.mean()) if marked.attempts else None,
        whole=whole_of(answers),
        fairness=fairness(answers, [item.facility for item in items]),
        items=[
            ItemFigures(
                version=version,
                item=item,
                options=options[place],
                months=months[place],
                met=met[version],
                share_met=met[version] / max(learners, 1),
            )
            for place, (version, item) in enumerate(zip(versions, items, strict=True))
        ],
    )


def _options(columns: Columns, known: Sequence[Asked]) -> list[list[Option]]:
    """Item by item."""
    sizes = np.array([len(each.key) for each in known], dtype=np.intp)
    begins = np.cumsum(sizes) - sizes
    rows, places = columns.options()
    items = columns.item[rows]
    is_known = places < sizes[items]
    chosen = (rows[is_known], begins[items[is_known]] + places[is_known])
    key = [is_right for each in known for is_right in each.key]
    found = options_of(columns.answers, chosen, np.repeat(np.arange(len(known)), sizes), key)
    return [found[begin : begin + size] for begin, size in zip(begins.tolist(), sizes.tolist(), strict=True)]


def _met(columns: Columns) -> tuple[int, Mapping[int, int]]:
    """How many learners there are, and how many of them have met each version."""
    _people, person = np.unique(columns.enrolment, return_inverse=True)
    versions = columns.versions
    seen: Ints = person[columns.attempt] * max(len(versions), 1) + columns.item
    is_again = columns.n[columns.attempt] > 1
    if is_again.any():
        seen = np.unique(seen)
    counts = np.bincount(seen % max(len(versions), 1), minlength=len(versions))
    return len(_people), dict(zip(versions, counts.tolist(), strict=True))
