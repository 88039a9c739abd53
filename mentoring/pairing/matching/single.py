"""One kind of mentor, one for each mentee: the best arrangement at every size, with its proof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mentoring.pairing.matching.candidates import Candidates
from mentoring.pairing.matching.evening import Face, Shares, is_most_even, most_even
from mentoring.pairing.matching.listening import LEVELS, Listener, nobody
from mentoring.pairing.matching.placing import Cover, place, raise_lowest
from mentoring.pairing.matching.pricing import Prices, best_total
from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED, Ints, Scores
from mentoring.pairing.matching.slots import NOBODY


@dataclass(frozen=True)
class Proof:
    """Why no arrangement is better, level by level; each part can be checked on its own against every pair."""

    most: Cover | None
    """Why no more can be placed; None where everybody who is allowed anybody is placed, or every place is filled."""
    lowest: Cover | None
    """Why the lowest score cannot be higher; None where nothing was asked of it."""
    total: Prices
    evenness: Ints
    """(m,): second prices."""


@dataclass(frozen=True)
class Arrangement:
    mentor: Ints
    """(n,): the mentor of each mentee, or NOBODY."""
    proof: Proof

    @property
    def placed(self) -> int:
        return int((self.mentor != NOBODY).sum())


def arrange(
    scores: Scores,
    places: Ints,
    load: Ints,
    capacity: Ints,
    *,
    ceiling: int = HIGHEST,
    listener: Listener = nobody,
) -> Arrangement:
    """The best arrangement of one mentor for each mentee, as far as there are places.

    The lowest score is raised to `ceiling` at most; what is above does not count where a pair that is kept anyhow
    is lower.
    """
    places = np.minimum(places, len(scores))
    candidates = Candidates(scores, places)
    listener(0, LEVELS)
    most = place(candidates, 0, at_most(scores, places))
    listener(1, LEVELS)
    placing, lowest = raise_lowest(candidates, most, ceiling)
    least = _least(scores, placing.mentor, ceiling)
    listener(2, LEVELS)
    _mentor, prices = best_total(candidates, least)
    listener(3, LEVELS)
    face = Face(scores, places, prices, prices.cheapest(scores, places))
    mentor, second = most_even(face, candidates, Shares.of(load, capacity))
    return Arrangement(mentor, Proof(most.cover, lowest, prices, second))


def at_most(scores: Scores, places: Ints) -> int:
    allowed = scores[:, places > 0].max(axis=1, initial=NOT_ALLOWED) != NOT_ALLOWED
    return int(min(allowed.sum(), places.sum()))


def _least(scores: Scores, mentor: Ints, ceiling: int) -> int:
    placed = np.flatnonzero(mentor != NOBODY)
    return int(min(scores[placed, mentor[placed]].min(initial=HIGHEST), ceiling))


def is_proved(arrangement: Arrangement, scores: Scores, places: Ints, load: Ints, capacity: Ints) -> bool:
    """Whether the proof holds for every pair there is; shares nothing with how the arrangement was found."""
    places = np.minimum(places, len(scores))
    proof, mentor, placed = arrangement.proof, arrangement.mentor, arrangement.placed
    if proof.most is None:
        is_most = placed == at_most(scores, places)
    else:
        is_most = proof.most.most(places) == placed and proof.most.holds(scores, places)
    prices = proof.total
    is_lowest = proof.lowest is None or (
        proof.lowest.least == prices.least + 1
        and proof.lowest.most(places) < placed
        and proof.lowest.holds(scores, places)
    )
    cheapest = prices.cheapest(scores, places)
    is_total = int(cheapest.sum() - (prices.mentor * places).sum()) == prices.cost_of(mentor, scores)
    face = Face(scores, places, prices, cheapest)
    is_even = is_most_even(face, Shares.of(load, capacity), mentor, proof.evenness)
    return is_most and is_lowest and is_total and is_even
