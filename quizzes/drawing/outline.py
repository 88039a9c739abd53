"""What an attempt is drawn from: sections of fixed questions and of rules, in plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import factorial, prod


class Seen(StrEnum):
    """How a rule treats questions that this learner has met before."""

    FIRST = "first"
    """Those met least often come first."""
    RANDOM = "random"
    """It does not matter."""
    AVOID = "avoid"
    """Unseen ones come first; among the others it does not matter how often they were met."""

    def burden(self, met: int) -> int:
        """What it costs to ask a question met so often."""
        if self is Seen.RANDOM:
            return 0
        return met if self is Seen.FIRST else min(met, 1)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that may be asked, and what this learner has seen of it."""

    question: int
    version: int
    options: int = 0
    """How many places its options have."""
    groups: tuple[tuple[int, ...], ...] = ()
    """The places, from 0, that may change with one another; a place in no group keeps its option."""
    hides_order: bool = False
    """Whether 0, 1, 2 ... is the right answer, so that it is not how the options are shown."""
    difficulty: float = 0
    met: int = 0
    """In how many earlier attempts this learner met the question."""
    last_order: tuple[int, ...] = ()
    """The option order it was last shown in; empty if it never was."""

    def __post_init__(self) -> None:
        places = [place for group in self.groups for place in group]
        if len(set(places)) < len(places) or not set(places) <= set(range(self.options)):
            raise ValueError(f"Question {self.question} has groups that overlap, or places it does not have.")

    @property
    def orders(self) -> int:
        """How many orders of its options there are."""
        return prod(factorial(len(group)) for group in self.groups)

    def allows(self, order: Sequence[int]) -> bool:
        """Whether its options can stand in this order."""
        if len(order) != self.options:
            return False
        moved = {place for group in self.groups for place in group}
        stays = all(order[place] == place for place in range(self.options) if place not in moved)
        return stays and all({order[place] for place in group} == set(group) for group in self.groups)

    @property
    def avoided(self) -> set[tuple[int, ...]]:
        """The orders it is not shown in. To differ from last time weighs more than to hide the right order."""
        if not self.last_order and not self.hides_order:
            return set()
        last = {self.last_order} if self.allows(self.last_order) else set()
        both = last | ({tuple(range(self.options))} if self.hides_order else set())
        return next((orders for orders in (both, last) if len(orders) < self.orders), set())


@dataclass(frozen=True, kw_only=True)
class Band:
    """Difficulties, both ends included, and the share that a rule takes from them, beside the other bands' shares."""

    lowest: float
    highest: float
    share: int = 1

    def __contains__(self, difficulty: float) -> bool:
        return self.lowest <= difficulty <= self.highest


@dataclass(frozen=True)
class Fixed:
    """A question that everybody is asked."""

    candidate: Candidate


@dataclass(frozen=True, kw_only=True)
class Rule:
    """So many questions of a pool."""

    name: str
    count: int
    pool: Sequence[Candidate]
    """In any order: what follows from a seed does not hang on it."""
    bands: Sequence[Band] = ()
    """Where there are any, a question belongs to the first that holds its difficulty; one in none is not drawn."""
    seen: Seen = Seen.FIRST

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("A rule needs a name.")
        if len({candidate.question for candidate in self.pool}) < len(self.pool):
            raise ValueError(f"The pool of rule {self.name!r} holds a question twice.")
        if self.bands and not any(band.share for band in self.bands):
            raise ValueError(f"The rule {self.name!r} has bands that share nothing.")

    @cached_property
    def by_question(self) -> Sequence[Candidate]:
        """The pool, sorted; once for all who draw from it."""
        return sorted(self.pool, key=lambda candidate: candidate.question)

    @property
    def counts(self) -> list[int]:
        """How many questions come from each band: its share rounded down, then one more to the largest remainders."""
        whole = sum(band.share for band in self.bands)
        counts = [self.count * band.share // whole for band in self.bands]
        by_remainder = sorted(range(len(counts)), key=lambda n: (-(self.count * self.bands[n].share % whole), n))
        for n in by_remainder[: self.count - sum(counts)]:
            counts[n] += 1
        return counts

    def divided(self, pool: Sequence[Candidate]) -> Iterator[tuple[Band | None, int, Sequence[Candidate]]]:
        """Each band with its count and its candidates, in the order of the pool; without bands, the pool as it is."""
        if not self.bands:
            yield None, self.count, pool
            return
        of_band: list[list[Candidate]] = [[] for _ in self.bands]
        for candidate in pool:
            home = next((n for n, band in enumerate(self.bands) if candidate.difficulty in band), None)
            if home is not None:
                of_band[home].append(candidate)
        yield from zip(self.bands, self.counts, of_band, strict=True)


@dataclass(frozen=True)
class Section:
    slots: Sequence[Fixed | Rule]
    is_shuffled: bool = True
    """Otherwise its slots stand in their order, and a rule's questions by their ids."""


@dataclass(frozen=True)
class Part:
    """So many questions from these candidates: a fixed question, a rule, or one band of it."""

    section: int
    slot: int
    """Both count from 1; slots do so through the whole outline."""
    name: str
    """Of the rule; empty for a fixed question."""
    band: Band | None
    count: int
    candidates: Sequence[Candidate]
    seen: Seen = Seen.RANDOM

    @property
    def is_fixed(self) -> bool:
        return not self.name

    @property
    def burdens(self) -> dict[int, int]:
        """What it costs to ask each of its questions, in the order of the candidates."""
        burden = self.seen.burden
        return {candidate.question: burden(candidate.met) for candidate in self.candidates}


def _as_it_is(_slot: int, pool: Sequence[Candidate]) -> Sequence[Candidate]:
    return pool


@dataclass(frozen=True)
class Outline:
    sections: Sequence[Section]
    enemies: Sequence[frozenset[int]] = ()
    """Sets of questions: of each set at most one is asked. They may overlap."""
    is_shuffled: bool = False
    """Whether the sections change places."""

    def parts(self, order: Callable[[int, Sequence[Candidate]], Sequence[Candidate]] = _as_it_is) -> Iterator[Part]:
        """Its parts, slot after slot; each rule's pool, sorted by question, is put into an order first."""
        number = 0
        for section, each in enumerate(self.sections, start=1):
            for slot in each.slots:
                number += 1
                if isinstance(slot, Fixed):
                    yield Part(section, number, "", None, 1, [slot.candidate])
                    continue
                pool = order(number, slot.by_question)
                for band, count, candidates in slot.divided(pool):
                    yield Part(section, number, slot.name, band, count, candidates, slot.seen)
