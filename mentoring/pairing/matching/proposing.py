"""People in, pairs out: rules and scores make a problem, which is solved, and what stands in the way is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.candidates import BLOCK
from mentoring.pairing.matching.listening import Listener, after, nobody
from mentoring.pairing.matching.people import Mentee, Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.problem import NOT_ALLOWED, Ints, Pair, Problem, Scores
from mentoring.pairing.matching.scoring import Points
from mentoring.pairing.matching.solution import Solution
from mentoring.pairing.rules import Rule


class UnknownLock(ValueError):
    """A locked pair names somebody who is not matched, or a kind there is not."""


@dataclass(frozen=True)
class Lock:
    """A pair that is kept, by the keys of the two and of the kind."""

    mentee: str
    mentor: str
    kind: str


@dataclass(frozen=True)
class Proposal:
    mentee: Mentee
    mentor: Mentor
    kind: str
    score: int


@dataclass(frozen=True)
class Leftover:
    """A mentor of some kind that somebody lacks after the run, and how many mentors each rule keeps from them."""

    mentee: Mentee
    kind: str
    missing: int
    barred: dict[Rule, int]
    """A mentor counts for every rule that stands in the way. `NO_PLACE`: allowed, and without a place left."""


@dataclass(frozen=True)
class Run:
    """What came out."""

    solution: Solution
    locks: tuple[Lock, ...]
    proposals: tuple[Proposal, ...]
    leftovers: tuple[Leftover, ...]


def propose(pool: Pool, locks: Sequence[Lock] = (), *, seed: int = 0, listener: Listener = nobody) -> Run:
    """The best pairs for a pool. Raises UnknownLock, ValueError, Contradictory and Unanswered.

    The listener hears of the scores of all pairs, which are the first step, and then of what is settled.
    """
    from mentoring.pairing.matching.solving import solve  # Slow to be read: only who solves waits for it.

    problem = problem_of(pool, locks)
    keys = [each.key for each in pool.mentees], [each.key for each in pool.mentors]
    solution = solve(problem, *keys, seed=seed, listener=after(1, listener))
    proposals, leftovers = proposals_of(pool, problem, solution), _leftovers(pool, problem, solution)
    return Run(solution, tuple(locks), proposals, leftovers)


def problem_of(pool: Pool, locks: Sequence[Lock] = ()) -> Problem:
    kinds, mentors = pool.design.kinds, pool.mentors
    return Problem(
        scores=tuple(_scores(pool)),
        needs=np.array([[mentee.needs.get(kind.key, 0) for kind in kinds] for mentee in pool.mentees]).reshape(
            len(pool.mentees), len(kinds)
        ),
        capacity=_numbers([mentor.capacity for mentor in mentors]),
        load=_numbers([mentor.load for mentor in mentors]),
        smallest=_numbers([mentor.smallest_group for mentor in mentors]),
        required=tuple(kind.is_required for kind in kinds),
        locks=tuple(_located(pool, lock) for lock in locks),
    )


def _numbers(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _scores(pool: Pool) -> list[Scores]:
    """One matrix for each kind, put together a few mentees at a time."""
    bars, points = Bars(pool), Points(pool)
    shape = len(pool.mentees), len(pool.mentors)
    allowed = np.empty(shape, dtype=np.int16)
    for begin in range(0, shape[0], BLOCK):
        rows = slice(begin, begin + BLOCK)
        barred = np.logical_or.reduce(list(bars.of(rows).values()))
        allowed[rows] = np.where(barred, NOT_ALLOWED, points.scores(rows))
    return [np.where(bars.not_offered(kind.key), NOT_ALLOWED, allowed).astype(np.int16) for kind in pool.design.kinds]


def _located(pool: Pool, lock: Lock) -> Pair:
    mentees = {mentee.key: row for row, mentee in enumerate(pool.mentees)}
    mentors = {mentor.key: row for row, mentor in enumerate(pool.mentors)}
    kinds = {kind.key: number for number, kind in enumerate(pool.design.kinds)}
    try:
        return Pair(mentees[lock.mentee], mentors[lock.mentor], kinds[lock.kind])
    except KeyError as problem:
        raise UnknownLock(f"A locked pair names {problem}, which is not part of the run.") from None


def proposals_of(pool: Pool, problem: Problem, solution: Solution) -> tuple[Proposal, ...]:
    return tuple(
        Proposal(
            pool.mentees[pair.mentee],
            pool.mentors[pair.mentor],
            pool.design.kinds[pair.kind].key,
            max(problem.score(pair), 0),
        )
        for pair in solution.pairs
    )


def _leftovers(pool: Pool, problem: Problem, solution: Solution) -> tuple[Leftover, ...]:
    missing = np.array(problem.needs)
    for pair in solution.pairs:
        missing[pair.mentee, pair.kind] -= 1
    rows = np.flatnonzero(missing.any(axis=1))
    bars = Bars(Pool(pool.design, [pool.mentees[row] for row in rows], pool.mentors))
    full = _full(problem, solution)
    found = []
    for number, row in enumerate(rows):
        barred = {rule: forbids[0] for rule, forbids in bars.of(slice(number, number + 1)).items()}
        for kind in np.flatnonzero(missing[row]):
            key = pool.design.kinds[kind].key
            of_kind = {**barred, Rule.NOT_OFFERED: bars.not_offered(key)}
            of_kind[Rule.NO_PLACE] = full & (problem.scores[kind][row] != NOT_ALLOWED)
            counts = {rule: int(forbids.sum()) for rule, forbids in of_kind.items()}
            in_the_way = {rule: count for rule, count in counts.items() if count}
            found.append(Leftover(pool.mentees[row], key, int(missing[row, kind]), in_the_way))
    return tuple(found)


def _full(problem: Problem, solution: Solution) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    new = np.bincount([pair.mentor for pair in solution.pairs], minlength=problem.mentors)
    return np.asarray(new >= problem.free)
