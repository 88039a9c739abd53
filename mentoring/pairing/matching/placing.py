"""How many can be placed, and how low the lowest score has to be for it; each with its proof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentoring.pairing.matching.candidates import AT_MOST_ADDED, BLOCK, Candidates, few_lowest, spread, together
from mentoring.pairing.matching.problem import Ints, Scores
from mentoring.pairing.matching.slots import NOBODY, Slots, place_most

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cover:
    """Why no more can be placed (Kőnig 1931): everybody not `stuck` has a place at most once, and the stuck have
    nobody but the `wanted` mentors, whose places are counted."""

    least: int
    """Holds for arrangements in which every score reaches this."""
    stuck: Flags
    """(n,)"""
    wanted: Flags
    """(m,)"""

    def most(self, places: Ints) -> int:
        """No arrangement places more than this."""
        return int((~self.stuck).sum() + places[self.wanted].sum())

    def among(self, seeking: Ints, mentees: int) -> Cover:
        """The same, told of a class of which these were looked at."""
        stuck = np.zeros(mentees, dtype=np.bool_)
        stuck[seeking] = self.stuck
        return Cover(self.least, stuck, self.wanted)

    def rearranged(self, rows: Ints, columns: Ints) -> Cover:
        """The same, with row `i` called `rows[i]`."""
        stuck, wanted = np.empty_like(self.stuck), np.empty_like(self.wanted)
        stuck[rows], wanted[columns] = self.stuck, self.wanted
        return Cover(self.least, stuck, wanted)

    def holds(self, scores: Scores, places: Ints) -> bool:
        """Whether the stuck have indeed nobody else; looks at every pair."""
        others = ~self.wanted & (places > 0)
        stuck = np.flatnonzero(self.stuck)
        blocks = (stuck[begin : begin + BLOCK] for begin in range(0, len(stuck), BLOCK))
        return not any((scores[block][:, others] >= self.least).any() for block in blocks)


@dataclass(frozen=True)
class Placing:
    """An arrangement with as many pairs as possible."""

    mentor: Ints
    """(n,): or NOBODY."""
    cover: Cover | None
    """None where the number asked for was reached."""

    @property
    def count(self) -> int:
        return int((self.mentor != NOBODY).sum())


def place(candidates: Candidates, least: int, enough: int) -> Placing:
    """Place as many as there can be with scores of at least `least`; `enough` says when to look no further."""
    slots = Slots(candidates.places)
    while True:
        rows, columns, _scores = candidates.pairs(least)
        mentor = place_most(candidates.scores.shape[0], rows, columns, slots)
        if (mentor != NOBODY).sum() >= enough:
            return Placing(mentor, None)
        cover = Cover(least, *_reached(rows, columns, mentor, len(candidates.places)))
        more = _outside(candidates, cover)
        if not len(more[0]):
            return Placing(mentor, cover)
        candidates.add(*more)


def _reached(rows: Ints, columns: Ints, mentor: Ints, mentors: int) -> tuple[Flags, Flags]:
    """Mentees without a place, and everybody whose place could become theirs by moving others on."""
    stuck, wanted = mentor == NOBODY, np.zeros(mentors, dtype=np.bool_)
    has = mentor != NOBODY
    while True:
        now = wanted.copy()
        now[columns[stuck[rows]]] = True
        if (now == wanted).all():
            return stuck, wanted
        wanted = now
        stuck = stuck | (has & wanted[mentor])


def _outside(candidates: Candidates, cover: Cover) -> tuple[Ints, Ints]:
    """Pairs of the stuck with mentors not wanted yet: with them, more might be placed."""
    found = []
    others = ~cover.wanted & (candidates.places > 0)
    for begin in range(0, candidates.scores.shape[0], BLOCK):
        stuck = np.flatnonzero(cover.stuck[begin : begin + BLOCK])
        block = candidates.scores[begin : begin + BLOCK][stuck]
        fits = (block >= cover.least) & others
        if fits.any():
            rows, columns = few_lowest(-spread(block, begin), fits, AT_MOST_ADDED)
            found.append((begin + stuck[rows], columns))
    return together(found)


def raise_lowest(candidates: Candidates, placing: Placing, ceiling: int) -> tuple[Placing, Cover | None]:
    """The same number placed with the lowest score as high as can be, but no higher than `ceiling`.

    With the proof that one more point would cost a place; None where the ceiling was reached.
    """
    count, cover = placing.count, None
    if not count:
        return placing, None
    low = _lowest(candidates, placing)
    high = min(ceiling, int(np.sort(candidates.scores.max(axis=1, initial=-1))[-count]))
    step, probe = 1, high
    while low < high:
        tried = place(candidates, probe, count)
        if tried.count >= count:
            placing, low = tried, min(_lowest(candidates, tried), ceiling)
        else:
            high, cover, step = probe - 1, tried.cover, 4 * step
        probe = max((low + high + 1) // 2, high - step)
    if cover is None and high < ceiling:
        cover = place(candidates, high + 1, count).cover
    return placing, cover


def _lowest(candidates: Candidates, placing: Placing) -> int:
    placed = np.flatnonzero(placing.mentor != NOBODY)
    return int(candidates.scores[placed, placing.mentor[placed]].min())
