"""Why no arrangement fills more places, told so that a person can check it: who is stuck, and whom they would need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mentoring.pairing.matching.candidates import Candidates
from mentoring.pairing.matching.placing import Cover, place
from mentoring.pairing.matching.problem import NOT_ALLOWED, Problem
from mentoring.pairing.matching.single import at_most
from mentoring.pairing.matching.slots import NOBODY


@dataclass(frozen=True)
class Shortage:
    """The stuck have nobody but the wanted, whose places are counted: so many of them stay without, whoever is chosen.

    By Kőnig's theorem (1931) there is always such a group, and with it the reason is complete.
    """

    stuck: tuple[tuple[int, int], ...]
    """Mentees with the kind they lack; somebody who needs two of a kind stands twice."""
    wanted: tuple[int, ...]
    """Mentors."""
    places: int
    """Free places of the wanted."""
    most: int
    """No arrangement fills more required places than this."""

    @property
    def without(self) -> int:
        """How many of the stuck stay without, at least."""
        return max(len(self.stuck) - self.places, 0)


def shortage(problem: Problem, *, cover: Cover | None = None) -> Shortage:
    """For the required kinds of a problem, each looked at as a need of its own.

    `cover` is what the engine has found for one kind, so that it need not be found again. That one person cannot fill
    two kinds for a mentee is left out of the account, so the bound may be higher than what can be reached.
    """
    rows = _needs(problem)
    scores = np.array([problem.scores[kind][mentee] for mentee, kind in rows], dtype=np.int16)
    scores = scores.reshape(len(rows), problem.mentors)
    places = np.minimum(problem.free, len(rows))
    if cover is None or len(cover.stuck) != len(rows):
        cover = _cover(scores, places)
    stuck = [rows[int(row)] for row in np.flatnonzero(cover.stuck)]
    wanted = np.flatnonzero(cover.wanted & (places > 0))
    return Shortage(
        tuple(stuck), tuple(int(each) for each in wanted), int(problem.free[wanted].sum()), cover.most(places)
    )


def _needs(problem: Problem) -> Sequence[tuple[int, int]]:
    return [
        (mentee, kind)
        for mentee in range(problem.mentees)
        for kind in range(problem.kinds)
        if problem.required[kind]
        for _nth in range(int(problem.needs[mentee, kind]))
    ]


def _cover(
    scores: np.ndarray[tuple[int, int], np.dtype[np.int16]], places: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Cover:
    """Found anew; where every place is taken, everybody is stuck and every mentor wanted."""
    enough = at_most(scores, places)
    found = place(Candidates(scores, places), 0, enough)
    if found.cover is not None:
        return found.cover
    if found.count == places.sum():
        return Cover(0, np.ones(len(scores), dtype=np.bool_), np.asarray(places > 0))
    nobody = (scores[:, places > 0].max(axis=1, initial=NOT_ALLOWED) == NOT_ALLOWED) & (found.mentor == NOBODY)
    return Cover(0, nobody, np.zeros(len(places), dtype=np.bool_))
