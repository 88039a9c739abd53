"""Whom somebody would like to be matched with, the dearest first; nobody else ever sees it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.participants.models import Participant, Wish

MOST = 5


class Move(StrEnum):
    """What can be done with a wish."""

    UP = "up"
    DOWN = "down"
    REMOVE = "remove"


def wish(session: Session, participant: Participant, whom: Enrolment) -> bool:
    """One wish more, after the others; the caller commits. False if it stands there already, or there are enough."""
    wishes = participant.wishes
    known = {each.whom_id for each in wishes} | {participant.enrolment_id}
    if whom.id in known or len(wishes) >= MOST:
        return False
    wishes.append(Wish(whom=whom, rank=len(wishes) + 1))
    session.flush()
    return True


def move(session: Session, participant: Participant, whom: Enrolment, to: Move) -> None:
    """Up, down or away; what cannot be moved further stays. The caller commits."""
    order = list(participant.wishes)
    place = next((n for n, each in enumerate(order) if each.whom_id == whom.id), None)
    if place is None:
        return
    moved = order.pop(place)
    if to == Move.REMOVE:
        participant.wishes.remove(moved)
        session.delete(moved)
    else:
        order.insert(max(place - 1, 0) if to == Move.UP else place + 1, moved)
    for rank, each in enumerate(order, start=1):
        each.rank = rank
    session.flush()
