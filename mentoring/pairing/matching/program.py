"""A class as a linear program: which columns and rows it has, whatever the goal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentoring.pairing.matching.candidates import best_few
from mentoring.pairing.matching.linear import HARDLY, Reals, Rows
from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Ints, Pair, Problem


class Program:
    """Columns: pairs that may be made, then mentees who may become complete, then mentors with a smallest group.

    With `few`, only so many of each mentee's best pairs for each kind: what is found then need not be the best.
    """

    def __init__(self, problem: Problem, few: int | None = None) -> None:
        self.problem, self._few = problem, few
        n, m = problem.mentees, problem.mentors
        locked = np.array(problem.locks, dtype=np.int64).reshape(-1, 3)
        scores = np.array([problem.score(lock) for lock in problem.locks], dtype=np.int64)
        self.locked_mentors = np.bincount(locked[:, 1], minlength=m)
        self.kept = np.bincount(locked[:, 0], minlength=n)
        """(n,): how many locked pairs each mentee has"""
        self.kept_score = np.bincount(locked[:, 0], np.maximum(scores, 0), minlength=n).astype(np.int64)
        self.still = np.array(problem.needs)
        np.subtract.at(self.still, (locked[:, 0], locked[:, 2]), 1)
        self.free = problem.free - self.locked_mentors
        self.mentee, self.mentor, self.kind = self._pairs(locked)
        self.score = self._scores()
        self.hoping = np.flatnonzero(((self.still > 0) & problem.required).any(axis=1))
        """Mentees who lack a required mentor."""
        self.grouped = np.flatnonzero(problem.smallest > np.maximum(self.locked_mentors, 1))
        """Mentors who take several or none."""
        self.size = lcm(*range(1, int(problem.needs.sum(axis=1).max(initial=1)) + 1))
        """Mean scores are whole numbers of points divided by this."""

    def _pairs(self, locked: Ints) -> tuple[Ints, Ints, Ints]:
        found = []
        for kind, matrix in enumerate(self.problem.scores):
            fits = (matrix != NOT_ALLOWED) & (self.free > 0) & (self.still[:, kind] > 0)[:, None]
            fits[locked[:, 0], locked[:, 1]] = False
            mentees, mentors = np.nonzero(fits) if self._few is None else best_few(matrix, fits, self._few)
            found.append((mentees, mentors, np.full(len(mentees), kind)))
        mentees, mentors, kinds = (np.concatenate(part) for part in zip(*found, strict=True))
        return mentees, mentors, kinds

    def _scores(self) -> Ints:
        stacked = np.stack(self.problem.scores)
        return np.asarray(stacked[self.kind, self.mentee, self.mentor], dtype=np.int64)

    @property
    def pairs(self) -> int:
        return len(self.mentee)

    @property
    def columns(self) -> int:
        return self.pairs + len(self.hoping) + len(self.grouped)

    # Goals.

    def column(self, of_pairs: NDArray[np.generic] | float = 0, of_hoping: float = 0) -> Reals:
        """A number for each column."""
        values = np.zeros(self.columns)
        values[: self.pairs] = of_pairs
        values[self.pairs : self.pairs + len(self.hoping)] = of_hoping
        return values

    @property
    def filled(self) -> Reals:
        return self.column(np.asarray(self.problem.required)[self.kind])

    @property
    def complete(self) -> Reals:
        return self.column(of_hoping=1)

    @property
    def total(self) -> Reals:
        return self.column(self.score)

    # Rows.

    def rows(self) -> list[Rows]:
        """What every arrangement keeps, but for `once`, which few come near to breaking."""
        needs = self._at_most(self.mentee * self.problem.kinds + self.kind, self.still.ravel())
        return [needs, self._at_most(self.mentor, self.free), self._completeness(), *self._groups()]

    def _at_most(self, key: Ints, most: Ints) -> Rows:
        """Of pairs with the same key, no more than `most[key]`."""
        keys, row = np.unique(key, return_inverse=True)
        matrix = self._matrix(row, np.arange(self.pairs), np.ones(self.pairs), len(keys))
        return Rows(matrix, np.full(len(keys), -np.inf), most[keys].astype(np.float64))

    def once(self, values: Reals) -> Rows:
        """R2, as far as these values break it: nobody fills two kinds for one mentee."""
        used = np.bincount(self._twosome, values[: self.pairs])
        return self._once_for(np.flatnonzero(used[self._twosome] > 1 + HARDLY))

    def once_among(self, columns: NDArray[np.bool_]) -> Rows:
        """The same for all of these columns, as far as two of them are about the same two people."""
        chosen = np.flatnonzero(columns[: self.pairs])
        several = np.bincount(self._twosome[chosen], minlength=self.pairs + 1) > 1
        return self._once_for(chosen[several[self._twosome[chosen]]])

    def _once_for(self, pairs: Ints) -> Rows:
        """For the people of these pairs, unless they were asked for before: rows of this sort are never let go."""
        wanted = np.zeros_like(self._once_asked)
        wanted[self._twosome[pairs]] = True
        wanted &= ~self._once_asked
        self._once_asked |= wanted
        pairs = np.flatnonzero(wanted[self._twosome])
        twosomes, row = np.unique(self._twosome[pairs], return_inverse=True)
        matrix = self._matrix(row, pairs, np.ones(len(pairs)), len(twosomes))
        return Rows(matrix, np.full(len(twosomes), -np.inf), np.ones(len(twosomes)))

    @cached_property
    def _once_asked(self) -> NDArray[np.bool_]:
        return np.zeros(self.pairs + 1, dtype=np.bool_)

    @cached_property
    def _twosome(self) -> Ints:
        """For each pair the number of its two people, whatever the kind."""
        _keys, number = np.unique(self.mentee * self.problem.mentors + self.mentor, return_inverse=True)
        return np.asarray(number, dtype=np.int64)

    def _completeness(self) -> Rows:
        """Who is to be complete has every mentor they lack, of every required kind."""
        lacking = (self.still > 0) & np.asarray(self.problem.required)
        mentees, kinds = np.nonzero(lacking)
        number = np.full(lacking.shape, -1)
        number[mentees, kinds] = np.arange(len(mentees))
        of_pair = number[self.mentee, self.kind]
        counted = np.flatnonzero(of_pair >= 0)
        hoping = self.pairs + np.searchsorted(self.hoping, mentees)
        matrix = self._matrix(
            np.concatenate([of_pair[counted], np.arange(len(mentees))]),
            np.concatenate([counted, hoping]),
            np.concatenate([-np.ones(len(counted)), self.still[mentees, kinds]]),
            len(mentees),
        )
        return Rows(matrix, np.full(len(mentees), -np.inf), np.zeros(len(mentees)))

    def _groups(self) -> list[Rows]:
        """A mentor with a smallest group has that many new mentees, or none."""
        found = []
        for number, mentor in enumerate(self.grouped):
            theirs = self.column()
            theirs[: self.pairs] = self.mentor == mentor
            takes = self.pairs + len(self.hoping) + number
            some, enough = theirs.copy(), theirs.copy()
            some[takes] = -self.free[mentor]
            enough[takes] = -(self.problem.smallest[mentor] - self.locked_mentors[mentor])
            found += [Rows.one(some, high=0), Rows.one(enough, low=0)]
            if self.locked_mentors[mentor]:
                found.append(Rows.one(np.eye(1, self.columns, takes)[0], low=1))
        return found

    def lowest(self, least: int) -> Rows:
        """Nobody's mean score is lower than `least / size`."""
        above = self.size * self.score - least
        kept = least * self.kept - self.size * self.kept_score
        at_risk = kept > 0
        at_risk[self.mentee[above < 0]] = True
        mentees = np.flatnonzero(at_risk)
        counted = np.flatnonzero(at_risk[self.mentee])
        row = np.searchsorted(mentees, self.mentee[counted])
        matrix = self._matrix(row, counted, above[counted], len(mentees))
        return Rows(matrix, kept[mentees].astype(np.float64), np.full(len(mentees), np.inf))

    def partners(self, least: int, values: Reals) -> Rows:
        """What follows from `lowest` for mentees with two mentors at most, as far as these values break it.

        Whoever has a mentor of a low score has another whose score makes up for it; so there are never more of the
        one than of the other. Parts of mentors pass the rows of `lowest`, and not these.
        """
        rows = [self._partners_of(mentee, least, values) for mentee in self._with_parts(values)]
        found = [row for each in rows for row in each]
        if not found:
            return Rows.none(self.columns)
        length = [len(columns) for columns, _signs in found]
        matrix = self._matrix(
            np.repeat(np.arange(len(found)), length),
            np.concatenate([columns for columns, _signs in found]),
            np.concatenate([signs for _columns, signs in found]),
            len(found),
        )
        return Rows(matrix, np.full(len(found), -np.inf), np.zeros(len(found)))

    def _with_parts(self, values: Reals) -> Ints:
        made = values[: self.pairs]
        parts = np.flatnonzero(np.abs(made - np.rint(made)) > HARDLY)
        two = (self.still.sum(axis=1) == 2) & (self.kept == 0)
        return np.intersect1d(self.mentee[parts], np.flatnonzero(two))

    def _partners_of(self, mentee: int, least: int, values: Reals) -> list[tuple[Ints, Reals]]:
        theirs = self.of_mentee[mentee]
        kinds = np.flatnonzero(self.still[mentee])
        of_kinds = [theirs[self.kind[theirs] == kind] for kind in kinds]
        both = [(of_kinds[0], of_kinds[-1]), (of_kinds[-1], of_kinds[0])][: len(kinds)]
        return [row for some, others in both for row in self._unmatched(some, others, least, values)]

    def _unmatched(self, some: Ints, others: Ints, least: int, values: Reals) -> Iterator[tuple[Ints, Reals]]:
        """For each low score among some of a mentee's pairs: no more of them than of others that make up for it."""
        scores = self.size * self.score[some]
        lows = np.unique(scores[scores < least])
        found = [(some[scores <= low], others[self.size * self.score[others] >= 2 * least - low]) for low in lows]
        if any(values[few].sum() > values[enough].sum() + HARDLY for few, enough in found):
            for few, enough in found:
                yield np.concatenate([few, enough]), np.repeat([1.0, -1.0], [len(few), len(enough)])

    @cached_property
    def of_mentee(self) -> list[Ints]:
        order = np.argsort(self.mentee, kind="stable")
        ends = np.cumsum(np.bincount(self.mentee, minlength=self.problem.mentees))
        return np.split(order, ends[:-1]) if len(ends) else []

    def lowest_of(self, values: Reals) -> int:
        """The lowest mean score of an arrangement, times `size`."""
        made = np.rint(values[: self.pairs]).astype(np.int64)
        n = self.problem.mentees
        count = self.kept + np.bincount(self.mentee, made, minlength=n).astype(np.int64)
        score = self.kept_score + np.bincount(self.mentee, made * self.score, minlength=n).astype(np.int64)
        placed = count > 0
        return int((self.size * score[placed] // count[placed]).min(initial=self.size * HIGHEST))

    def ceiling(self, filled: int) -> int:
        """No arrangement that fills so many places has a higher lowest mean score than this, times `size`.

        A place left open leaves one mentee short at most; of the others each has all they need, with their best mentors
        at best.
        """
        highest = self.size * HIGHEST
        if not all(self.problem.required):
            return highest
        seeking = np.flatnonzero(self.still.any(axis=1))
        short = int(self.still.sum()) - filled
        means = np.sort(self._best_means()[seeking])
        return int(means[short]) if short < len(means) else highest

    def _best_means(self) -> Ints:
        """(n,): the mean score of each mentee with the best of all mentors, times `size`."""
        key = self.mentee * self.problem.kinds + self.kind
        order = np.lexsort((-self.score, key))
        nth = np.arange(len(key)) - np.searchsorted(key[order], key[order])
        best = order[nth < self.still.ravel()[key[order]]]
        count = self.kept + np.bincount(self.mentee[best], minlength=self.problem.mentees)
        score = self.kept_score.copy()
        np.add.at(score, self.mentee[best], self.score[best])
        return np.asarray(self.size * score // np.maximum(count, 1), dtype=np.int64)

    def _matrix(self, row: Ints, column: Ints, value: NDArray[np.generic], rows: int) -> csr_array:
        return csr_array((value.astype(np.float64), (row, column)), shape=(rows, self.columns))

    def arrangement(self, values: Reals) -> list[Pair]:
        made = np.flatnonzero(values[: self.pairs] > 0.5)
        pairs = [Pair(int(self.mentee[each]), int(self.mentor[each]), int(self.kind[each])) for each in made]
        return [*self.problem.locks, *pairs]
