"""From a problem to the best arrangement, whatever the order in which people are listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from mentoring.pairing.matching.bounding import bounds
from mentoring.pairing.matching.in_turn import arrange_in_turn
from mentoring.pairing.matching.joint import arrange_jointly
from mentoring.pairing.matching.listening import Listener, nobody
from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Ints, Pair, Problem, levels_of
from mentoring.pairing.matching.single import arrange
from mentoring.pairing.matching.slots import NOBODY
from mentoring.pairing.matching.solution import Solution

MOST_AT_ONCE = 150_000
"""Allowed pairs up to which several kinds are arranged at once, and proved: twice 300 x 120, with room."""

FEW = 12
"""Pairs of each mentee and kind that are looked at in larger classes, where the best that is found has bounds."""


def solve(
    problem: Problem,
    mentees: Sequence[str] = (),
    mentors: Sequence[str] = (),
    *,
    seed: int = 0,
    listener: Listener = nobody,
) -> Solution:
    """The best arrangement there is; among equals the seed decides, and not the order of rows.

    `mentees` and `mentors` are names that stay when rows change places, such as public ids; without them the order of
    rows counts. Raises Contradictory where locked pairs and smallest groups cannot be kept together, Unanswered where
    the solver gives up.
    """
    rows = drawn_order("mentee", mentees, problem.mentees, seed)
    columns = drawn_order("mentor", mentors, problem.mentors, seed)
    found = _solve(_rearranged(problem, rows, columns), listener)
    pairs = [Pair(int(rows[pair.mentee]), int(columns[pair.mentor]), pair.kind) for pair in found.pairs]
    in_order = tuple(sorted(pairs, key=lambda pair: (pair.mentee, pair.kind, pair.mentor)))
    return replace(found, pairs=in_order, cover=found.cover and found.cover.rearranged(rows, columns))


def drawn_order(part: str, names: Sequence[str], count: int, seed: int) -> Ints:
    """An order that depends on the names and the seed alone."""
    key = seed.to_bytes(8, "big", signed=True)
    drawn = [blake2b(f"{part} {name}".encode(), key=key, digest_size=8).digest() for name in names] or [b""] * count
    return np.array(sorted(range(count), key=lambda row: (drawn[row], row)), dtype=np.int64)


def _rearranged(problem: Problem, rows: Ints, columns: Ints) -> Problem:
    row, column = np.argsort(rows), np.argsort(columns)
    locks = [Pair(int(row[lock.mentee]), int(column[lock.mentor]), lock.kind) for lock in problem.locks]
    return Problem(
        scores=tuple(scores[rows][:, columns] for scores in problem.scores),
        needs=problem.needs[rows],
        capacity=problem.capacity[columns],
        load=problem.load[columns],
        smallest=problem.smallest[columns],
        required=problem.required,
        locks=tuple(sorted(locks)),
    )


def _solve(problem: Problem, listener: Listener) -> Solution:
    if is_simple(problem):
        return _solve_simple(problem, listener)
    if sum(int((scores != NOT_ALLOWED).sum()) for scores in problem.scores) <= MOST_AT_ONCE:
        pairs = arrange_jointly(problem, None, listener)
        levels = levels_of(problem, pairs)
        return Solution(tuple(pairs), levels, levels)
    is_huge = problem.mentees * problem.kinds * FEW > MOST_AT_ONCE
    pairs = arrange_in_turn(problem, listener) if is_huge else arrange_jointly(problem, FEW, listener)
    levels = levels_of(problem, pairs)
    return Solution(tuple(pairs), levels, bounds(problem, levels))


def is_simple(problem: Problem) -> bool:
    """Whether there is one kind, of which each needs one at most, and no smallest group."""
    return bool(
        problem.required == (True,) and problem.needs.max(initial=0) <= 1 and problem.smallest.max(initial=0) <= 1
    )


def _solve_simple(problem: Problem, listener: Listener) -> Solution:
    """What is locked is taken out; it counts where the lowest score and the load are concerned."""
    locked = np.array(problem.locks, dtype=np.int64).reshape(-1, 3)
    taken = np.bincount(locked[:, 1], minlength=problem.mentors)
    seeking = np.flatnonzero(problem.needs[:, 0] > np.bincount(locked[:, 0], minlength=problem.mentees))
    found = arrange(
        problem.scores[0][seeking],
        problem.free - taken,
        problem.load + taken,
        problem.capacity,
        ceiling=min((max(problem.score(lock), 0) for lock in problem.locks), default=HIGHEST),
        listener=listener,
    )
    placed = np.flatnonzero(found.mentor != NOBODY)
    pairs = (*problem.locks, *(Pair(int(seeking[each]), int(found.mentor[each])) for each in placed))
    levels = levels_of(problem, pairs)
    return Solution(pairs, levels, levels, found.proof.most and found.proof.most.among(seeking, problem.mentees))
