"""A few promising pairs of each mentee, to which better ones are added until none is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mentoring.pairing.matching.problem import Ints, Scores

BLOCK = 256
"""How many mentees are looked at in one go: small enough for the processor's cache."""
AT_FIRST, AT_MOST_ADDED = 32, 8
"""Pairs of each mentee to begin with, and added in one round (measured: without a bound they grow without end)."""


class Candidates:
    """Some pairs of a matrix of scores, in order of mentee and mentor.

    Among equal scores chance decides, the same for the same numbers: were it the order of mentors, everybody's
    candidates would be the same few.
    """

    def __init__(self, scores: Scores, places: Ints) -> None:
        self.scores = scores
        self.places = places
        """(m,): how many mentees each mentor may be given."""
        rows, columns = best_few(scores, places > 0, AT_FIRST)
        self._keys = np.sort(rows * scores.shape[1] + columns)

    def pairs(self, least: int) -> tuple[Ints, Ints, Ints]:
        """Mentees, mentors and scores of the candidates that reach this score."""
        rows, columns = np.divmod(self._keys, self.scores.shape[1])
        scores = self.scores[rows, columns].astype(np.int64)
        enough = scores >= least
        return rows[enough], columns[enough], scores[enough]

    def add(self, rows: Ints, columns: Ints) -> None:
        self._keys = np.union1d(self._keys, rows * self.scores.shape[1] + columns)

    def is_everything(self) -> bool:
        return bool(self.scores.shape[1] <= AT_FIRST)


def best_few(scores: Scores, chosen: NDArray[np.bool_], few: int) -> tuple[Ints, Ints]:
    """Each mentee's few best pairs that are allowed, among the chosen: a flag for each mentor, or for each pair."""
    found = []
    for begin in range(0, len(scores), BLOCK):
        block = scores[begin : begin + BLOCK]
        of_block = chosen if chosen.ndim == 1 else chosen[begin : begin + BLOCK]
        rows, columns = few_lowest(-spread(block, begin), (block >= 0) & of_block, few)
        found.append((begin + rows, columns))
    return together(found)


def together(found: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Rows and columns that were found in some blocks, perhaps in none."""
    empty = np.empty(0, dtype=np.int64)
    rows = np.concatenate([empty, *(rows for rows, _columns in found)])
    return rows, np.concatenate([empty, *(columns for _rows, columns in found)])


def spread(scores: Scores, begin: int) -> NDArray[np.int64]:
    """The scores with chance in the last ten bits."""
    rows = (np.arange(begin, begin + scores.shape[0], dtype=np.uint32) + 1) * np.uint32(2654435761)
    columns = (np.arange(scores.shape[1], dtype=np.uint32) + 1) * np.uint32(2246822519)
    mixed = (rows[:, None] ^ columns) * np.uint32(3266489917)
    return (scores.astype(np.int64) << 10) | (mixed >> np.uint32(22))


def few_lowest(values: NDArray[np.int64], chosen: NDArray[np.bool_], most: int) -> tuple[Ints, Ints]:
    """Rows and columns of at most so many chosen values of each row: the lowest, in no order."""
    if not chosen.size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    if chosen.shape[1] <= most:
        rows, columns = np.nonzero(chosen)
        return rows, columns
    hidden = np.where(chosen, values, np.iinfo(np.int64).max)
    columns = np.argpartition(hidden, most - 1, axis=1)[:, :most]
    kept = np.take_along_axis(chosen, columns, axis=1)
    rows = np.broadcast_to(np.arange(len(chosen))[:, None], columns.shape)
    return rows[kept], columns[kept]
