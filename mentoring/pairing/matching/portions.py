"""Everything each mentee may be given: a mentor of each kind, of some kinds, or several of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from mentoring.pairing.matching.problem import Ints, Pair
from mentoring.pairing.matching.program import Program

Flags = NDArray[np.bool_]
Members = NDArray[np.int32]
"""Small, for there may be millions."""

NOBODY = -1

AT_FIRST = 2
"""Pairs of each mentee and kind that are thought of first."""

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True)
class Portions:
    """In order of mentees. Nobody is in a portion twice, so R2 for two kinds at once is kept by each of them.

    Whoever has a locked pair may also be given nobody more: that, too, is a portion.
    """

    program: Program
    mentee: Members
    """(portions,)"""
    pairs: Members
    """(portions, places): the pairs of the program, or NOBODY."""

    def __len__(self) -> int:
        return len(self.mentee)

    @cached_property
    def there(self) -> Flags:
        return np.asarray(self.pairs != NOBODY)

    @cached_property
    def mentors(self) -> Members:
        """(portions, places): or the number of mentors where there is nobody."""
        return np.append(self.program.mentor, self.program.problem.mentors).astype(np.int32)[self.pairs]

    @cached_property
    def promising(self) -> Flags:
        """Those of each mentee's few best pairs alone."""
        program = self.program
        group = program.mentee * program.problem.kinds + program.kind
        order = np.lexsort((-program.score, group))
        rank = np.empty(program.pairs, dtype=np.int64)
        rank[order] = np.arange(program.pairs) - np.searchsorted(group[order], group[order])
        return np.asarray(self._sum((rank >= AT_FIRST).astype(np.int64)) == 0)

    @cached_property
    def score(self) -> Ints:
        return self._sum(self.program.score)

    @cached_property
    def filled(self) -> Ints:
        """Required places."""
        return self._sum(np.asarray(self.program.problem.required, dtype=np.int64)[self.program.kind])

    @cached_property
    def complete(self) -> Flags:
        """Whether a mentee who lacked a required mentor lacks none any more."""
        lacking = (self.program.still * np.asarray(self.program.problem.required, dtype=np.int64)).sum(axis=1)
        return np.asarray((lacking[self.mentee] > 0) & (self.filled == lacking[self.mentee]))

    @cached_property
    def mean(self) -> Ints:
        """The mean score of all mentors the mentee then has, locked ones included, times the program's `size`."""
        program = self.program
        count = program.kept[self.mentee] + self._sum(np.ones(program.pairs, dtype=np.int64))
        score = program.kept_score[self.mentee] + self.score
        return np.asarray(program.size * score // np.maximum(count, 1), dtype=np.int64)

    def _sum(self, of_pairs: Ints) -> Ints:
        return self.sum_of(self.pairs, np.append(of_pairs, 0))

    def sum_of(self, members: Members, values: NDArray[Number]) -> NDArray[Number]:
        """(portions,): of what their pairs or mentors are worth; the last value stands for nobody.

        Place by place: numpy is slow at adding up many short rows.
        """
        total = np.zeros(len(self), dtype=values.dtype)
        for place in range(members.shape[1]):
            total += values[members[:, place]]
        return total

    def where(self, kept: Flags) -> Portions:
        return Portions(self.program, self.mentee[kept], np.asfortranarray(self.pairs[kept]))

    def matrix(self, chosen: Ints) -> csc_array:
        """(mentees + mentors, chosen): 1 for whose portion it is, and for who is in it."""
        n, m = self.program.problem.mentees, self.program.problem.mentors
        column, place = np.nonzero(self.there[chosen])
        row = np.concatenate([self.mentee[chosen], n + self.mentors[chosen][column, place]])
        column = np.concatenate([np.arange(len(chosen)), column])
        return csc_array((np.ones(len(row)), (row, column)), shape=(n + m, len(chosen)))

    def arrangement(self, chosen: Ints) -> list[Pair]:
        made = self.pairs[chosen][self.there[chosen]]
        values = np.zeros(self.program.pairs)
        values[made] = 1
        return self.program.arrangement(values)


def portions_of(program: Program, most: int) -> Portions | None:
    """All there are; None where they are more than `most`."""
    mentee = np.arange(program.problem.mentees, dtype=np.int32)
    pairs = np.empty((program.problem.mentees, 0), dtype=np.int32)
    for kind in range(program.problem.kinds):
        for nth in range(int(program.still[:, kind].max(initial=0))):
            before = pairs[:, -1] if nth else np.full(len(pairs), NOBODY, dtype=np.int32)
            joined = _with_one_more(program, mentee, pairs, before, kind=kind, nth=nth, most=most)
            if joined is None or len(mentee) + len(joined[0]) > most:
                return None
            alone = np.column_stack([pairs, np.full(len(pairs), NOBODY, dtype=np.int32)])
            mentee, pairs = np.concatenate([mentee, joined[0]]), np.concatenate([alone, joined[1]])
    is_one = (pairs != NOBODY).any(axis=1) | (program.kept[mentee] > 0)
    order = np.flatnonzero(is_one)[np.argsort(mentee[is_one], kind="stable")]
    return Portions(program, mentee[order], np.asfortranarray(pairs[order]))


def _with_one_more(
    program: Program, mentee: Members, pairs: Members, before: Members, *, kind: int, nth: int, most: int
) -> tuple[Members, Members] | None:
    """Each of these with each mentor of the kind who is not in it; several of a kind in ascending order."""
    of_kind = np.flatnonzero(program.kind == kind).astype(np.int32)
    first = np.searchsorted(program.mentee[of_kind], np.arange(program.problem.mentees + 1))
    may = (program.still[mentee, kind] > nth) & ((nth == 0) | (before != NOBODY))
    times = np.where(may, first[mentee + 1] - first[mentee], 0)
    if int(times.sum()) > most:
        return None
    index = np.repeat(np.arange(len(mentee)), times)
    begun = np.cumsum(times) - times
    added = of_kind[first[mentee[index]] + np.arange(len(index)) - begun[index]] if len(index) else index
    fits = added > before[index]
    for place in range(pairs.shape[1]):
        other = pairs[index, place]
        fits &= (other == NOBODY) | (program.mentor[other] != program.mentor[added])
    return mentee[index][fits], np.column_stack([pairs[index], added])[fits]
