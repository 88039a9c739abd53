"""Who was there when, and what of before a new mentor may read: nothing but dates and numbers, unless their mentee lets
them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mentoring.mentorships.earlier.kinds import EarlierKind, kinds
from mentoring.mentorships.earlier.models import EarlierShare
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant


def may_read_earlier(look: Look, kind: str) -> bool:
    """Whether this visitor may read what was written of this kind while they did not belong to the mentorship.

    Whoever was there all the time has nothing to ask for, and no statement is sent for them. Somebody who mentors in
    another's place may read what the mentee has ticked for them; whoever came into a circle later reads on from there.
    Nobody who looks on from outside may: what instructors see is said elsewhere.
    """
    me, mentorship = look.mine, look.mentorship
    if me is None:
        return False
    if not came_later(mentorship, me):
        return True
    return not mentorship.is_circle and bool(given_to(look.session, mentorship, [me.id], kind))


def was_there(mentorship: Mentorship, person: Participant, moment: datetime) -> bool:
    """Whether they belonged to it then; before whoever came first there was nobody."""
    return any(_covers(mentorship, member, moment) for member in _theirs(mentorship, person))


def came_later(mentorship: Mentorship, person: Participant) -> bool:
    """Whether it was without them for a while, before they came or came back."""
    theirs = _theirs(mentorship, person)
    return not any(_is_first(mentorship, member) and _is_to_the_last(mentorship, member) for member in theirs)


def _theirs(mentorship: Mentorship, person: Participant) -> list[Membership]:
    return [member for member in mentorship.members if member.participant_id == person.id]


def _covers(mentorship: Mentorship, member: Membership, moment: datetime) -> bool:
    is_not_over = member.until is None or moment < member.until or _is_to_the_last(mentorship, member)
    return (member.since <= moment or _is_first(mentorship, member)) and is_not_over


def _is_first(mentorship: Mentorship, member: Membership) -> bool:
    return member.since <= min(each.since for each in mentorship.members)


def _is_to_the_last(mentorship: Mentorship, member: Membership) -> bool:
    return member.until == mentorship.ended


def given_to(session: Session, mentorship: Mentorship, mentors: Collection[int], kind: str) -> set[int]:
    """Those of these mentors, by participant id, whom the mentee lets read this kind."""
    return set(
        session.scalars(
            select(EarlierShare.mentor_id).where(
                EarlierShare.mentorship_id == mentorship.id,
                EarlierShare.mentor_id.in_(mentors),
                EarlierShare.kind == kind,
                EarlierShare.is_given,
            )
        )
    )


def is_given(
    mentorship: InstrumentedAttribute[int], mentor: InstrumentedAttribute[int], kind: str
) -> ColumnElement[bool]:
    """The same as a condition, of columns that hold row numbers."""
    return (
        select(EarlierShare.id)
        .where(
            EarlierShare.mentorship_id == mentorship,
            EarlierShare.mentor_id == mentor,
            EarlierShare.kind == kind,
            EarlierShare.is_given,
        )
        .exists()
    )


def answers(session: Session, mentorship: Mentorship) -> dict[str, bool]:
    """What the mentee has said about whoever mentors now, by kind; empty before they have said anything."""
    rows = session.execute(
        select(EarlierShare.kind, EarlierShare.is_given).where(
            EarlierShare.mentorship_id == mentorship.id, EarlierShare.mentor_id == mentorship.mentor.id
        )
    )
    return dict(iter(rows))


def choose(session: Session, mentorship: Mentorship, given: Collection[str], *, at: datetime) -> None:
    """Whoever mentors now may read these kinds and no others; the caller holds the mentorship, and commits."""
    so_far = {
        share.kind: share
        for share in session.scalars(
            select(EarlierShare).where(
                EarlierShare.mentorship_id == mentorship.id, EarlierShare.mentor_id == mentorship.mentor.id
            )
        )
    }
    for kind in kinds_in(mentorship):
        share = so_far.get(kind.key)
        if share is None:
            share = EarlierShare(mentorship=mentorship, mentor=mentorship.mentor, kind=kind.key)
            session.add(share)
        share.is_given, share.changed = kind.key in given, at


def kinds_in(mentorship: Mentorship) -> Sequence[EarlierKind]:
    """What a mentee is asked about here; nothing where the mentor has been there from the beginning."""
    if mentorship.is_circle:
        return ()
    stepped_in, follows = came_later(mentorship, mentorship.mentor), mentorship.replaces_id is not None
    return [kind for kind in kinds() if (stepped_in and kind.is_in_place) or (follows and kind.show is not None)]


def replaced(session: Session, mentorship: Mentorship) -> Mentorship | None:
    """The mentorship of the same mentee that this one follows."""
    before = session.get(Mentorship, mentorship.replaces_id) if mentorship.replaces_id else None
    is_theirs = before is not None and before.mentee.enrolment_id == mentorship.mentee.enrolment_id
    return before if is_theirs else None
