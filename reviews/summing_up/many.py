"""Agreement and reliability of thousands of subjects at once: the same figures as one by one, from one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import pvariance

import numpy as np
from numpy.typing import NDArray

from reviews.summing_up.agreement import CLOSE
from reviews.summing_up.reliability import OneWay, one_way_of_sums

Floats = NDArray[np.float64]
AT_ONCE = 1000
"""Subjects: more would only take more memory."""


@dataclass(frozen=True)
class Statements:
    """By subject and statement; nan where `agreement` has None."""

    n: NDArray[np.intp]
    mean: Floats
    sd: Floats
    r_wg: Floats
    a_wg: Floats
    ad_m: Floats


@dataclass(frozen=True)
class Many:
    statements: Statements
    r_wg_j: Floats
    """By subject and competency."""
    reliability: list[OneWay]
    """Of each competency, over all subjects, of raters' means over its statements."""


def figures(ratings: Floats, levels: Sequence[float], competencies: Sequence[Sequence[int]]) -> Many:
    """`ratings` by subject, rater and statement, nan where there is none; of competencies, their statements' places."""
    parts = [ratings[first : first + AT_ONCE] for first in range(0, len(ratings), AT_ONCE)]
    found = [_statements(part, levels) for part in parts]
    statements = Statements(
        *(np.concatenate([getattr(each, name) for each in found]) for name in Statements.__dataclass_fields__)
    )
    by_chance = pvariance(levels)
    return Many(
        statements,
        np.stack([_r_wg_j(statements.sd[:, list(places)] ** 2, by_chance) for places in competencies], axis=1),
        [_reliability(parts, places) for places in competencies],
    )


def _statements(ratings: Floats, levels: Sequence[float]) -> Statements:
    there = ~np.isnan(ratings)
    n = there.sum(axis=1)
    some, several = n > 0, n > 1
    mean = _divided(np.where(there, ratings, 0).sum(axis=1), n, some)
    off = np.where(there, ratings - mean[:, None, :], 0)
    variance = _divided((off**2).sum(axis=1), n - 1, several)
    by_chance = pvariance(levels)
    return Statements(
        n,
        mean,
        np.sqrt(variance),
        1 - np.minimum(variance, by_chance) / by_chance,
        _a_wg(n, mean, variance, levels[0], levels[-1]),
        _divided(np.abs(off).sum(axis=1), n, some),
    )


def _divided(part: Floats, whole: NDArray[np.generic], where: NDArray[np.bool_]) -> Floats:
    divided: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=where)
    return divided


def _a_wg(n: NDArray[np.intp], mean: Floats, variance: Floats, low: float, high: float) -> Floats:
    several = n > 1
    most = _divided(((high + low) * mean - mean**2 - high * low) * n, n - 1, several)
    at_an_end = several & (np.minimum(mean - low, high - mean) <= CLOSE)
    inside = ((low * (n - 1) + high) <= (mean + CLOSE) * n) & ((mean - CLOSE) * n <= (high * (n - 1) + low))
    found = _divided(most - 2 * variance, most, several & inside & ~at_an_end)
    found[at_an_end] = 1
    return found


def _r_wg_j(variances: Floats, by_chance: float) -> Floats:
    rated = ~np.isnan(variances)
    items = rated.sum(axis=1)
    q = np.minimum(_divided(np.where(rated, variances, 0).sum(axis=1), items, items > 0), by_chance) / by_chance
    return np.asarray(items * (1 - q) / (items * (1 - q) + q), dtype=np.float64)


def _reliability(parts: Sequence[Floats], places: Sequence[int]) -> OneWay:
    sizes: list[int] = []
    sums: list[float] = []
    squares: list[float] = []
    for ratings in parts:
        chosen = ratings[:, :, list(places)]
        there = ~np.isnan(chosen)
        number = there.sum(axis=2)
        scores = _divided(np.where(there, chosen, 0).sum(axis=2), number, number > 0)
        rated = number > 0
        n, total = rated.sum(axis=1), np.where(rated, scores, 0).sum(axis=1)
        mean = _divided(total, n, n > 0)
        sizes += n.tolist()
        sums += total.tolist()
        squares += np.where(rated, (scores - mean[:, None]) ** 2, 0).sum(axis=1).tolist()
    return one_way_of_sums(sizes, sums, squares)
