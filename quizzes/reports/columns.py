"""Packed attempts as columns of numbers, and what statistics start from. No database, no web."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from quizzes.reports.packing import HEAD, MARKED, Rows, rows_of
from quizzes.statistics.answers import Answers, Flags, Floats, Ints, summed
from quizzes.statistics.live import UNITS


class Which(StrEnum):
    """Which attempts of each learner are looked at."""

    FIRST = "first"
    """Before anybody has met the questions: what a question is like shows here."""
    ALL = "all"
    BEST = "best"
    LAST = "last"


@dataclass(frozen=True, eq=False)
class Columns:
    """Attempts count from 0 and lie one after the other; so do their answers, of which each says its attempt."""

    enrolment: Ints
    """Attempt by attempt, as the next three."""
    n: Ints
    minutes: Ints
    """When it was handed in, since 1970."""
    seconds: Ints
    attempt: Ints
    """Answer by answer, as all from here on."""
    version: Ints
    slot: Ints
    mark: Ints
    """In units."""
    maximum: Ints
    chosen: Ints
    is_marked: Flags

    @classmethod
    def of(cls, packed: Iterable[bytes]) -> Columns:
        rows = rows_of(packed)
        is_head = rows[:, 0] == HEAD
        heads, answers = rows[is_head], rows[~is_head]
        return cls(
            enrolment=_column(heads, 1),
            n=_column(heads, 2),
            minutes=_column(heads, 3),
            seconds=_column(heads, 4),
            attempt=np.repeat(np.arange(len(heads)), heads[:, 5]),
            version=_column(answers, 0),
            slot=_column(answers, 1),
            mark=_column(answers, 2),
            maximum=_column(answers, 3),
            chosen=_column(answers, 4),
            is_marked=(answers[:, 5] & MARKED) > 0,
        )

    @property
    def attempts(self) -> int:
        return len(self.n)

    @cached_property
    def earned(self) -> Floats:
        """What each attempt earned, in marks."""
        return summed(self.attempt, self.mark.astype(np.float64), self.attempts) / UNITS

    @cached_property
    def possible(self) -> Floats:
        return summed(self.attempt, self.maximum.astype(np.float64), self.attempts) / UNITS

    @cached_property
    def shares(self) -> Floats:
        """What each attempt earned of what it could."""
        return self.earned / np.where(self.possible > 0, self.possible, 1)

    def of_which(self, which: Which) -> Columns:
        """Of each learner these attempts alone."""
        if which is Which.ALL:
            return self
        if which is Which.FIRST:
            return self.only(self.n == 1)
        # The last of each learner in this order; among equally good ones the earlier counts.
        order = np.lexsort((-self.n, self.shares, self.enrolment)) if which is Which.BEST else self._by_time
        people = self.enrolment[order]
        ends = np.flatnonzero(np.append(people[1:] != people[:-1], True)) if len(people) else order
        wanted = np.zeros(self.attempts, dtype=np.bool_)
        wanted[order[ends]] = True
        return self.only(wanted)

    @property
    def _by_time(self) -> Ints:
        return np.lexsort((self.n, self.enrolment))

    def only(self, attempts: Flags) -> Columns:
        """Without the attempts that are not wanted, counted anew."""
        if attempts.all():
            return self
        numbers = np.cumsum(attempts) - 1
        rows = attempts[self.attempt]
        return Columns(
            self.enrolment[attempts],
            self.n[attempts],
            self.minutes[attempts],
            self.seconds[attempts],
            *self._rows(rows, numbers[self.attempt]),
        )

    def _rows(self, rows: Flags, attempt: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Flags]:
        return (
            attempt[rows],
            self.version[rows],
            self.slot[rows],
            self.mark[rows],
            self.maximum[rows],
            self.chosen[rows],
            self.is_marked[rows],
        )

    @cached_property
    def marked(self) -> Columns:
        """Without what is worth nothing, and without attempts that wait for people's marks: their totals may change."""
        waiting = np.zeros(self.attempts, dtype=np.bool_)
        waiting[self.attempt[~self.is_marked]] = True
        kept = self.only(~waiting)
        worth = kept.maximum > 0
        if worth.all():
            return kept
        return Columns(kept.enrolment, kept.n, kept.minutes, kept.seconds, *kept._rows(worth, kept.attempt))

    @cached_property
    def versions(self) -> list[int]:
        """The rows of the versions that were asked, each once and in order: the items of `answers`."""
        return [int(each) for each in np.flatnonzero(np.bincount(self.version))]

    @cached_property
    def item(self) -> Ints:
        """Answer by answer, the place of its version among `versions`."""
        places = np.zeros(max(self.versions, default=0) + 1, dtype=np.intp)
        places[self.versions] = np.arange(len(self.versions))
        return places[self.version]

    @cached_property
    def answers(self) -> Answers:
        """Where attempts weigh an item differently, each mark as if all weighed it alike."""
        worth = np.zeros(len(self.versions))
        worth[self.item] = self.maximum
        mark = self.mark.astype(np.float64)
        if (differs := worth[self.item] != self.maximum).any():
            mark[differs] *= (worth[self.item] / self.maximum)[differs]
        return Answers.of(self.attempt, self.item, mark / UNITS, worth / UNITS, self._slots)

    @property
    def _slots(self) -> Ints:
        return self.slot - int(self.slot.min(initial=0))

    @cached_property
    def months(self) -> Ints:
        """Attempt by attempt, in which month it was handed in, counted since 1970."""
        return self.minutes.astype("datetime64[m]").astype("datetime64[M]").astype(np.intp)

    def options(self) -> tuple[Ints, Ints]:
        """Pairs in two columns: an answer's row, and the place of an option that was chosen in it."""
        used = int(np.bitwise_or.reduce(self.chosen, initial=0)).bit_length()
        rows = [np.flatnonzero(self.chosen & (1 << place)) for place in range(used)]
        places = [np.full(len(each), place) for place, each in enumerate(rows)]
        return np.concatenate([np.empty(0, np.intp), *rows]), np.concatenate([np.empty(0, np.intp), *places])


def _column(rows: Rows, number: int) -> Ints:
    return rows[:, number].astype(np.intp)
