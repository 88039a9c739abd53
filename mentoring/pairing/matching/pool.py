"""Everybody of a cohort as rows of numbers, so that all pairs are looked at in a few operations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentoring.pairing.matching.people import Design, Mentee, Mentor, Someone

Flags = NDArray[np.bool_]
Counts = NDArray[np.int32]

HALF_HOURS = 7 * 48


class Pool:
    """Mentees, mentors and the design they are matched by. Raises ValueError if somebody stands twice on one side."""

    def __init__(self, design: Design, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        self.design = design
        self.mentees = tuple(mentees)
        self.mentors = tuple(mentors)
        if len(self.mentor_of) < len(self.mentors) or len(self.mentee_of) < len(self.mentees):
            raise ValueError("Somebody stands twice among those to be matched.")

    @cached_property
    def mentor_of(self) -> dict[str, int]:
        """The row of each person who mentors."""
        return {mentor.who: row for row, mentor in enumerate(self.mentors)}

    @cached_property
    def mentee_of(self) -> dict[str, int]:
        return {mentee.who: row for row, mentee in enumerate(self.mentees)}


class Shared:
    """How many things each mentee of some and every mentor have in common, such as languages."""

    def __init__(self, mine: Sequence[Collection[Any]], theirs: Sequence[Collection[Any]]) -> None:
        things = {thing: column for column, thing in enumerate(sorted({each for some in theirs for each in some}))}
        self._mine, self._theirs = _marked(mine, things), _marked(theirs, things).T
        self.asked = np.array([len(each) for each in mine], dtype=np.int32)
        """(n,): how many each mentee has named, known to any mentor or not."""
        self.offered = np.array([len(each) for each in theirs], dtype=np.int32)

    def of(self, rows: slice) -> Counts:
        return np.asarray(self._mine[rows] @ self._theirs, dtype=np.int32)


def _marked(some: Sequence[Collection[Any]], things: dict[Any, int]) -> NDArray[np.float32]:
    marks = np.zeros((len(some), len(things)), dtype=np.float32)
    for row, each in enumerate(some):
        marks[row, [things[thing] for thing in each if thing in things]] = 1
    return marks


class Hours:
    """Common free time a week, the least over the weeks that differ."""

    def __init__(self, mentees: Sequence[Someone], mentors: Sequence[Someone]) -> None:
        weeks = max((len(each.hours) for each in (*mentees, *mentors)), default=0)
        self._weeks = [Shared(_week(mentees, number), _week(mentors, number)) for number in range(weeks)]
        self.mentees_said = np.array([bool(each.hours) for each in mentees], dtype=np.bool_)
        self.mentors_said = np.array([bool(each.hours) for each in mentors], dtype=np.bool_)

    def minutes(self, rows: slice) -> Counts:
        """0 also where somebody has said nothing."""
        shared = [30 * week.of(rows) for week in self._weeks]
        found = np.minimum.reduce(shared) if shared else np.zeros((1, 1), dtype=np.int32)
        return np.broadcast_to(found, (len(self.mentees_said[rows]), len(self.mentors_said)))

    def known(self, rows: slice) -> Flags:
        return np.asarray(self.mentees_said[rows, None] & self.mentors_said)


def _week(people: Sequence[Someone], number: int) -> list[frozenset[int]]:
    """Who has fewer weeks that differ has the last of them from then on."""
    return [each.hours[min(number, len(each.hours) - 1)] if each.hours else frozenset() for each in people]


def named(
    people: Sequence[Someone], rows: slice, column_of: dict[str, int], whom: Callable[[Any], Collection[str]]
) -> Flags:
    """Whom each of some people has named, among those with a column."""
    found = np.zeros((len(people[rows]), len(column_of)), dtype=np.bool_)
    for row, each in enumerate(people[rows]):
        found[row, [column_of[who] for who in whom(each) if who in column_of]] = True
    return found
