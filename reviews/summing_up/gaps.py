"""Self and others: blind spots and hidden strengths, only where the others' interval agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, stdev

from reviews.summing_up.figure import Why
from reviews.summing_up.student import quantile

CLEARLY = 0.5
"""A smaller gap is no news, in levels of the scale."""
CONFIDENCE = 0.95
"""On each side: an interval of 90 %."""
ROUNDING = 12**-0.5
"""The SD of what is lost when an opinion is rounded to a level. Raters who all chose one level differ at least as much,
so their agreement is not taken for certainty."""


class Category(StrEnum):
    BLIND_SPOT = "blind spot"
    HIDDEN_STRENGTH = "hidden strength"
    CONFIRMED_STRENGTH = "confirmed strength"
    CONFIRMED_NEED = "confirmed need"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Gap:
    """The interval says how much raters differ: it is for nobody's eyes where fewer than eight stand behind it."""

    category: Category
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    why: Why | None = None
    """Why nothing can be said."""


def gap(
    mine: float | None,
    others: Sequence[float],
    *,
    line: float,
    weights: Sequence[float] | None = None,
    step: float = 1.0,
) -> Gap:
    """`others` are the scores that each rater gave for one competency; `line` is the score from which it is a strength.

    A blind spot or hidden strength needs a gap of half a level, and self outside the 90 % interval of the others' mean,
    M ± t(.95, k - 1) s / sqrt(k). Without a clear gap, strength and need are confirmed if self and the whole interval
    lie on the same side of the line. `weights` are the raters'; `step` is the distance between two levels.
    """
    k = len(others)
    if mine is None or not k:
        return Gap(Category.UNDECIDED, why=Why.NO_RATINGS)
    weighing = weights if weights is not None else [1.0] * k
    if k < 2 or sum(weighing) <= 0:
        return Gap(Category.UNDECIDED, why=Why.ONE_RATER)
    low, high = interval(others, weighing, step)
    difference = mine - (low + high) / 2
    return Gap(category(mine, low, high, line=line, step=step), difference, low, high)


def interval(scores: Sequence[float], weights: Sequence[float], step: float = 1.0) -> tuple[float, float]:
    """Of the weighted mean of two scores or more. Weights make it wider, as if there were fewer raters."""
    total = sum(weights)
    mean = sum(weight * score for weight, score in zip(weights, scores, strict=True)) / total
    counting = total**2 / sum(weight**2 for weight in weights)
    error = max(stdev(scores), ROUNDING * step) / counting**0.5
    half = quantile(CONFIDENCE, len(scores) - 1) * error
    return mean - half, mean + half


def category(mine: float, low: float, high: float, *, line: float, step: float = 1.0) -> Category:
    """`low` and `high` are the ends of an interval of the others' mean, which is in its middle."""
    difference = mine - (low + high) / 2
    if difference >= CLEARLY * step and mine > high:
        return Category.BLIND_SPOT
    if difference <= -CLEARLY * step and mine < low:
        return Category.HIDDEN_STRENGTH
    if abs(difference) < CLEARLY * step and min(mine, low) >= line:
        return Category.CONFIRMED_STRENGTH
    if abs(difference) < CLEARLY * step and max(mine, high) < line:
        return Category.CONFIRMED_NEED
    return Category.UNDECIDED


class Estimate(StrEnum):
    """F. J. Yammarino and L. E. Atwater, Human Resource Management 32, 1993; Organizational Dynamics 25, 1997."""

    OVER = "over-estimator"
    UNDER = "under-estimator"
    GOOD = "in agreement, good"
    POOR = "in agreement, poor"


COHORT = 30


def estimates(pairs: Sequence[tuple[float | None, float | None]]) -> list[Estimate | None]:
    """For each subject's self and others, held against a cohort: half an SD more or less than the others say.

    None for everybody where fewer than thirty have both or nobody differs; and for who lacks one.
    """
    both = [(mine, others) for mine, others in pairs if mine is not None and others is not None]
    if len(both) < COHORT:
        return [None] * len(pairs)
    selves, them = [mine for mine, _ in both], [others for _, others in both]
    spread_of_selves, spread_of_them = stdev(selves), stdev(them)
    if min(spread_of_selves, spread_of_them) <= 1e-12:
        return [None] * len(pairs)
    mean_of_selves, mean_of_them = fmean(selves), fmean(them)
    return [
        None
        if mine is None or others is None
        else _estimate((mine - mean_of_selves) / spread_of_selves, (others - mean_of_them) / spread_of_them)
        for mine, others in pairs
    ]


def _estimate(mine: float, others: float) -> Estimate:
    if abs(mine - others) > CLEARLY:
        return Estimate.OVER if mine > others else Estimate.UNDER
    return Estimate.GOOD if others >= 0 else Estimate.POOR
