"""What all figures of an item start from: its marks' mean and spread, and how they go with the rest of the attempt."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Moments:
    n: int
    """Attempts that had the item."""
    mean: float | None
    variance: float | None
    rest_variance: float | None
    covariance: float | None
    """Of the mark with the rest."""

    @property
    def sd(self) -> float | None:
        return None if self.variance is None else math.sqrt(self.variance)

    @property
    def covariance_with_total(self) -> float | None:
        if self.covariance is None or self.variance is None:
            return None
        return self.covariance + self.variance

    @property
    def discrimination_index(self) -> float | None:
        """The correlation of the mark with the rest, in percent."""
        if not self.variance or not self.rest_variance or self.covariance is None:
            return None
        return 100 * self.covariance / math.sqrt(self.variance * self.rest_variance)

    def facility(self, maximum: float) -> float | None:
        """The share of the maximum that was earned; what is worth nothing has none."""
        return None if self.mean is None or not maximum else self.mean / maximum


def guess_corrected(facility: float | None, guess: float | None) -> float | None:
    """What the facility is beyond guessing: 0 where everybody guesses."""
    if facility is None or guess is None or guess >= 1:
        return None
    return (facility - guess) / (1 - guess)


def effective_weights(moments: Iterable[Moments]) -> list[float | None]:
    """How much each item contributes to the spread of the totals, in percent; None where it works against it."""
    roots = [_root(each.covariance_with_total) for each in moments]
    whole = sum(root for root in roots if root is not None)
    return [None if root is None or not whole else 100 * root / whole for root in roots]


def internal_consistency(variances: Sequence[float], of_total: float | None) -> float | None:
    """L. J. Cronbach's alpha (Psychometrika 16, 1951) in percent, from the variance of each place and of the total."""
    places = len(variances)
    if places < 2 or not of_total:
        return None
    return 100 * places / (places - 1) * (1 - sum(variances) / of_total)


def _root(covariance: float | None) -> float | None:
    return None if covariance is None or covariance < 0 else math.sqrt(covariance)
