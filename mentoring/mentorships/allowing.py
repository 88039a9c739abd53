"""Who may do what to a mentorship in which state: one table for the guards and for the buttons; no database, no web.

Circles have a table of their own: nobody is asked in them, and one may leave while the others go on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mentoring.mentorships.states import OPEN, STANDING, MentorshipState

S = MentorshipState


class Act(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_BACK = "ask_back"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    NUDGE = "nudge"
    PASS_ON = "pass_on"
    BEGIN = "begin"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    END = "end"
    SUBSTITUTE = "substitute"
    REMATCH = "rematch"
    LEAVE = "leave"
    PUT_IN = "put_in"
    TAKE_OUT = "take_out"


class Seat(StrEnum):
    """What somebody is to a mentorship in this moment."""

    MEMBER = "member"
    TURN = "turn"
    """It is for them to say something."""
    MENTORS_TURN = "mentors_turn"
    INVITED = "invited"
    """They are asked, now or after the other, and may say no."""
    ASKER = "asker"
    """They asked."""
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Row:
    """In which states an act may be done, and by whom."""

    states: frozenset[MentorshipState]
    seats: frozenset[Seat]


def _row(states: Collection[MentorshipState], *seats: Seat) -> Row:
    return Row(frozenset(states), frozenset(seats))


Table = Mapping[Act, Row]
TABLE: Table = {
    Act.ACCEPT: _row({S.PROPOSED}, Seat.TURN),
    Act.DECLINE: _row(OPEN, Seat.INVITED),
    Act.ASK_BACK: _row({S.PROPOSED}, Seat.MENTORS_TURN),
    Act.ANSWER: _row({S.INFO_ASKED}, Seat.TURN),
    Act.WITHDRAW: _row(OPEN, Seat.ASKER, Seat.COORDINATOR),
    Act.NUDGE: _row(OPEN, Seat.COORDINATOR),
    Act.PASS_ON: _row(OPEN, Seat.COORDINATOR),
    Act.BEGIN: _row({S.ACCEPTED}, Seat.MEMBER, Seat.COORDINATOR),
    Act.PAUSE: _row({S.ACTIVE}, Seat.MEMBER, Seat.COORDINATOR),
    Act.RESUME: _row({S.PAUSED}, Seat.MEMBER, Seat.COORDINATOR),
    Act.COMPLETE: _row({S.ACTIVE, S.PAUSED}, Seat.MEMBER, Seat.COORDINATOR),
    Act.END: _row(STANDING, Seat.MEMBER, Seat.COORDINATOR),
    Act.SUBSTITUTE: _row({S.ACTIVE, S.PAUSED}, Seat.COORDINATOR),
    Act.REMATCH: _row(
        STANDING | {S.COMPLETED, S.ENDED_EARLY, S.CANCELLED, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.SUPERSEDED},
        Seat.COORDINATOR,
    ),
}


CIRCLES: Table = {
    **{act: TABLE[act] for act in (Act.BEGIN, Act.PAUSE, Act.RESUME, Act.COMPLETE)},
    Act.LEAVE: _row(STANDING, Seat.MEMBER),
    Act.PUT_IN: _row(STANDING, Seat.COORDINATOR),
    Act.TAKE_OUT: _row(STANDING, Seat.COORDINATOR),
    Act.END: _row(STANDING, Seat.COORDINATOR),
}


def may(act: Act, state: MentorshipState, seats: Collection[Seat], table: Table = TABLE) -> bool:
    row = table.get(act)
    return row is not None and state in row.states and not row.seats.isdisjoint(seats)


def acts_open_to(state: MentorshipState, seats: Collection[Seat], table: Table = TABLE) -> list[Act]:
    """What somebody in these seats may do now, in the order of the table."""
    return [act for act in table if may(act, state, seats, table)]
