"""A mentorship and everybody concerned are held while a decision about it is made.

People first and mentorships after them, both in the order of their rows: so two decisions wait for each other
instead of stopping each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.queries import of_course
from mentoring.participants.models import Participant, Wish


def to_change(
    session: Session, course: Course, public_id: str, *, also: Collection[Enrolment] = ()
) -> Mentorship | None:
    """A mentorship of this course as the database has it now, held with its people until the caller commits."""
    found = session.scalar(of_course(course).where(Mentorship.public_id == public_id).with_only_columns(Mentorship.id))
    return hold(session, found, also=also) if found is not None else None


def hold(session: Session, mentorship_id: int, *, also: Collection[Enrolment] = ()) -> Mentorship | None:
    """Hold the mentorship with its members, whoever its mentee would be passed on to, and these others."""
    hold_people(session, [mentorship_id], also=also)
    return next(iter(lock(session, [mentorship_id])), None)


def hold_people(session: Session, mentorship_ids: Collection[int], *, also: Collection[Enrolment] = ()) -> None:
    """Nobody else can pair the people of these mentorships until the caller commits."""
    members = select(Membership.participant_id).where(Membership.mentorship_id.in_(mentorship_ids))
    cohorts = select(Mentorship.cohort_id).where(Mentorship.id.in_(mentorship_ids))
    wished = select(Wish.whom_id).where(Wish.participant_id.in_(members))
    theirs = Participant.enrolment_id.in_(wished) | Participant.enrolment_id.in_([each.id for each in also])
    ids = select(Participant.id).where(Participant.id.in_(members) | (Participant.cohort_id.in_(cohorts) & theirs))
    session.scalars(
        select(Participant.id).where(Participant.id.in_(ids)).order_by(Participant.id).with_for_update()
    ).all()
    # Read only now: what was read while waiting for the lock may be old.
    session.scalars(
        select(Participant)
        .where(Participant.id.in_(ids))
        .options(joinedload(Participant.offer))
        .execution_options(populate_existing=True)
    ).all()


def lock(session: Session, ids: Collection[int]) -> Sequence[Mentorship]:
    return session.scalars(
        select(Mentorship)
        .where(Mentorship.id.in_(ids))
        .order_by(Mentorship.id)
        .with_for_update(of=Mentorship)
        .execution_options(populate_existing=True)
    ).all()
