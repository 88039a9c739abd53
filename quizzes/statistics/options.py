"""Each option of a question: who chose it, and whether it does what it is there for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from quizzes.statistics.answers import Answers, Ints, shared, summed

RARELY = 0.05
"""A wrong option that fewer choose misleads nobody."""


@dataclass(frozen=True, kw_only=True)
class Option:
    item: int
    is_right: bool
    chosen: int
    """By how many."""
    share: float | None
    """Of all who had the question."""
    mean_rest: float | None
    """What those who chose it earned with the rest of the quiz."""
    correlation: float | None
    """Of choosing it with the rest (point-biserial), from -1 to 1."""
    misleads: bool = False
    """It is wrong, and goes better with the rest than the key does: better than the right option that goes worst."""

    @property
    def is_rare(self) -> bool:
        """It is wrong, and next to nobody chooses it."""
        return not self.is_right and self.share is not None and self.share < RARELY


def options_of(
    answers: Answers,
    chosen: tuple[Sequence[int] | Ints, Sequence[int] | Ints],
    items: Sequence[int] | Ints,
    is_right: Sequence[bool],
) -> list[Option]:
    """The figures of every option.

    `chosen` are pairs in two columns: the row of an answer, and an option that was chosen in it. `items` says which
    item each option belongs to, `is_right` whether it is part of the key.
    """
    rows, which = (np.asarray(column, dtype=np.intp) for column in chosen)
    home = np.asarray(items, dtype=np.intp)
    rest = answers.off_mean(answers.rest)
    counts = np.bincount(which, minlength=len(home))
    above = summed(which, rest[rows], len(home))
    among = answers.counts[home]
    squares = answers.products(rest, rest)[home]
    mean_rest = answers.mean(answers.rest)[home] + above / np.maximum(counts, 1)
    spread = np.sqrt(counts * (among - counts) / np.maximum(among, 1) * squares)
    options = [
        Option(
            item=item,
            is_right=right,
            chosen=count,
            share=share,
            mean_rest=mean if count else None,
            correlation=better / width if width else None,
        )
        for item, right, count, share, mean, better, width in zip(
            home.tolist(),
            is_right,
            counts.tolist(),
            shared(counts.astype(np.float64), among),
            mean_rest.tolist(),
            above.tolist(),
            spread.tolist(),
            strict=True,
        )
    ]
    return _flagged(options)


def _flagged(options: Sequence[Option]) -> list[Option]:
    key: dict[int, float] = {}
    for option in options:
        if option.is_right and option.correlation is not None:
            key[option.item] = min(option.correlation, key.get(option.item, math.inf))
    return [replace(option, misleads=True) if _misleads(option, key.get(option.item)) else option for option in options]


def _misleads(option: Option, key: float | None) -> bool:
    if option.is_right or option.correlation is None or key is None:
        return False
    return option.correlation > key
