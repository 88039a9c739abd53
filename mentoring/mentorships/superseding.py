"""Asks that come to nothing by themselves: the mentee has whom they need, or one of the two has left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lti_tool import outbox
from mentoring.events import MentorshipSuperseded
from mentoring.mentorships import telling_people
from mentoring.mentorships.holding import lock
from mentoring.mentorships.models import Membership, Mentorship, Part, Place
from mentoring.mentorships.postcards import about
from mentoring.mentorships.states import OPEN, STANDING, MentorshipState
from mentoring.participants.models import Participant
from mentoring.programs.models import MentorKind

OTHER_ACCEPTED, KEPT_APART = "other_accepted", "kept_apart"


def supersede(session: Session, asked: Mentorship, *, at: datetime, reason: str) -> None:
    """Let an open ask rest, free its place, and tell whoever is still here."""
    asked.move(MentorshipState.SUPERSEDED, by=None, at=at, reason=reason)
    session.flush()
    outbox.announce(session, MentorshipSuperseded(**about(asked, at), reason=reason))
    for person in (asked.mentor, asked.mentee):
        if person.enrolment.is_active:
            telling_people.not_needed(session, asked, person, at=at)


def asking_others(session: Session, mentorships: Sequence[Mentorship]) -> set[int]:
    """Those of the mentees, by participant id, who have open asks beside these."""
    rows = session.scalars(
        select(Membership.participant_id)
        .join(Membership.mentorship)
        .where(
            Membership.participant_id.in_({each.mentee.id for each in mentorships}),
            Membership.part == Part.MENTEE,
            Mentorship.state.in_(OPEN),
            Mentorship.id.not_in([each.id for each in mentorships]),
        )
    )
    return set(rows)


def supersede_others(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """The mentee's other open asks that nothing can become of now: of a kind that is filled, and to the same mentor."""
    asked = _others(session, mentorship)
    if asked:
        is_filled = _is_filled(session, mentorship)
        kind, mentor = mentorship.kind.key, mentorship.mentor.id
        _let_rest(session, [id for id, of, whom in asked if (is_filled and of == kind) or whom == mentor], at)


def supersede_between(session: Session, proposal: Mentorship, *, at: datetime) -> None:
    """What the mentee had asked this mentor already: one question to answer is enough."""
    mentor = proposal.mentor.id
    _let_rest(session, [id for id, _of, whom in _others(session, proposal) if whom == mentor], at)


def _others(session: Session, mentorship: Mentorship) -> Sequence[tuple[int, str, int]]:
    """The mentee's other open asks: each with the kind's key and the mentor, by participant id."""
    mine, theirs = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(Mentorship.id, MentorKind.key, theirs.participant_id)
        .join(mine, (mine.mentorship_id == Mentorship.id) & (mine.part == Part.MENTEE))
        .join(theirs, (theirs.mentorship_id == Mentorship.id) & (theirs.part == Part.MENTOR))
        .join(Mentorship.kind)
        .where(
            mine.participant_id == mentorship.mentee.id,
            Mentorship.state.in_(OPEN),
            Mentorship.id != mentorship.id,
        )
    )
    return [(id, kind, whom) for id, kind, whom in rows]


def _let_rest(session: Session, ids: Collection[int], at: datetime) -> None:
    for other in lock(session, ids) if ids else ():
        if other.is_open:
            supersede(session, other, at=at, reason=OTHER_ACCEPTED)


def _is_filled(session: Session, mentorship: Mentorship) -> bool:
    """Whether the mentee has every mentor of this kind, this one included."""
    others = session.scalar(
        select(func.count())
        .select_from(Place)
        .join(Place.mentorship)
        .join(Place.kind)
        .where(
            Place.mentee_id == mentorship.mentee.id,
            MentorKind.key == mentorship.kind.key,
            Mentorship.state.in_(STANDING),
            Mentorship.id != mentorship.id,
        )
    )
    return 1 + (others or 0) >= mentorship.kind.needed


def open_asks_of(session: Session, participant: Participant, part: Part) -> list[int]:
    """The open asks in which they have this part, by id."""
    return list(
        session.scalars(
            select(Mentorship.id)
            .join(Membership, Membership.mentorship_id == Mentorship.id)
            .where(
                Membership.participant_id == participant.id,
                Membership.part == part,
                Mentorship.state.in_(OPEN),
            )
        )
    )
