"""Classes too large even for a few pairs of each mentee: one kind after the other, each the best beside the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mentoring.pairing.matching.listening import Listener, nobody
from mentoring.pairing.matching.problem import NOT_ALLOWED, Ints, Pair, Problem, levels_of
from mentoring.pairing.matching.single import arrange
from mentoring.pairing.matching.slots import NOBODY
from mentoring.pairing.matching.solution import Contradictory

ROUNDS = 2
"""How often every kind is arranged anew beside the others."""


@dataclass(frozen=True)
class Turn:
    """One mentor of a kind for everybody who lacks so many: the first, the second and so on."""

    kind: int
    seeking: Ints
    """The mentees it is about."""


def arrange_in_turn(problem: Problem, listener: Listener = nobody) -> list[Pair]:
    """An arrangement, locked pairs included. Raises Contradictory where a locked group stays too small.

    The listener hears of turns, and of what comes after them; where a group is too small, of all of it once more.
    """
    locked = {lock.mentor for lock in problem.locks}
    while True:
        pairs = _rounds(problem, listener)
        new = Counter(pair.mentor for pair in pairs)
        short = sorted((new[each] - problem.smallest[each], each) for each in new if new[each] < problem.smallest[each])
        if not short:
            return pairs
        if short[0][1] in locked:
            raise Contradictory
        capacity = problem.capacity.copy()
        capacity[short[0][1]] = problem.load[short[0][1]]
        problem = replace(problem, capacity=capacity)


def turns_of(problem: Problem) -> Iterator[Turn]:
    """The kinds with the fewest allowed pairs first: what is scarce is given out before it is taken."""
    locked = Counter((lock.mentee, lock.kind) for lock in problem.locks)
    kinds = sorted(range(problem.kinds), key=lambda kind: ((problem.scores[kind] != NOT_ALLOWED).sum(), kind))
    for kind in kinds:
        kept = np.array([locked[mentee, kind] for mentee in range(problem.mentees)])
        for nth in range(int(problem.needs[:, kind].max(initial=0))):
            yield Turn(kind, np.flatnonzero(problem.needs[:, kind] - kept > nth))


def _rounds(problem: Problem, listener: Listener) -> list[Pair]:
    turns = list(turns_of(problem))
    made: list[Sequence[Pair]] = [[] for _turn in turns]
    best = levels_of(problem, problem.locks)
    steps = ROUNDS * len(turns) + 1
    for nth in range(ROUNDS):
        for number, turn in enumerate(turns):
            listener(nth * len(turns) + number, steps)
            others = [*problem.locks, *_all(made[:number]), *_all(made[number + 1 :])]
            tried = _take(problem, turn, others)
            levels = levels_of(problem, [*others, *tried])
            if levels >= best:
                made[number], best = tried, levels
    listener(steps - 1, steps)
    return [*problem.locks, *_all(made)]


def _all(parts: Iterable[Sequence[Pair]]) -> list[Pair]:
    return [pair for each in parts for pair in each]


def _take(problem: Problem, turn: Turn, others: Sequence[Pair]) -> list[Pair]:
    """The best of this turn beside the pairs of the others."""
    scores = problem.scores[turn.kind].copy()
    taken = np.bincount([pair.mentor for pair in others], minlength=problem.mentors)
    for pair in others:
        scores[pair.mentee, pair.mentor] = NOT_ALLOWED
    mine = scores[turn.seeking]
    found = arrange(mine, problem.free - taken, problem.load + taken, problem.capacity).mentor
    placed = np.flatnonzero(found != NOBODY)
    return [Pair(int(turn.seeking[each]), int(found[each]), turn.kind) for each in placed]
