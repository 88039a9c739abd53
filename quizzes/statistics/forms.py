"""What differs between attempts: how often questions are asked, how alike draws are, what changes over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizzes.statistics.answers import Answers, Floats, Ints, ratio, shared, summed

QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Fairness:
    """What learners could expect to earn with the questions they got, in percent of what was possible."""

    mean: float
    sd: float
    """Within one point, nobody has an easier form than others to speak of."""
    lowest: float
    highest: float
    """Nineteen of twenty attempts lie between these two."""


@dataclass(frozen=True)
class Period:
    """How one item did in one month, or whatever else attempts were sorted by."""

    period: int
    n: int
    facility: float


def exposure(answers: Answers) -> list[float | None]:
    """For each item, the share of attempts that had it."""
    return shared(answers.counts.astype(np.float64), np.full(answers.items, answers.attempts))


def fairness(answers: Answers, facilities: Sequence[float | None] | None = None) -> Fairness | None:
    """How fair the forms were, by these facilities, or by those of the answers; None for fewer than two attempts.

    An item without one counts as half earned.
    """
    if answers.attempts < 2:
        return None
    known = facilities if facilities is not None else ratio(answers.mean(answers.mark), answers.maximum).tolist()
    earned = np.array([0.5 if each is None else each for each in known]) * answers.maximum
    expected = 100 * ratio(summed(answers.attempt, earned[answers.item]), answers.possible)
    lowest, highest = np.quantile(expected, [0.025, 0.975])
    return Fairness(float(expected.mean()), float(expected.std(ddof=1)), float(lowest), float(highest))


def drift(answers: Answers, periods: Sequence[int] | Ints) -> list[list[Period]]:
    """For each item its facility in each period in which it was asked; `periods` says when each attempt was made.

    What becomes easier from month to month has probably become known.
    """
    named, number = np.unique(np.asarray(periods, dtype=np.intp), return_inverse=True)
    cells = answers.item * len(named) + number[answers.attempt]
    counts = np.bincount(cells, minlength=answers.items * len(named))
    asked = np.flatnonzero(counts)
    items, places = np.divmod(asked, max(len(named), 1))
    earned = summed(cells, answers.mark, len(counts))[asked]
    facilities = ratio(earned, counts[asked] * answers.maximum[items])
    columns = (items, named[places], counts[asked], facilities)
    found: list[list[Period]] = [[] for _ in range(answers.items)]
    for item, period, n, facility in zip(*(column.tolist() for column in columns), strict=True):
        found[item].append(Period(period, n, facility))
    return found


def quartiles(answers: Answers, seconds: Sequence[float] | Floats) -> list[tuple[float, float, float] | None]:
    """For each item, what a quarter, half and three quarters of the learners did not exceed of the time spent on it."""
    ends = np.cumsum(answers.counts)
    spent = np.asarray(seconds, dtype=np.float64)
    ordered = spent[np.lexsort((spent, answers.item))]
    parts = np.split(ordered, ends[:-1]) if answers.items else []
    return [_quartiles(part) if len(part) else None for part in parts]


def _quartiles(part: Floats) -> tuple[float, float, float]:
    first, second, third = np.quantile(part, QUARTERS)
    return float(first), float(second), float(third)
