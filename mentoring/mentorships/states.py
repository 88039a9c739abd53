"""The states of a mentorship and which may follow which; no database, no web."""

from __future__ import annotations

from enum import StrEnum


class MentorshipState(StrEnum):
    PROPOSED = "proposed"
    INFO_ASKED = "info_asked"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    CANCELLED = "cancelled"
    """Accepted, and called off before it began."""
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """Another proposal for the same place was accepted first, or one of the two left."""


S = MentorshipState

_UNANSWERED_ENDS = frozenset({S.DECLINED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED})

FOLLOWING: dict[MentorshipState, frozenset[MentorshipState]] = {
    S.PROPOSED: frozenset({S.INFO_ASKED, S.ACCEPTED}) | _UNANSWERED_ENDS,
    S.INFO_ASKED: frozenset({S.PROPOSED}) | _UNANSWERED_ENDS,
    S.ACCEPTED: frozenset({S.ACTIVE, S.COMPLETED, S.CANCELLED}),
    S.ACTIVE: frozenset({S.PAUSED, S.COMPLETED, S.ENDED_EARLY}),
    S.PAUSED: frozenset({S.ACTIVE, S.COMPLETED, S.ENDED_EARLY}),
}
"""Which states may follow; a state that is not a key is the end and never changes."""

STANDING = frozenset({S.ACCEPTED, S.ACTIVE, S.PAUSED})
"""The two are mentor and mentee: a place is taken, and each may see the other."""

OPEN = frozenset({S.PROPOSED, S.INFO_ASKED})
"""Somebody was asked and has not answered for good."""


def may_follow(now: MentorshipState, then: MentorshipState) -> bool:
    return then in FOLLOWING.get(now, frozenset())


def is_final(state: MentorshipState) -> bool:
    return state not in FOLLOWING
