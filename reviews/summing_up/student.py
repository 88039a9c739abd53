"""Quantiles of Student's t, without waiting for scipy to be read."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

NEARLY_NORMAL = 1000
"""From so many degrees of freedom on, the fourth digit is that of the normal distribution."""


@lru_cache(maxsize=4096)
def quantile(p: float, degrees: int) -> float:
    """The t that is exceeded with probability 1 - p, for p over one half; Newton's steps from the normal one."""
    t = NormalDist().inv_cdf(p)
    if degrees >= NEARLY_NORMAL:
        # The first term of Cornish and Fisher's expansion: Abramowitz and Stegun, 26.7.5.
        return t + (t**3 + t) / (4 * degrees)
    for _ in range(60):
        # The distribution is concave here, so a step from below never leads beyond.
        step = (p - cumulative(t, degrees)) / _density(t, degrees)
        t += step
        if abs(step) < 1e-13 * t:
            break
    return t


def cumulative(t: float, degrees: int) -> float:
    """The probability of at most t, for t of 0 or more. Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(degrees))
    square = math.cos(angle) ** 2
    is_odd = degrees % 2
    term = total = math.cos(angle) if is_odd else 1.0
    for n in range(2 + is_odd, degrees - 1, 2):
        term *= square * (n - 1) / n
        total += term
    if not is_odd:
        return 0.5 + math.sin(angle) * total / 2
    return 0.5 + (angle + (math.sin(angle) * total if degrees > 1 else 0)) / math.pi


def _density(t: float, degrees: int) -> float:
    ways = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    return math.exp(ways - (degrees + 1) / 2 * math.log1p(t * t / degrees)) / math.sqrt(degrees * math.pi)
