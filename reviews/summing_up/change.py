"""From round to round: the same statements only, and a change only where it is reliable.

Expect little: after feedback from all sides people improve by about .05 to .15 of an SD (J. W. Smither, M. London and
R. R. Reilly, Personnel Psychology 58, 2005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, variance

from reviews.summing_up.figure import Why

RELIABLE = 1.96

Ratings = Mapping[str, float | None]
"""One rater's, by statement."""


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    SAME = "same"
    """What there is of a change may be chance."""


@dataclass(frozen=True)
class Change:
    direction: Direction | None
    difference: float | None = None
    statements: tuple[str, ...] = ()
    """Those that it rests on: rated in both rounds."""
    why: Why | None = None


def trend(before: Sequence[Ratings], after: Sequence[Ratings], weights: Mapping[str, float]) -> Change:
    """One competency in two rounds, by the ratings of each rater; `weights` are those of its statements.

    N. S. Jacobson and P. Truax, Journal of Consulting and Clinical Psychology 59, 1991:
    a difference over sqrt(SE² + SE²) of more than 1.96 is reliable.
    """
    common = tuple(
        key for key in weights if all(any(each.get(key) is not None for each in part) for part in (before, after))
    )
    if not common:
        return Change(None, why=Why.NOTHING_IN_COMMON)
    first, second = (scores(part, {key: weights[key] for key in common}) for part in (before, after))
    if not first or not second:
        return Change(None, statements=common, why=Why.NO_RATINGS)
    difference = fmean(second) - fmean(first)
    if min(len(first), len(second)) < 2:
        return Change(None, difference, common, Why.ONE_RATER)
    error = (variance(first) / len(first) + variance(second) / len(second)) ** 0.5
    if error <= 1e-12:
        return Change(None if abs(difference) > 1e-12 else Direction.SAME, difference, common, Why.NO_VARIANCE)
    if abs(difference) / error <= RELIABLE:
        return Change(Direction.SAME, difference, common)
    return Change(Direction.UP if difference > 0 else Direction.DOWN, difference, common)


def scores(raters: Sequence[Ratings], weights: Mapping[str, float]) -> list[float]:
    """Each rater's mean over the statements that they observed, by weight; nobody's who observed none."""
    found = []
    for ratings in raters:
        seen = [(weight, rating) for key, weight in weights.items() if (rating := ratings.get(key)) is not None]
        total = sum(weight for weight, _ in seen)
        if total > 0:
            found.append(sum(weight * rating for weight, rating in seen) / total)
    return found
