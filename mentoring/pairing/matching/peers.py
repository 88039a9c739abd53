"""Peers in, circles out: rules and scores between every two make a gathering, which is parted into circles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.candidates import BLOCK
from mentoring.pairing.matching.gathering import Circle, Gathering
from mentoring.pairing.matching.people import Design, LevelRule, Peer, Question
from mentoring.pairing.matching.pool import Flags, Pool
from mentoring.pairing.matching.problem import NOT_ALLOWED, Scores
from mentoring.pairing.matching.proposing import UnknownLock
from mentoring.pairing.matching.scoring import Points, points_of
from mentoring.pairing.rules import Rule

if TYPE_CHECKING:
    from mentoring.pairing.matching.circles import Parted


@dataclass(frozen=True)
class Sizes:
    """How many a circle has; two and two for pairs."""

    smallest: int
    largest: int


@dataclass(frozen=True)
class PeerCircle:
    """People who learn from each other, with nobody above the others."""

    peers: tuple[Peer, ...]
    scores: tuple[tuple[int, ...], ...]
    """Of each with each, alike from both sides; 0 with oneself, and where only a lock keeps two together."""

    def mean_of(self, number: int) -> Fraction:
        """How well one of them suits the others."""
        return Fraction(sum(self.scores[number]), len(self.peers) - 1)


@dataclass(frozen=True)
class LeftAlone:
    """Somebody in no circle, and how many others each rule keeps from them."""

    peer: Peer
    barred: dict[Rule, int]
    """Somebody counts for every rule that stands in the way, from either side. `NO_PLACE`: they may meet, and the
    other's circle is full or holds somebody they may not meet."""
    alone_too: int
    """They may meet, and these are in no circle either: too few for one more."""


@dataclass(frozen=True)
class PeerRun:
    """What came out."""

    parted: Parted
    together: tuple[frozenset[str], ...]
    circles: tuple[PeerCircle, ...]
    leftovers: tuple[LeftAlone, ...]


def propose_circles(
    design: Design, peers: Sequence[Peer], sizes: Sizes, together: Sequence[Collection[str]] = (), *, seed: int = 0
) -> PeerRun:
    """The best circles for a pool of peers. `together` are keys of people who are kept in one circle.

    Of a design counts what is said of pairs: kinds and experience (R11) are about mentors. Raises UnknownLock,
    TooManyTogether, Contradictory and Unanswered; ValueError where somebody stands twice in the pool, a circle has
    fewer than two people or more than twelve, or levels are to differ (R10), which nobody can ask of peers.
    """
    from mentoring.pairing.matching.circles import part  # Slow to be read: only who solves waits for it.

    pool = pool_of(design, peers)
    row = {peer.key: number for number, peer in enumerate(peers)}
    try:
        kept = [[row[key] for key in each] for each in together]
    except KeyError as problem:
        raise UnknownLock(f"Those who are kept together include {problem}, who is not part of the run.") from None
    gathering = Gathering.of(alike(pool), sizes.smallest, sizes.largest, together=kept)
    parted = part(gathering, [peer.key for peer in peers], seed=seed)
    circles = tuple(_told(gathering, peers, circle) for circle in parted.circles)
    seated = np.zeros(len(peers), dtype=np.bool_)
    seated[[person for circle in parted.circles for person in circle]] = True
    return PeerRun(parted, tuple(map(frozenset, together)), circles, tuple(left_alone(pool, peers, seated)))


def pool_of(design: Design, peers: Sequence[Peer]) -> Pool:
    """Everybody on both sides."""
    if design.level not in (LevelRule.ANY, LevelRule.SAME):
        raise ValueError("Peers are of the same level, or of any.")
    as_peers = replace(design, least_experience=0)
    return Pool(as_peers, [peer.learning for peer in peers], [peer.sharing for peer in peers])


def alike(pool: Pool) -> Scores:
    """(n, n): the mean of both sides' scores, or NOT_ALLOWED where a rule forbids the two from either side."""
    bars, points, n = Bars(pool), Points(pool), len(pool.mentees)
    scores = np.empty((n, n), dtype=np.int64)
    barred = np.empty((n, n), dtype=np.bool_)
    for begin in range(0, n, BLOCK):
        rows = slice(begin, begin + BLOCK)
        scores[rows] = points.scores(rows)
        barred[rows] = np.logical_or.reduce(list(bars.of(rows).values()))
    return np.where(barred | barred.T, NOT_ALLOWED, (scores + scores.T + 1) // 2).astype(np.int16)


def _told(gathering: Gathering, peers: Sequence[Peer], circle: Circle) -> PeerCircle:
    scores = gathering.worth[np.ix_(circle, circle)].tolist()
    return PeerCircle(tuple(peers[each] for each in circle), tuple(map(tuple, scores)))


def left_alone(pool: Pool, peers: Sequence[Peer], seated: Flags) -> list[LeftAlone]:
    """Everybody of the pool who has no seat in a circle, and what stands in the way."""
    rows = [int(row) for row in np.flatnonzero(~seated)]
    barred = _barred(pool, rows)
    found = []
    for number, row in enumerate(rows):
        counts = {rule: int(forbids[number].sum()) for rule, forbids in barred.items()}
        may_meet = ~np.logical_or.reduce([forbids[number] for forbids in barred.values()])
        may_meet[row] = False
        counts[Rule.NO_PLACE] = int((may_meet & seated).sum())
        in_the_way = {rule: count for rule, count in counts.items() if count}
        found.append(LeftAlone(peers[row], in_the_way, int((may_meet & ~seated).sum())))
    return found


def _barred(pool: Pool, rows: Sequence[int]) -> dict[Rule, Flags]:
    """For each rule, whom it keeps from some of the people, whichever of the two it is about.

    R6 tells the two apart: `MENTEE_GONE` is said of those who are asked about, `MENTOR_GONE` of the others.
    """
    mine = Bars(Pool(pool.design, [pool.mentees[row] for row in rows], pool.mentors)).of(slice(None))
    theirs = Bars(Pool(pool.design, pool.mentees, [pool.mentors[row] for row in rows])).of(slice(None))
    others = ~mine.pop(Rule.ONESELF)
    one_sided = (Rule.MENTEE_GONE, Rule.MENTOR_GONE)
    return {rule: (mine[rule] if rule in one_sided else mine[rule] | theirs[rule].T) & others for rule in mine}


def points_between(design: Design, one: Peer, other: Peer) -> dict[Question, tuple[int, int]]:
    """The points that make the score of two people, by what the one wants and by what the other wants."""
    pool = pool_of(design, [])
    forth, back = points_of(pool, one.learning, other.sharing), points_of(pool, other.learning, one.sharing)
    return {question: (forth[question], back[question]) for question in forth}
