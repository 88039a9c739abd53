"""The best levels there are, found by trying everything: slow, simple, and nothing like the engine.

Every mentee has some choices: a set of mentors for kinds. Which loads the mentors have after some mentees have chosen
is all that matters to the others; so the best of each loads is kept, for one mentee after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Levels, Pair, Problem, levels_of, unevenness

NEVER = -(10**15)
FILLED, COMPLETE = 10**10, 10**7
"""One place filled counts more than all mentees complete, and one of those more than all points."""


@dataclass(frozen=True)
class Choice:
    """What one mentee may get."""

    pairs: tuple[Pair, ...]
    value: int
    mean: Fraction


def best_of_all(problem: Problem) -> Levels | None:
    """None where no arrangement keeps the locks and the smallest groups."""
    choices = [list(_choices(problem, mentee)) for mentee in range(problem.mentees)]
    means = sorted({choice.mean for each in choices for choice in each})
    most = int(_best_by_load(problem, choices).max()) // COMPLETE
    if most < 0:
        return None
    low, high = 0, len(means) - 1
    while low < high:
        middle = (low + high + 1) // 2
        reached = int(_best_by_load(problem, choices, means[middle]).max()) // COMPLETE
        low, high = (middle, high) if reached == most else (low, middle - 1)
    best = _best_by_load(problem, choices, means[low] if means else Fraction(0))
    loads = [tuple(map(int, each)) for each in np.argwhere(best == best.max())]
    even = max(-unevenness(problem, Counter(dict(enumerate(each)))) for each in loads)
    filled, rest = divmod(int(best.max()), FILLED)
    complete, total = divmod(rest, COMPLETE)
    return Levels(filled, complete, means[low] if means else Fraction(HIGHEST), total, even)


def _best_by_load(problem: Problem, choices: list[list[Choice]], least: Fraction = Fraction(0)) -> NDArray[np.int64]:
    """The best value for every combination of new mentees of the mentors."""
    best = np.full([int(each) + 1 for each in problem.free], NEVER)
    best[(0,) * problem.mentors] = 0
    for theirs in choices:
        after = np.full_like(best, NEVER)
        for choice in theirs:
            if choice.mean >= least:
                new = Counter(pair.mentor for pair in choice.pairs)
                before = tuple(slice(0, size - new[mentor]) for mentor, size in enumerate(best.shape))
                then = tuple(slice(new[mentor], None) for mentor in range(problem.mentors))
                after[then] = np.maximum(after[then], best[before] + choice.value)
        best = after
    for mentor, smallest in enumerate(problem.smallest):
        too_small = [slice(None)] * problem.mentors
        too_small[mentor] = slice(1, max(int(smallest), 1))
        best[tuple(too_small)] = NEVER
    return best


def _choices(problem: Problem, mentee: int) -> Iterator[Choice]:
    locked = {lock for lock in problem.locks if lock.mentee == mentee}
    of_kinds = [list(_of_kind(problem, mentee, kind, locked)) for kind in range(problem.kinds)]
    for some in product(*of_kinds):
        pairs = tuple(pair for each in some for pair in each)
        if len({pair.mentor for pair in pairs}) == len(pairs) and locked <= set(pairs):
            yield _valued(problem, mentee, pairs)


def _of_kind(problem: Problem, mentee: int, kind: int, locked: set[Pair]) -> Iterator[tuple[Pair, ...]]:
    everybody = [Pair(mentee, mentor, kind) for mentor in range(problem.mentors)]
    allowed = [pair for pair in everybody if problem.free[pair.mentor] and problem.score(pair) != NOT_ALLOWED]
    for count in range(int(problem.needs[mentee, kind]) + 1):
        yield from combinations(sorted({*allowed, *(pair for pair in locked if pair.kind == kind)}), count)


def _valued(problem: Problem, mentee: int, pairs: tuple[Pair, ...]) -> Choice:
    had = Counter(pair.kind for pair in pairs)
    required = [kind for kind in range(problem.kinds) if problem.required[kind]]
    is_complete = all(had[kind] == problem.needs[mentee, kind] for kind in required)
    total = sum(max(problem.score(pair), 0) for pair in pairs)
    value = FILLED * sum(had[kind] for kind in required) + COMPLETE * is_complete + total
    return Choice(pairs, value, Fraction(total, len(pairs)) if pairs else Fraction(HIGHEST))


def best_of_tiny(problem: Problem) -> Levels | None:
    """The same, without any thought: every combination of choices."""
    every = product(*(_choices(problem, mentee) for mentee in range(problem.mentees)))
    arrangements = ([pair for choice in choices for pair in choice.pairs] for choices in every)
    return max((levels_of(problem, each) for each in arrangements if _fits(problem, each)), default=None)


def _fits(problem: Problem, pairs: list[Pair]) -> bool:
    new = Counter(pair.mentor for pair in pairs)
    return all(problem.smallest[mentor] <= count <= problem.free[mentor] for mentor, count in new.items())
