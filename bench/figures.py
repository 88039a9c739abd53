"""Sums over measurements: plain values in, plain values out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all values do not exceed (nearest rank).

    Raises ValueError for no values at all.
    """
    if not values:
        raise ValueError("There is nothing to take a percentile of.")
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def middle(values: Sequence[float]) -> float | None:
    """The median, or None where nothing was measured."""
    return median(values) if values else None


def work(cpu_ms: float, index: float) -> float:
    """CPU time with the momentary speed of the machine taken out: comparable between moments, not machines."""
    return cpu_ms * index


def duration(seconds: float | None) -> str:
    """Three significant digits in the unit that suits: `43.2 µs`, `5.21 ms`, `1.20 s`."""
    if seconds is None:
        return ""
    for unit, size in (("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds)} s"


def number(value: float | None) -> str:
    """Three significant digits, no powers of ten: `0.432`, `5.21`, `118`, `4,120`."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.{max(0, 2 - math.floor(math.log10(abs(rounded))))}f}"
