"""What is held about a person here: given out to the mentee who decided, and taken away with either of the two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from mentoring.mentorships.earlier.models import EarlierShare
from mentoring.mentorships.models import Membership, Mentorship, Part


def export(session: Session, participants: Sequence[int]) -> list[dict[str, Any]]:
    """What they let their mentors read; of a mentor, what they may is in nobody's data but the mentee's."""
    shares = session.scalars(
        select(EarlierShare).where(EarlierShare.mentorship_id.in_(_as_mentee(participants))).order_by(EarlierShare.id)
    )
    return [
        {"mentorship": share.mentorship.public_id, "kind": share.kind, "may_be_read": share.is_given}
        for share in shares
    ]


def forget(session: Session, participants: Sequence[int]) -> None:
    theirs = or_(EarlierShare.mentor_id.in_(participants), EarlierShare.mentorship_id.in_(_as_mentee(participants)))
    session.execute(delete(EarlierShare).where(theirs).execution_options(synchronize_session=False))


def _as_mentee(participants: Sequence[int]) -> Any:
    return (
        select(Mentorship.id)
        .join(Membership, Membership.mentorship_id == Mentorship.id)
        .where(Membership.participant_id.in_(participants), Membership.part == Part.MENTEE)
    )
