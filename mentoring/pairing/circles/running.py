"""A run for peers: what the engine is to be told of a cohort, and its answer kept as a draft of circles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentoring.pairing.circles import keeping
from mentoring.pairing.circles.keeping import Told
from mentoring.pairing.circles.peering import Gathered, gather
from mentoring.pairing.matching.peers import PeerCircle, PeerRun, propose_circles
from mentoring.pairing.models import MatchCircle, MatchCircleMember, MatchRun
from mentoring.pairing.runs.keeping import Asked
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort

AT_ONCE, LARGEST_AT_ONCE = 20, 6
"""People, and how many a circle may have of them, for whom circles are sought while the page is waited for. More are
left to a process of its own: where many have said nothing yet, everybody suits everybody, and that is slow to prove."""


def asked(
    session: Session, cohort: Cohort, draft: MatchRun | None, *, at: datetime, weights: Mapping[str, int] | None
) -> Asked | str:
    """What the engine is to be told; a code where there is nothing to ask: `everybody_placed`, `too_few_peers`."""
    gathered = gather(session, cohort, at=at, weights=weights)
    if len(gathered.peers) < gathered.sizes.smallest:
        return "too_few_peers" if gathered.peers else "everybody_placed"
    told = Told(gathered.design, gathered.peers, gathered.sizes, _kept_together(draft, gathered))
    return Asked(keeping.plain(told), gathered.design.weights, is_small=_is_small(gathered))


def _is_small(gathered: Gathered) -> bool:
    return len(gathered.peers) <= AT_ONCE and gathered.sizes.largest <= LARGEST_AT_ONCE


def _kept_together(draft: MatchRun | None, gathered: Gathered) -> list[list[str]]:
    """What is locked in the draft, as far as two or more of a circle still seek one."""
    locked = [circle for circle in draft.circles if circle.is_locked] if draft is not None else []
    keys = [[each.public_id for each in circle.people if each.public_id in gathered.pool] for circle in locked]
    return [each for each in keys if len(each) > 1]


@dataclass(frozen=True)
class CirclesFound:
    """What the engine answers about peers."""

    answered: PeerRun

    def __len__(self) -> int:
        return len(self.answered.circles)

    def write(self, session: Session, run: MatchRun) -> None:
        """Into the run, as a draft."""
        rows = session.execute(
            select(Participant.public_id, Participant.id).where(Participant.cohort_id == run.cohort_id)
        )
        ids: dict[str, int] = dict(iter(rows))
        run.circles = [_circle(run, each, ids, self.answered) for each in self.answered.circles]
        run.outcome = {
            "levels": keeping.plain_levels(self.answered.parted.levels),
            "bounds": keeping.plain_levels(self.answered.parted.bounds),
            "seeking": self.answered.parted.levels.placed + len(self.answered.leftovers),
            "leftovers": [keeping.plain_leftover(each) for each in self.answered.leftovers],
        }


def solve(kept: Mapping[str, Any], *, seed: int) -> CirclesFound:
    """What the engine answers to what was kept."""
    return CirclesFound(_answer(kept, seed))


def replay(run: MatchRun) -> PeerRun:
    """What the engine answers to what it was told then; the same as it answered then."""
    return _answer(run.inputs, run.seed)


def _answer(kept: Mapping[str, Any], seed: int) -> PeerRun:
    told = keeping.restored(kept)
    return propose_circles(told.design, told.peers, told.sizes, told.together, seed=seed)


def _circle(run: MatchRun, circle: PeerCircle, ids: Mapping[str, int], answered: PeerRun) -> MatchCircle:
    keys = {peer.key for peer in circle.peers}
    means = [circle.mean_of(number) for number in range(len(circle.peers))]
    return MatchCircle(
        lowest=round(min(means)),
        total=round(sum(means)),
        is_locked=any(each <= keys for each in answered.together),
        members=[MatchCircleMember(run_id=run.id, participant_id=ids[peer.key]) for peer in circle.peers],
    )
