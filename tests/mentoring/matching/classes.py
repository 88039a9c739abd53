"""Classes to match: small ones that every arrangement of can be tried, and larger ones with a likeness to life."""

from __future__ import annotations

import numpy as np

from mentoring.pairing.matching.problem import NOT_ALLOWED, Pair, Problem, Scores


def matrix(rows: list[list[int | None]]) -> list[list[int]]:
    """Scores of a case from a file, where null says that a pair is not allowed."""
    return [[NOT_ALLOWED if each is None else each for each in row] for row in rows]


def small(seed: int) -> Problem:
    """At most 6 x 4 with one kind of mentor; with ties, with people nobody may have, and with places taken before."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(0, 7)), int(chance.integers(1, 5))
    scores = chance.integers(0, chance.choice([1, 3, 10, 1001]), (n, m))
    scores[chance.random((n, m)) < chance.choice([0, 0.2, 0.5, 0.8])] = NOT_ALLOWED
    capacity = chance.integers(0, 4, m)
    load = np.minimum(chance.integers(0, 3, m) * (chance.random() < 0.5), capacity + 1)
    return Problem.of([scores], capacity.tolist(), load=load)


def likely(mentees: int, mentors: int, *, seed: int, places: int = 3, points: int = 1) -> Problem:
    """Skills, goals, languages and weekly hours; scores in steps of so many points."""
    scores = likely_scores(mentees, mentors, seed)
    return Problem.of([np.where(scores < 0, scores, scores // points * points)], [places] * mentors)


def likely_scores(mentees: int, mentors: int, seed: int) -> Scores:
    chance = np.random.default_rng(seed)

    def both(things: int, often: float) -> np.ndarray:
        wanted, offered = chance.random((mentees, things)) < often, chance.random((mentors, things)) < often
        return wanted.astype(np.int64) @ offered.T.astype(np.int64)

    skills, languages, hours = both(20, 0.25), both(8, 0.3), both(42, 0.15)
    goals = chance.integers(0, 5, mentees)[:, None] == chance.integers(0, 5, mentors)
    scores = 100 * np.minimum(skills, 5) + 250 * goals + 50 * np.minimum(hours, 5)
    return np.where((languages > 0) & (hours > 0), scores, NOT_ALLOWED).astype(np.int16)


def several(seed: int) -> Problem | None:
    """At most 7 x 7 with two or three kinds; some with locks, smallest groups, optional kinds, or two of a kind.

    None where the locks drawn contradict each other.
    """
    chance = np.random.default_rng(seed)
    n, m, kinds = int(chance.integers(1, 8)), int(chance.integers(2, 8)), int(chance.choice([2, 2, 2, 3]))
    if kinds == 3:
        n, m = min(n, 5), min(m, 5)
    highest, barred = chance.choice([1, 3, 10, 1001]), chance.choice([0, 0.2, 0.5])
    scores = [np.where(chance.random((n, m)) < barred, -1, chance.integers(0, highest, (n, m))) for _ in range(kinds)]
    capacity = chance.integers(0, 4 if m < 6 else 3, m)
    allowed = [Pair(i, j, k) for k in range(kinds) for i in range(n) for j in range(m) if scores[k][i, j] >= 0]
    locks = [allowed[int(chance.integers(len(allowed)))]] if allowed and chance.random() < 0.3 else []
    try:
        return Problem.of(
            scores,
            capacity.tolist(),
            needs=chance.choice([1, 1, 2], (n, kinds)) if chance.random() < 0.3 and kinds == 2 and m < 5 else 1,
            load=np.minimum(chance.integers(0, 2, m) * (chance.random() < 0.3), capacity),
            smallest=chance.choice([0, 2, 3], m) if chance.random() < 0.3 else 0,
            required=[True, *(chance.random(kinds - 1) < 0.8).tolist()],
            locks=locks,
        )
    except ValueError:
        return None
