"""How good an arrangement can be at most, where the best one is not known: each kind with all places to itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np

from mentoring.pairing.matching.candidates import Candidates
from mentoring.pairing.matching.in_turn import turns_of
from mentoring.pairing.matching.placing import place
from mentoring.pairing.matching.pricing import highest_total
from mentoring.pairing.matching.problem import HIGHEST, Ints, Levels, Problem, Scores, unevenness
from mentoring.pairing.matching.single import at_most


def bounds(problem: Problem, found: Levels) -> Levels:
    """No arrangement is better than this on any level, as long as it is not worse than what was found on those before.

    Locked pairs count as if they were free to be made.
    """
    free = replace(problem, locks=())
    turns = list(turns_of(free))
    alone = [(turn, free.scores[turn.kind][turn.seeking]) for turn in turns]
    most = [_most(scores, free.free) for _turn, scores in alone]
    required = [(turn, count) for (turn, _scores), count in zip(alone, most, strict=True) if free.required[turn.kind]]
    filled = int(min(sum(count for _turn, count in required), free.free.sum()))
    missing = max((len(turn.seeking) - count for turn, count in required), default=0)
    return Levels(
        filled=filled,
        complete=min(free.mentees - missing, _most_complete(free, filled)),
        lowest=_ceiling(free, found.filled),
        total=sum(highest_total(scores, np.minimum(free.free, len(scores))) for _turn, scores in alone),
        evenness=-unevenness(free, Counter()),
    )


def _most_complete(problem: Problem, filled: int) -> int:
    """So many places make no more mentees complete: those who need the fewest come first."""
    needed = np.sort((problem.needs * problem.required).sum(axis=1))
    return int(np.searchsorted(np.cumsum(needed), filled, side="right"))


def _ceiling(problem: Problem, filled: int) -> Fraction:
    """The lowest mean score with everybody's best mentors; a place left open leaves one mentee short at most."""
    if not all(problem.required):
        return Fraction(HIGHEST)
    total = np.zeros(problem.mentees, dtype=np.int64)
    for kind, scores in enumerate(problem.scores):
        most = int(problem.needs[:, kind].max(initial=0))
        best = -np.sort(-np.maximum(scores, 0), axis=1)[:, :most].astype(np.int64)
        total += np.where(np.arange(best.shape[1]) < problem.needs[:, [kind]], best, 0).sum(axis=1)
    count = problem.needs.sum(axis=1)
    means = sorted(Fraction(int(each), int(of)) for each, of in zip(total, count, strict=True) if of)
    short = int(count.sum()) - filled
    return means[short] if short < len(means) else Fraction(HIGHEST)


def _most(scores: Scores, places: Ints) -> int:
    places = np.minimum(places, len(scores))
    return place(Candidates(scores, places), 0, at_most(scores, places)).count
