"""A draft of circles changed by hand; nothing holds before it is published.

Broken rules are told (`checking.broken`), not refused: a draft may be wrong for a while. Each act raises NotChanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mentoring.pairing.circles.peering import Gathered
from mentoring.pairing.matching.gathering import MOST_IN_CIRCLE
from mentoring.pairing.matching.peers import alike, pool_of
from mentoring.pairing.matching.problem import NOT_ALLOWED
from mentoring.pairing.models import MatchCircle, MatchCircleMember, MatchRun
from mentoring.pairing.runs.drafting import NotChanged
from mentoring.participants.models import Participant


def lock(run: MatchRun, circle: MatchCircle, is_locked: bool, *, at: datetime) -> None:
    circle.is_locked, run.changed = is_locked, at


def take_apart(session: Session, run: MatchRun, circle: MatchCircle, *, at: datetime) -> None:
    run.circles.remove(circle)
    session.delete(circle)
    run.changed = at


def take_out(
    session: Session, gathered: Gathered, run: MatchRun, circle: MatchCircle, person: str, *, at: datetime
) -> None:
    """This person, by key, is in no circle of the draft any more; one of whom only one is left is none."""
    member = _member(circle, person)
    circle.members.remove(member)
    circle.by_hand, run.changed = True, at
    session.flush()
    if len(circle.members) < 2:
        take_apart(session, run, circle, at=at)
    else:
        _value(gathered, circle)


def put(
    session: Session, gathered: Gathered, run: MatchRun, person: str, circle: MatchCircle, *, at: datetime
) -> Participant:
    """Put somebody, by key, into this circle, out of the one they may be in; locked, because somebody wanted it."""
    if person not in gathered.pool:
        raise NotChanged("unknown_peer")
    if any(each.public_id == person for each in circle.people):
        raise NotChanged("in_it")
    if len(circle.members) >= MOST_IN_CIRCLE:
        raise NotChanged("too_large")
    found = gathered.participants[person]
    _free(session, gathered, run, [person], at=at)
    circle.members.append(MatchCircleMember(run_id=run.id, participant=found))
    circle.by_hand, circle.is_locked, run.changed = True, True, at
    _value(gathered, circle)
    return found


def gather_up(
    session: Session, gathered: Gathered, run: MatchRun, people: Sequence[str], *, at: datetime
) -> MatchCircle:
    """Make a circle of these people, by their keys, out of those they may be in; locked."""
    keys = list(dict.fromkeys(people))
    if any(key not in gathered.pool for key in keys):
        raise NotChanged("unknown_peer")
    if len(keys) < 2:
        raise NotChanged("too_few")
    if len(keys) > MOST_IN_CIRCLE:
        raise NotChanged("too_large")
    _free(session, gathered, run, keys, at=at)
    circle = MatchCircle(lowest=0, total=0, is_locked=True, by_hand=True)
    run.circles.append(circle)
    circle.members = [MatchCircleMember(run_id=run.id, participant=gathered.participants[key]) for key in keys]
    _value(gathered, circle)
    run.changed = at
    return circle


def _free(session: Session, gathered: Gathered, run: MatchRun, people: Sequence[str], *, at: datetime) -> None:
    for circle in list(run.circles):
        for key in [each.public_id for each in circle.people if each.public_id in people]:
            if circle in run.circles:
                take_out(session, gathered, run, circle, key, at=at)
    session.flush()


def _member(circle: MatchCircle, person: str) -> MatchCircleMember:
    found = next((each for each in circle.members if each.participant.public_id == person), None)
    if found is None:
        raise NotChanged("changed_meanwhile")
    return found


def _value(gathered: Gathered, circle: MatchCircle) -> None:
    """How well those in it suit each other, counted anew as the engine counts; two who may not meet give nothing."""
    peers = [gathered.pool[each.public_id] for each in circle.people if each.public_id in gathered.pool]
    if len(peers) < 2:
        circle.lowest = circle.total = 0
        return
    scores = alike(pool_of(gathered.design, peers)).astype(int)
    scores[scores == NOT_ALLOWED] = 0
    means = [int(row.sum() - row[number]) / (len(peers) - 1) for number, row in enumerate(scores)]
    circle.lowest, circle.total = round(min(means)), round(sum(means))
