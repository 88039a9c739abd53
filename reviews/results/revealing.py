"""Whether a figure of how raters differ leaves open what those of single people chose. No database, no web.

Reliability is computed from the sum of squared differences within subjects, S, so whoever knows the published means
can work S out. It must not say of anybody that their raters all chose the same, or as far apart as can be. So S has to
stand far enough from the least and from the most that the means allow: by as much as if in half of the subjects two
raters stood a step further apart than they must, or nearer than they can. Then, of ten subjects or more, each may be
one of those, or none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Ratings = Sequence[float]


def leaves_open(subjects: Sequence[Ratings], *, lowest: float, highest: float, step: float) -> bool:
    """`subjects` are the ratings of each, from `lowest` to `highest`; `step` is the least by which two can differ."""
    needed = len(subjects) * step**2
    spare = [_spare(each, lowest, highest, step) for each in subjects]
    return sum(below for below, _above in spare) >= needed and sum(above for _below, above in spare) >= needed


def _spare(ratings: Ratings, lowest: float, highest: float, step: float) -> tuple[float, float]:
    """By how much the sum of squares of one subject could be less, and by how much more, at the same mean."""
    n, mean = len(ratings), math.fsum(ratings) / len(ratings)
    squares = math.fsum((each - mean) ** 2 for each in ratings)
    higher = round((mean - lowest) * n / step) % n
    least = step**2 * higher * (n - higher) / n
    wide = highest - lowest
    at_top, rest = divmod(round((mean - lowest) * n / step), round(wide / step))
    most = at_top * wide**2 + (rest * step) ** 2 - n * (mean - lowest) ** 2
    return squares - least, most - squares
