"""People to be parted into circles: few, so that every parting can be tried, and more, with a likeness to life."""

from __future__ import annotations

import numpy as np

from mentoring.pairing.matching.gathering import Gathering
from mentoring.pairing.matching.problem import NOT_ALLOWED
from tests.mentoring.matching.classes import likely_scores


def few(seed: int, *, pairs: bool = False) -> Gathering:
    """At most nine; with ties, with people nobody may meet, and some who are kept together."""
    chance = np.random.default_rng(seed)
    n, smallest = int(chance.integers(0, 10)), 2 if pairs else int(chance.integers(2, 5))
    largest = smallest if pairs else smallest + int(chance.integers(0, 3))
    scores = chance.integers(0, chance.choice([1, 2, 3, 10, 1001]), (n, n))
    scores[chance.random((n, n)) < chance.choice([0, 0.1, 0.2, 0.4])] = NOT_ALLOWED
    together = [chance.choice(n, int(chance.integers(1, smallest + 1)), replace=False)] if n > 4 else []
    if n > 6 and chance.random() < 0.5:
        together.append(chance.choice(n, 2, replace=False))
    scores = np.minimum(scores, scores.T)
    try:
        return Gathering.of(scores, smallest, largest, together=together if chance.random() < 0.3 else ())
    except ValueError:
        return Gathering.of(scores, smallest, largest)


def many(people: int, smallest: int, largest: int, *, seed: int, barred: float = 0.15) -> Gathering:
    """Skills, goals and hours in common; so many of all pairs may not meet."""
    scores = np.maximum(likely_scores(people, people, seed), 50).astype(np.int64)
    both = (scores + scores.T + 1) // 2
    both[np.triu(np.random.default_rng(seed).random((people, people)) < barred, 1)] = NOT_ALLOWED
    return Gathering.of(np.minimum(both, both.T), smallest, largest)
