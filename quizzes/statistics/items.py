"""Each question: how hard it was, how it went with the rest, and what it weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizzes.statistics.answers import Answers, Flags, Floats, Ints, ratio, shared, summed
from quizzes.statistics.moments import Moments, effective_weights, guess_corrected

EXTREMES = 0.27
"""The best and the worst so much of all attempts are compared (T. L. Kelley, J. Educ. Psych. 30, 1939)."""

SMALL = 2**16 - 1


@dataclass(frozen=True, kw_only=True)
class Item:
    moments: Moments
    maximum: float
    guess: float | None
    """The share of the maximum that a guesser earns on average, as `quizzes.guessing` knows it."""
    greatest_covariance: float | None
    """With the rest, if the best marks had gone with the best rests."""
    intended_weight: float | None
    """The item's share of the maximum of its attempts, in percent."""
    effective_weight: float | None
    upper_lower: float | None
    """How much more of the maximum the best attempts earned than the worst, from -1 to 1."""

    @property
    def facility(self) -> float | None:
        return self.moments.facility(self.maximum)

    @property
    def guess_corrected(self) -> float | None:
        return guess_corrected(self.facility, self.guess)

    @property
    def discriminative_efficiency(self) -> float | None:
        """The covariance with the rest, in percent of what it could be with these marks and rests."""
        if not self.greatest_covariance or self.moments.covariance is None:
            return None
        return 100 * self.moments.covariance / self.greatest_covariance


def items_of(answers: Answers, guesses: Sequence[float | None] | None = None) -> list[Item]:
    """The figures of every item."""
    mark, rest = answers.off_mean(answers.mark), answers.off_mean(answers.rest)
    moments = _moments(answers, mark, rest)
    columns = zip(
        moments,
        answers.maximum.tolist(),
        guesses or [None] * answers.items,
        shared(_greatest(answers, mark, rest), answers.counts - 1),
        shared(_intended(answers), answers.counts),
        effective_weights(moments),
        _upper_lower(answers),
        strict=True,
    )
    return [
        Item(
            moments=each,
            maximum=maximum,
            guess=guess,
            greatest_covariance=greatest,
            intended_weight=intended,
            effective_weight=effective,
            upper_lower=difference,
        )
        for each, maximum, guess, greatest, intended, effective, difference in columns
    ]


def _moments(answers: Answers, mark: Floats, rest: Floats) -> list[Moments]:
    less_one = answers.counts - 1
    spreads = [shared(answers.products(*pair), less_one) for pair in [(mark, mark), (rest, rest), (mark, rest)]]
    means = shared(summed(answers.item, answers.mark, answers.items), answers.counts)
    return [Moments(*each) for each in zip(answers.counts.tolist(), means, *spreads, strict=True)]


def _greatest(answers: Answers, mark: Floats, rest: Floats) -> Floats:
    """For each item, the sum of products once its marks and its rests are each sorted."""
    by_mark, by_rest = _sorted_within(answers.item, mark), _sorted_within(answers.item, rest)
    return summed(answers.item[by_mark], mark[by_mark] * rest[by_rest], answers.items)


def _sorted_within(item: Ints, column: Floats) -> Ints:
    """The rows by item, and within each item by the column. Small whole numbers are sorted in a third of the time."""
    order = np.argsort(column)
    items = item[order]
    small = items.astype(np.uint16) if item.max(initial=0) <= SMALL else items
    return order[np.argsort(small, kind="stable")]


def _intended(answers: Answers) -> Floats:
    share = ratio(answers.maximum[answers.item], answers.possible[answers.attempt])
    return 100 * summed(answers.item, share, answers.items)


def _upper_lower(answers: Answers) -> list[float | None]:
    """By the share that attempts earned of what they could; who has the same share as the last of a group is in it."""
    if not answers.attempts:
        return [None] * answers.items
    shares = np.round(ratio(answers.total, answers.possible), 12)
    ranked, size = np.sort(shares), max(1, round(EXTREMES * answers.attempts))
    lowest, highest = ranked[size - 1], ranked[-size]
    if lowest >= highest:
        return [None] * answers.items
    upper, lower = (_facility(answers, among[answers.attempt]) for among in (shares >= highest, shares <= lowest))
    return [None if a is None or b is None else a - b for a, b in zip(upper, lower, strict=True)]


def _facility(answers: Answers, rows: Flags) -> list[float | None]:
    items = answers.item[rows]
    earned = ratio(summed(items, answers.mark[rows], answers.items), answers.maximum)
    return shared(earned, np.bincount(items, minlength=answers.items) * (answers.maximum > 0))
