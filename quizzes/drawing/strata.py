"""Equal difficulty: a pool is sorted by how hard its questions are and cut into layers, and each gives its share.

Layers are cut where their share of the pool is their share of the questions asked, rounded down. So every question is
asked about as often as any other, and where no enemies are among them there are as many attempts without repeats as
there would be without layers: with a pool of N, floor(N/n) attempts of n questions take c floor(N/n) <= floor(c N/n)
questions of a layer that gives c. Of all numbers of layers that is taken which leaves the least variance between forms,
sum of c (1 - c/s) S^2 over layers of s questions with the variance S^2 (W. G. Cochran, Sampling Techniques, 1977,
chapter 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

LEAST, MOST = 5, 10
"""A layer of few questions would ask the same ones of everybody, so it has LEAST where the pool has them, rounding
aside; more layers than MOST gain little."""

Each = TypeVar("Each")
Layer = tuple[int, Sequence[Each]]
"""How many questions come from it, and those in it."""


def strata(pool: Sequence[Each], count: int, hardness: Callable[[Each], tuple[float, int]]) -> list[Layer[Each]]:
    """The pool cut into layers, the easiest first; one layer where it is too small.

    `hardness` says how hard something is, on any scale, and in which order those stand that are equally hard.
    """
    ordered = sorted(pool, key=hardness)
    if not 0 < count < len(ordered):
        return [(count, ordered)]
    least = -(-LEAST * count // len(ordered))
    most = max(1, min(MOST, count // least))
    hard = [hardness(each)[0] for each in ordered]
    best = min(range(most, 0, -1), key=lambda layers: round(_variance(hard, count, layers), 12))
    return [(c, ordered[start:end]) for c, start, end in _cuts(len(ordered), count, best)]


def _cuts(size: int, count: int, layers: int) -> Iterator[tuple[int, int, int]]:
    """Of each layer how many it gives, where it begins and where it ends."""
    for before, after in pairwise(count * n // layers for n in range(layers + 1)):
        yield after - before, size * before // count, size * after // count


def _variance(hard: Sequence[float], count: int, layers: int) -> float:
    return sum(
        c * (1 - c / (end - start)) * _spread(hard[start:end]) for c, start, end in _cuts(len(hard), count, layers)
    )


def _spread(hard: Sequence[float]) -> float:
    """The variance within a layer; nothing where there is but one."""
    if len(hard) < 2:
        return 0.0
    mean = sum(hard) / len(hard)
    return sum((each - mean) ** 2 for each in hard) / (len(hard) - 1)
