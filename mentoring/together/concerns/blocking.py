"""Somebody blocks a person, and it holds at once: an exclusion as people ask for them, and what it does to the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.models import Enrolment
from mentoring.mentorships import answering, ending
from mentoring.mentorships.allowing import Act, Seat, may
from mentoring.mentorships.barring import usual_bars
from mentoring.mentorships.circles import changing
from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.passing_on import pass_on
from mentoring.mentorships.refusing import seats_of
from mentoring.mentorships.states import OPEN, STANDING
from mentoring.mentorships.superseding import KEPT_APART, supersede
from mentoring.participants.excluding import exclude
from mentoring.participants.models import Exclusion, Participant

REASON = "other"
"""What stands in the history of what the blocker ends or leaves: that they blocked somebody does not."""


def block(session: Session, me: Enrolment, other: Enrolment, *, leaves: bool, at: datetime) -> None:
    """These two are not matched any more and open asks between them rest; what they share now ends if I say so.

    Everybody concerned is held first, so that nobody pairs them meanwhile. The caller commits.
    """
    _hold(session, me, other)
    exclude(session, me, other, by=me, at=at)
    session.flush()
    for mentorship in lock(session, between(session, me, other)):
        if mentorship.is_open:
            _let_rest(session, mentorship, me, at)
        elif leaves and mentorship.is_circle:
            changing.leave(session, mentorship, by=me, at=at, reason=REASON)
        elif leaves and mentorship.is_standing:
            ending.end(session, mentorship, by=me, at=at, reason=REASON)


def _hold(session: Session, me: Enrolment, other: Enrolment) -> None:
    """People first: the two, and whoever belongs to what they share or would be asked next."""
    if shared := between(session, me, other):
        hold_people(session, shared, also=(me, other))
        return
    both = Participant.enrolment_id.in_([me.id, other.id])
    session.scalars(select(Participant.id).where(both).order_by(Participant.id).with_for_update()).all()


def between(session: Session, me: Enrolment, other: Enrolment) -> Sequence[int]:
    """What the two are in together now: mentorships, circles and open asks, by id."""
    mine, theirs = aliased(Membership), aliased(Membership)
    i, they = aliased(Participant), aliased(Participant)
    return session.scalars(
        select(Mentorship.id)
        .join(mine, mine.mentorship_id == Mentorship.id)
        .join(i, i.id == mine.participant_id)
        .join(theirs, theirs.mentorship_id == Mentorship.id)
        .join(they, they.id == theirs.participant_id)
        .where(
            i.enrolment_id == me.id,
            they.enrolment_id == other.id,
            mine.until.is_(None),
            theirs.until.is_(None),
            Mentorship.state.in_(OPEN | STANDING),
        )
        .order_by(Mentorship.id)
        .distinct()
    ).all()


def _let_rest(session: Session, asked: Mentorship, me: Enrolment, at: datetime) -> None:
    """As a no or a taking back would, where that is mine to say; so nobody can tell it from one."""
    seats = seats_of(asked, me) - {Seat.COORDINATOR}
    if may(Act.WITHDRAW, asked.state, seats):
        answering.withdraw(session, asked, by=me, at=at)
    elif may(Act.DECLINE, asked.state, seats):
        answering.decline(session, asked, by=me, at=at, reason=REASON)
    else:
        supersede(session, asked, at=at, reason=KEPT_APART)
        pass_on(session, asked, by=None, at=at, bars=usual_bars)


def block_of(session: Session, me: Enrolment, other: Enrolment) -> Exclusion | None:
    """My own, which I may take back; not what the other has said."""
    return session.scalar(
        select(Exclusion).where(
            Exclusion.said_by_id == me.id,
            or_(
                (Exclusion.one_id == me.id) & (Exclusion.other_id == other.id),
                (Exclusion.one_id == other.id) & (Exclusion.other_id == me.id),
            ),
        )
    )
