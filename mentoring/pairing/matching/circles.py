"""From a gathering to the best circles, whatever the order in which people are listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mentoring.pairing.matching import peeling
from mentoring.pairing.matching.choices import Choices, choices_of
from mentoring.pairing.matching.exchanging import seat
from mentoring.pairing.matching.gathering import Circle, Gathering, Harmony, harmony_of
from mentoring.pairing.matching.parting import Parting
from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED
from mentoring.pairing.matching.solution import Contradictory, Unanswered
from mentoring.pairing.matching.solving import drawn_order

MOST_CHOICES = 60_000
"""Circles that are good enough up to which all of them are looked at, and the best proved."""
EXACT_BELOW = 10**8
"""Points all together, times the gathering's unit, up to which the solver still counts without rounding."""
TRIES, TRIES_OF_MANY, MANY = 6, 2, 40
"""How often circles are begun anew before the solver goes on with the best; fewer times with many people."""
FRIENDS = (24, 16, 12, 8, 6, 4)
"""Where there are too many circles: each person's so many best others are looked at, as many as will do."""


Seated = tuple[Circle, ...] | None
"""Circles that were found in little time; None where nothing was that keeps people together."""


@dataclass(frozen=True)
class Parted:
    """Circles, and how far from the best they may be."""

    circles: tuple[Circle, ...]
    levels: Harmony
    bounds: Harmony
    """No circles that are as good on the levels before are better than this on any level."""

    @property
    def is_best(self) -> bool:
        return self.levels == self.bounds


def part(gathering: Gathering, names: Sequence[str] = (), *, seed: int = 0) -> Parted:
    """The best circles there are; among equals the seed decides, and not the order of rows.

    `names` stay when rows change places, such as public ids; without them the order of rows counts. Raises
    Contradictory where people who are kept together cannot be placed, and Unanswered where the solver gives up.
    """
    order = drawn_order("peer", names, gathering.people, seed)
    found = _part(gathering.rearranged(order))
    circles = tuple(sorted(tuple(sorted(int(order[each]) for each in circle)) for circle in found.circles))
    return Parted(circles, found.levels, found.bounds)


def _part(gathering: Gathering) -> Parted:
    seated = seat(gathering, tries=TRIES if gathering.people <= MANY else TRIES_OF_MANY)
    if seated is not None and (reached := harmony_of(gathering, seated)) == peeling.bounds(gathering, reached):
        # Where all are alike, a solver would go through them all and learn nothing.
        return Parted(seated, reached, reached)
    choices = _all_that_count(gathering, seated)
    if choices is not None and not len(choices):
        return _nobody(gathering)
    is_proved = False
    if choices is not None:
        found, is_proved = _best(choices, seated)
    else:
        found = _best_of_promising(gathering, seated)
    if found is None:
        raise Unanswered("Nothing was found that keeps people together as asked.")
    levels = harmony_of(gathering, found)
    return Parted(found, levels, levels if is_proved else peeling.bounds(gathering, levels))


def _nobody(gathering: Gathering) -> Parted:
    if gathering.together:
        raise Contradictory
    levels = harmony_of(gathering, ())
    return Parted((), levels, levels)


def _all_that_count(gathering: Gathering, seated: Seated) -> Choices | None:
    """Every circle that may be in the best parting; None where they are too many, or numbers too large."""
    if gathering.people * HIGHEST * gathering.unit > EXACT_BELOW:
        return None
    least = 0
    if seated is not None and sum(map(len, seated)) == peeling.most_placed(gathering):
        least = min(map(gathering.lowest_of, seated), default=0)
    return choices_of(gathering, least, MOST_CHOICES)


def _best_of_promising(gathering: Gathering, seated: Seated) -> tuple[Circle, ...] | None:
    choices = _promising(gathering, seated)
    if choices is None or not len(choices):
        return seated
    try:
        return _best(choices, seated)[0]
    except Contradictory:
        # Among these alone; nobody knows about the others.
        return None


def _promising(gathering: Gathering, seated: Seated) -> Choices | None:
    """Circles of people who are each other's best, and those that were found."""
    for friends in FRIENDS:
        choices = choices_of(_among_friends(gathering, seated or (), friends), 0, MOST_CHOICES)
        if choices is not None:
            return choices
    return None


def _among_friends(gathering: Gathering, seated: Sequence[Circle], friends: int) -> Gathering:
    """Everybody may meet so many of their best, those whose best they are, and those they were seated with."""
    ranked = np.argsort(-gathering.worth, axis=1, kind="stable")[:, :friends]
    kept = np.zeros(gathering.scores.shape, dtype=np.bool_)
    np.put_along_axis(kept, ranked, values=True, axis=1)
    kept |= kept.T
    for circle in (*seated, *gathering.together):
        kept[np.ix_(circle, circle)] = True
    return replace(gathering, scores=np.where(kept, gathering.scores, NOT_ALLOWED).astype(np.int16))


def _best(choices: Choices, seated: Seated) -> tuple[tuple[Circle, ...] | None, bool]:
    """The best circles of these, and whether they surely are. Raises Contradictory."""
    gathering, parting = choices.gathering, Parting(choices, seated)
    try:
        parting.fill(peeling.most_placed(gathering))
        highest = peeling.highest_lowest(gathering, parting.placed)
        parting.raise_lowest(int(highest * gathering.unit))
        parting.raise_total()
    except Unanswered:
        return (None if parting.known is None else parting.circles()), False
    return parting.circles(), True
