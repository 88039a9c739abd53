"""Whether raters tell subjects apart, and how many of them it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from statistics import fmean, variance

from reviews.summing_up.figure import Figure, Why


@dataclass(frozen=True, kw_only=True)
class Icc:
    """The six forms of P. E. Shrout and J. L. Fleiss, Psychological Bulletin 86, 1979.

    One rater's: `one_way` if each subject has others, `two_way` if all have the same out of many, `fixed` if there are
    no more. The `_k` are those of the mean of k raters.
    """

    one_way: Figure
    two_way: Figure
    fixed: Figure
    one_way_k: Figure
    two_way_k: Figure
    fixed_k: Figure


def icc(subjects: Sequence[Sequence[float | None]]) -> Icc:
    """Of ratings by subject and judge, all there."""
    why = _why_not(subjects)
    if why is not None:
        none = Figure.none(why)
        return Icc(one_way=none, two_way=none, fixed=none, one_way_k=none, two_way_k=none, fixed_k=none)
    rows = [[rating for rating in row if rating is not None] for row in subjects]
    n, k = len(rows), len(rows[0])
    grand = fmean(rating for row in rows for rating in row)
    between = k * sum((fmean(row) - grand) ** 2 for row in rows)
    judges = n * sum((fmean(column) - grand) ** 2 for column in zip(*rows, strict=True))
    within = sum((rating - fmean(row)) ** 2 for row in rows for rating in row)
    bms, jms, wms = between / (n - 1), judges / (k - 1), within / (n * (k - 1))
    ems = max(within - judges, 0.0) / ((n - 1) * (k - 1))
    return Icc(
        one_way=_ratio(bms - wms, bms + (k - 1) * wms),
        two_way=_ratio(bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
        fixed=_ratio(bms - ems, bms + (k - 1) * ems),
        one_way_k=_ratio(bms - wms, bms),
        two_way_k=_ratio(bms - ems, bms + (jms - ems) / n),
        fixed_k=_ratio(bms - ems, bms),
    )


def _why_not(subjects: Sequence[Sequence[float | None]]) -> Why | None:
    if not any(map(len, subjects)):
        return Why.NO_RATINGS
    if len({len(row) for row in subjects}) > 1 or any(rating is None for row in subjects for rating in row):
        return Why.NOT_COMPLETE
    if len(subjects) < 2:
        return Why.ONE_SUBJECT
    return Why.ONE_RATER if len(subjects[0]) < 2 else None


def _ratio(part: float, whole: float) -> Figure:
    return Figure(part / whole) if abs(whole) > 1e-12 else Figure.none(Why.NO_VARIANCE)


@dataclass(frozen=True)
class OneWay:
    """Of raters who each rated one subject only, in any number."""

    icc_1: Figure
    icc_k: Figure
    k0: float | None
    """The size of groups that counts: (N - sum of n² / N) / (J - 1)."""


def one_way(groups: Sequence[Sequence[float]]) -> OneWay:
    """ICC(1) and ICC(1, k), which is also called ICC(2), of unequal groups.

    P. D. Bliese, Within-group agreement, non-independence, and reliability, 2000. Empty groups do not count.
    """
    return one_way_of_sums(
        [len(group) for group in groups],
        [sum(group) for group in groups],
        [sum((rating - fmean(group)) ** 2 for rating in group) for group in groups if group],
    )


def one_way_of_sums(sizes: Sequence[int], sums: Sequence[float], squares: Sequence[float]) -> OneWay:
    """The same, of each group's size and sum, and its squares of deviations."""
    rated = [(size, total) for size, total in zip(sizes, sums, strict=True) if size]
    number = sum(size for size, _ in rated)
    if len(rated) < 2 or number == len(rated):
        why = Why.NO_RATINGS if not rated else Why.ONE_SUBJECT if len(rated) < 2 else Why.ONE_RATER
        return OneWay(Figure.none(why), Figure.none(why), None)
    k0 = (number - sum(size**2 for size, _ in rated) / number) / (len(rated) - 1)
    grand = sum(total for _, total in rated) / number
    msb = sum(size * (total / size - grand) ** 2 for size, total in rated) / (len(rated) - 1)
    msw = sum(squares) / (number - len(rated))
    return OneWay(_ratio(msb - msw, msb + (k0 - 1) * msw), _ratio(msb - msw, msb), k0)


def cronbach(rows: Sequence[Sequence[float | None]]) -> Figure:
    """Alpha of items, by rater and item (L. J. Cronbach, Psychometrika 16, 1951); who left one out does not count."""
    complete = [[rating for rating in row if rating is not None] for row in rows if row and None not in row]
    if not complete:
        return Figure.none(Why.NO_RATINGS)
    items = len(complete[0])
    if items < 2 or len(complete) < 2:
        return Figure.none(Why.ONE_ITEM if items < 2 else Why.ONE_RATER)
    of_totals = variance([sum(row) for row in complete])
    if of_totals <= 1e-12:
        return Figure.none(Why.NO_VARIANCE)
    of_items = sum(variance(item) for item in zip(*complete, strict=True))
    return Figure(items / (items - 1) * (1 - of_items / of_totals))


class Metric(StrEnum):
    """How far apart two ratings are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def krippendorff(units: Sequence[Sequence[float | None]], metric: Metric = Metric.INTERVAL) -> Figure:
    """Alpha by unit and rater, whatever is missing: 1 - observed by expected disagreement.

    K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011. A unit with one rating has nothing to compare.
    """
    counted = [Counter(rating for rating in unit if rating is not None) for unit in units]
    paired = [unit for unit in counted if unit.total() > 1]
    if not paired:
        return Figure.none(Why.ONE_RATER if any(counted) else Why.NO_RATINGS)
    margins: Counter[float] = sum(paired, Counter())
    apart, n = _distance(metric, margins), margins.total()
    observed = sum(
        number * unit[other] * apart(one, other) / (unit.total() - 1)
        for unit in paired
        for one, number in unit.items()
        for other in unit
    )
    expected = sum(margins[one] * margins[other] * apart(one, other) for one in margins for other in margins)
    if expected <= 0:
        return Figure.none(Why.NO_VARIANCE)
    return Figure(1 - (n - 1) * observed / expected)


def _distance(metric: Metric, margins: Mapping[float, int]) -> Callable[[float, float], float]:
    if metric is Metric.NOMINAL:
        return lambda one, other: float(one != other)
    if metric is Metric.INTERVAL:
        return lambda one, other: (one - other) ** 2
    ranked = sorted(margins)
    below = [0, *accumulate(margins[value] for value in ranked)]
    middle = {value: below[place] + margins[value] / 2 for place, value in enumerate(ranked)}
    return lambda one, other: (middle[one] - middle[other]) ** 2


def of_mean(single: float, raters: float) -> Figure:
    """The reliability of the mean of so many raters, from that of one (C. Spearman and W. Brown, 1910)."""
    whole = 1 + (raters - 1) * single
    return Figure(raters * single / whole) if raters > 0 and whole > 0 else Figure.none(Why.OUT_OF_RANGE)


def raters_needed(single: float, wanted: float) -> Figure:
    """How many raters' mean is as reliable as wanted; to be rounded up."""
    if not 0 < single < 1 or not 0 <= wanted < 1:
        return Figure.none(Why.OUT_OF_RANGE)
    return Figure(wanted * (1 - single) / (single * (1 - wanted)))
