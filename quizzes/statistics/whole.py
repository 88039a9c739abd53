"""The quiz as a test: what attempts earned, and how far that can be relied on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quizzes.statistics.answers import Answers, Floats, summed
from quizzes.statistics.moments import internal_consistency


@dataclass(frozen=True, kw_only=True)
class Whole:
    """All in marks but where it says otherwise."""

    n: int
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    internal_consistency: float | None
    """L. J. Cronbach's alpha (Psychometrika 16, 1951), in percent."""

    @property
    def error_ratio(self) -> float | None:
        """How much of the spread is chance, in percent."""
        if self.internal_consistency is None:
            return None
        return 100 * math.sqrt(max(0.0, 1 - self.internal_consistency / 100))

    @property
    def standard_error(self) -> float | None:
        """How far a mark is from what the learner would earn on average, as a standard deviation."""
        return None if self.error_ratio is None or self.sd is None else self.error_ratio * self.sd / 100


def whole_of(answers: Answers) -> Whole:
    total, n = answers.total, answers.attempts
    off = total - total.mean() if n else total
    off = np.where(np.abs(off) <= 1e-9 * np.abs(total).max(initial=0), 0, off)
    second, third, fourth = (float((off**power).mean()) if n else 0.0 for power in (2, 3, 4))
    k2 = n * second / (n - 1) if n > 1 else 0.0
    return Whole(
        n=n,
        mean=float(total.mean()) if n else None,
        median=float(np.median(total)) if n else None,
        sd=math.sqrt(k2) if n > 1 else None,
        skewness=n**2 * third / ((n - 1) * (n - 2)) / k2**1.5 if n > 2 and k2 else None,
        kurtosis=(
            n**2 * ((n + 1) * fourth - 3 * (n - 1) * second**2) / ((n - 1) * (n - 2) * (n - 3)) / k2**2
            if n > 3 and k2
            else None
        ),
        internal_consistency=internal_consistency(_variances(answers).tolist(), k2),
    )


def _variances(answers: Answers) -> Floats:
    counts = np.bincount(answers.slot)
    means = summed(answers.slot, answers.mark) / np.maximum(counts, 1)
    squares = summed(answers.slot, (answers.mark - means[answers.slot]) ** 2)
    return squares[counts > 0] / np.maximum(counts[counts > 0] - 1, 1)
