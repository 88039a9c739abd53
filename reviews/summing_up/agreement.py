"""Whether the raters of one subject agree: r_wg, r_wg(J), a_wg, AD, SD, and in words.

Formulas as in T. A. O'Neill, An overview of interrater agreement on Likert scales, Frontiers in Psychology 8:777, 2017.
Ratings are scores of a scale's levels; what was not observed is left out, or None among the items of a rater.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import fmean, pvariance, variance

from reviews.summing_up.figure import Figure, Why

WORDS_FROM = 8
"""Fewer raters could be found out by how much they agree."""
CLOSE = 1e-9


class Agreement(StrEnum):
    """J. M. LeBreton and J. L. Senter, Organizational Research Methods 11, 2008, table 3."""

    NONE = "none"
    WEAK = "weak"
    MODERATE = "moderate"
    STRONG = "strong"
    VERY_STRONG = "very strong"


UP_TO = ((0.30, Agreement.NONE), (0.50, Agreement.WEAK), (0.70, Agreement.MODERATE), (0.90, Agreement.STRONG))


def in_words(agreement: Figure, raters: int) -> Agreement | None:
    """None where there is no figure, and of fewer than eight raters. As in the table, two decimals decide."""
    if agreement.value is None or raters < WORDS_FROM:
        return None
    shown = round(agreement.value, 2)
    return next((word for most, word in UP_TO if shown <= most), Agreement.VERY_STRONG)


def ratings_of(counts: Sequence[int], levels: Sequence[float]) -> list[float]:
    """The ratings behind a published spread, for the figures below."""
    return [level for level, count in zip(levels, counts, strict=True) for _ in range(count)]


def sd(ratings: Sequence[float]) -> Figure:
    missing = _missing(ratings)
    return Figure.none(missing) if missing else Figure(variance(ratings) ** 0.5)


def r_wg(ratings: Sequence[float], levels: Sequence[float]) -> Figure:
    """1 if all agree, 0 if they differ like chance or more (L. R. James, R. G. Demaree and G. Wolf, 1984).

    Chance chooses each level equally often; for levels 1 to A its variance is (A² - 1) / 12.
    """
    missing = _missing(ratings)
    if missing:
        return Figure.none(missing)
    by_chance = pvariance(levels)
    return Figure(1 - min(variance(ratings), by_chance) / by_chance)


def r_wg_j(raters: Sequence[Sequence[float | None]], levels: Sequence[float]) -> Figure:
    """Of J items together, by rater and item: J r / (J r + q), where q is the mean variance by that of chance.

    An item that fewer than two have rated counts as if it had not been asked.
    """
    items = [[rating for rating in item if rating is not None] for item in zip(*raters, strict=True)]
    return _of_items(items, levels)


def r_wg_j_of_spreads(spreads: Sequence[Sequence[int]], levels: Sequence[float]) -> Figure:
    """The same, of how many chose each level of each item: all that is published."""
    return _of_items([ratings_of(counts, levels) for counts in spreads], levels)


def _of_items(items: Sequence[Sequence[float]], levels: Sequence[float]) -> Figure:
    variances = [variance(item) for item in items if len(item) > 1]
    if not variances:
        return Figure.none(Why.ONE_RATER if any(items) else Why.NO_RATINGS)
    by_chance = pvariance(levels)
    q = min(fmean(variances), by_chance) / by_chance
    return Figure(len(variances) * (1 - q) / (len(variances) * (1 - q) + q))


def a_wg(ratings: Sequence[float], levels: Sequence[float]) -> Figure:
    """1 if all agree, 0 at half, -1 at all of the disagreement possible with this mean.

    R. D. Brown and N. M. A. Hauenstein, Organizational Research Methods 8, 2005.
    """
    missing = _missing(ratings)
    if missing:
        return Figure.none(missing)
    low, high, k, mean = levels[0], levels[-1], len(ratings), fmean(ratings)
    if min(mean - low, high - mean) <= CLOSE:
        return Figure(1)
    if not (low * (k - 1) + high) / k - CLOSE <= mean <= (high * (k - 1) + low) / k + CLOSE:
        return Figure.none(Why.OUT_OF_RANGE)
    most = ((high + low) * mean - mean**2 - high * low) * k / (k - 1)
    return Figure(1 - 2 * variance(ratings) / most)


def ad_m(ratings: Sequence[float]) -> Figure:
    """How far ratings are from their mean (M. J. Burke and W. P. Dunlap, 2002); one rater does not differ."""
    if not ratings:
        return Figure.none(Why.NO_RATINGS)
    mean = fmean(ratings)
    return Figure(fmean(abs(rating - mean) for rating in ratings))


def ad_agrees(ad: Figure, options: int) -> bool | None:
    """Whether the deviation is within the sixth of the options that Burke and Dunlap accept."""
    return None if ad.value is None else ad.value <= options / 6


def _missing(ratings: Sequence[float]) -> Why | None:
    if not ratings:
        return Why.NO_RATINGS
    return Why.ONE_RATER if len(ratings) == 1 else None
