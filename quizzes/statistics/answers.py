"""Marks as columns of numbers, one row for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answers:
    """Row by row: in which attempt, which item, what it earned. Attempts and items count from 0 without gaps."""

    attempt: Ints
    item: Ints
    mark: Floats
    maximum: Floats
    """Of each item."""
    slot: Ints
    """Row by row, the place in the quiz that the item was drawn for; the item itself where nothing is drawn."""

    @classmethod
    def of(
        cls,
        attempt: Sequence[int] | Ints,
        item: Sequence[int] | Ints,
        mark: Sequence[float] | Floats,
        maximum: Sequence[float] | Floats,
        slot: Sequence[int] | Ints | None = None,
    ) -> Answers:
        """Raises ValueError if the columns differ in length, or an item has no maximum."""
        items = np.asarray(item, dtype=np.intp)
        answers = cls(
            attempt=np.asarray(attempt, dtype=np.intp),
            item=items,
            mark=np.asarray(mark, dtype=np.float64),
            maximum=np.asarray(maximum, dtype=np.float64),
            slot=items if slot is None else np.asarray(slot, dtype=np.intp),
        )
        if len({len(column) for column in (answers.attempt, answers.item, answers.mark, answers.slot)}) > 1:
            raise ValueError("Each answer needs an attempt, an item, a mark and a slot.")
        if len(items) and items.max() >= answers.items:
            raise ValueError("Each item needs its maximum.")
        return answers

    @property
    def items(self) -> int:
        return len(self.maximum)

    @property
    def attempts(self) -> int:
        return len(self.total)

    @cached_property
    def total(self) -> Floats:
        """What each attempt earned."""
        return summed(self.attempt, self.mark)

    @cached_property
    def possible(self) -> Floats:
        """What each attempt could have earned."""
        return summed(self.attempt, self.maximum[self.item])

    @cached_property
    def rest(self) -> Floats:
        """Row by row, what the attempt earned with its other items."""
        return self.total[self.attempt] - self.mark

    @cached_property
    def counts(self) -> Ints:
        """How many attempts had each item."""
        return np.bincount(self.item, minlength=self.items)

    def mean(self, column: Floats) -> Floats:
        """The column's mean for each item; 0 where nobody had it."""
        return summed(self.item, column, self.items) / np.maximum(self.counts, 1)

    def off_mean(self, column: Floats) -> Floats:
        """Row by row, how far the column is from its item's mean.

        What is no further than rounding can bring it is not off at all, so that what is constant has no spread.
        """
        off = column - self.mean(column)[self.item]
        off[np.abs(off) <= 1e-9 * np.abs(column).max(initial=0)] = 0
        return off

    def products(self, one: Floats, other: Floats) -> Floats:
        """For each item, the sum of the products."""
        return summed(self.item, one * other, self.items)


def summed(by: Ints, column: Floats, length: int = 0) -> Floats:
    """The sum of the column for each number from 0 on."""
    return np.asarray(np.bincount(by, column, minlength=length), dtype=np.float64)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Element by element; 0 of nothing."""
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def shared(sums: Floats, among: Ints) -> list[float | None]:
    """Each sum divided by its number, or None where there is nothing to divide by."""
    shares = sums / np.maximum(among, 1)
    return [share if number > 0 else None for share, number in zip(shares.tolist(), among.tolist(), strict=True)]
