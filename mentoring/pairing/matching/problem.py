"""What the engine is asked and what it answers, in numbers; no database, no web."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Scores = NDArray[np.int16]

NOT_ALLOWED = -1
"""In place of a score: a hard rule forbids the pair."""
HIGHEST = 1000
"""Scores are whole numbers from 0 to this."""


class Pair(NamedTuple):
    """A mentee, a mentor and what for, each by its place in the problem."""

    mentee: int
    mentor: int
    kind: int = 0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A class to be matched: `n` mentees, `m` mentors and at least one kind of mentor.

    Raises ValueError where the parts do not fit each other.
    """

    scores: tuple[Scores, ...]
    """One matrix (n, m) for each kind: 0 to HIGHEST, or NOT_ALLOWED."""
    needs: Ints
    """(n, kinds): how many mentors of each kind a mentee still lacks, those locked below included."""
    capacity: Ints
    """(m,): most mentees at once."""
    load: Ints
    """(m,): places taken already, by mentorships that are not part of the problem."""
    smallest: Ints
    """(m,): the fewest new mentees a mentor takes, if any; 0 or 1 for those who take one as well."""
    required: tuple[bool, ...]
    """For each kind, whether a mentee is complete only with it."""
    locks: tuple[Pair, ...] = ()
    """Pairs that are kept whatever they score."""

    def __post_init__(self) -> None:
        n, m, kinds = self.mentees, self.mentors, self.kinds
        shapes = [scores.shape for scores in self.scores] + [self.needs.shape, self.capacity.shape]
        if shapes != [(n, m)] * kinds + [(n, kinds), (m,)] or len(self.required) != kinds:
            raise ValueError(f"The parts of a problem do not fit each other: {shapes}.")
        if self.load.shape != (m,) or self.smallest.shape != (m,):
            raise ValueError("A problem knows load and smallest group of every mentor.")
        _check_locks(self)

    @classmethod
    def of(
        cls,
        scores: Sequence[Any],
        capacity: Sequence[int],
        *,
        needs: Any = 1,
        load: Any = 0,
        smallest: Any = 0,
        required: Sequence[bool] | None = None,
        locks: Iterable[Pair] = (),
    ) -> Problem:
        """From plain lists; what is the same for everybody may be one number."""
        matrices = tuple(np.asarray(each, dtype=np.int16) for each in scores)
        places = np.asarray(capacity, dtype=np.int64)
        n = matrices[0].shape[0]
        return cls(
            scores=matrices,
            needs=np.broadcast_to(np.asarray(needs, dtype=np.int64), (n, len(matrices))),
            capacity=places,
            load=np.broadcast_to(np.asarray(load, dtype=np.int64), places.shape),
            smallest=np.broadcast_to(np.asarray(smallest, dtype=np.int64), places.shape),
            required=tuple(required) if required is not None else (True,) * len(matrices),
            locks=tuple(locks),
        )

    @property
    def mentees(self) -> int:
        return int(self.scores[0].shape[0])

    @property
    def mentors(self) -> int:
        return int(self.scores[0].shape[1])

    @property
    def kinds(self) -> int:
        return len(self.scores)

    @property
    def free(self) -> Ints:
        """(m,): places that may be given, those of locked pairs included."""
        return np.asarray(np.maximum(self.capacity - self.load, 0), dtype=np.int64)

    def score(self, pair: Pair) -> int:
        return int(self.scores[pair.kind][pair.mentee, pair.mentor])


def _check_locks(problem: Problem) -> None:
    """Locks that contradict each other or the places there are cannot be kept."""
    used = Counter(lock.mentor for lock in problem.locks)
    filled = Counter((lock.mentee, lock.kind) for lock in problem.locks)
    both = Counter((lock.mentee, lock.mentor) for lock in problem.locks)
    if any(count > problem.free[mentor] for mentor, count in used.items()):
        raise ValueError("More pairs are locked with a mentor than there are places.")
    if any(count > problem.needs[mentee, kind] for (mentee, kind), count in filled.items()):
        raise ValueError("More pairs are locked for a mentee than are needed.")
    if any(count > 1 for count in both.values()):
        raise ValueError("One pair is locked twice.")


@dataclass(frozen=True, order=True)
class Levels:
    """How good an arrangement is, the most important first; the larger, the better.

    The order is that of the rule book (docs/matching.md): never is a later level bought with an earlier one.
    """

    filled: int
    """Required places filled."""
    complete: int
    """Mentees with every required mentor."""
    lowest: Fraction
    """The lowest mean score over the filled places of any placed mentee; HIGHEST where nobody is placed."""
    total: int
    """The sum of all scores."""
    evenness: Fraction
    """Minus the sum of (load / capacity) squared over all mentors."""


def levels_of(problem: Problem, pairs: Sequence[Pair]) -> Levels:
    """The levels of an arrangement, counted anew from its pairs alone."""
    had = Counter((pair.mentee, pair.kind) for pair in pairs)
    scores = defaultdict(list)
    for pair in pairs:
        scores[pair.mentee].append(max(problem.score(pair), 0))
    kinds = [kind for kind in range(problem.kinds) if problem.required[kind]]
    return Levels(
        filled=sum(problem.required[pair.kind] for pair in pairs),
        complete=sum(
            all(had[mentee, kind] == problem.needs[mentee, kind] for kind in kinds) for mentee in range(problem.mentees)
        ),
        lowest=min((Fraction(sum(each), len(each)) for each in scores.values()), default=Fraction(HIGHEST)),
        total=sum(map(sum, scores.values())),
        evenness=-unevenness(problem, Counter(pair.mentor for pair in pairs)),
    )


def unevenness(problem: Problem, new: Counter[int]) -> Fraction:
    """The sum of (load / capacity) squared, with so many new mentees for each mentor."""
    shares = Counter(
        (int(load) + new[mentor], int(capacity))
        for mentor, (load, capacity) in enumerate(zip(problem.load, problem.capacity, strict=True))
        if capacity
    )
    return sum((count * Fraction(load, capacity) ** 2 for (load, capacity), count in shares.items()), Fraction())
