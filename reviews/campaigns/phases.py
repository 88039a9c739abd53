"""The phases of a campaign and which may follow which; no database, no web."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    DRAFT = "draft"
    NOMINATING = "nominating"
    """Those who are reviewed name their raters."""
    APPROVING = "approving"
    """Whoever runs the campaign says yes or no to who was named."""
    COLLECTING = "collecting"
    """Answers come in."""
    CLOSED = "closed"
    RELEASED = "released"
    ARCHIVED = "archived"


P = Phase

FOLLOWING: dict[Phase, frozenset[Phase]] = {
    P.DRAFT: frozenset({P.NOMINATING, P.COLLECTING}),
    P.NOMINATING: frozenset({P.APPROVING, P.COLLECTING}),
    P.APPROVING: frozenset({P.NOMINATING, P.COLLECTING}),
    P.COLLECTING: frozenset({P.CLOSED}),
    P.CLOSED: frozenset({P.RELEASED, P.ARCHIVED}),
    P.RELEASED: frozenset({P.ARCHIVED}),
}
"""Which phases may follow. What is closed never takes answers again, so that what was seen cannot be narrowed down."""

RUNNING = frozenset({P.NOMINATING, P.APPROVING, P.COLLECTING})


def may_follow(now: Phase, then: Phase) -> bool:
    return then in FOLLOWING.get(now, frozenset())


class AssignmentState(StrEnum):
    """How far somebody's answers about somebody have come."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    INVITED = "invited"
    """Approved, and asked as soon as answers are collected."""
    STARTED = "started"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    EXPIRED = "expired"
    """Not answered when the time was over, or the rater left."""


S = AssignmentState

NEXT: dict[AssignmentState, frozenset[AssignmentState]] = {
    S.PROPOSED: frozenset({S.REJECTED, S.INVITED, S.EXPIRED}),
    S.REJECTED: frozenset({S.INVITED}),
    S.INVITED: frozenset({S.STARTED, S.SUBMITTED, S.DECLINED, S.EXPIRED, S.REJECTED}),
    S.STARTED: frozenset({S.SUBMITTED, S.DECLINED, S.EXPIRED}),
    S.DECLINED: frozenset({S.INVITED}),
    S.EXPIRED: frozenset({S.INVITED}),
}

TO_ANSWER = frozenset({S.INVITED, S.STARTED})
COUNTED = frozenset({S.PROPOSED, S.INVITED, S.STARTED, S.SUBMITTED})
"""Those who count towards the most of a group."""


def may_become(now: AssignmentState, then: AssignmentState) -> bool:
    return then in NEXT.get(now, frozenset())
