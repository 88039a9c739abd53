"""Which notes somebody reads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from mentoring.mentorships.sections import Look
from mentoring.together.notes.models import TO_INSTRUCTORS, TO_ITS_PEOPLE, Note, Visibility
from mentoring.together.since import reads_from

EARLIER = "notes"
"""What a new mentor reads of before they came only if their mentee lets them."""


def shared_in(look: Look) -> Select[Note]:
    """What is not private and this visitor reads: their own, and that of others as each note says."""
    return _of(look).where(Note.visibility != Visibility.PRIVATE, or_(_is_mine(look), *_opened_to(look)))


def all_in(look: Look) -> Select[Note]:
    """The same, and what they keep to themselves."""
    return _of(look).where(or_(_is_mine(look), *_opened_to(look)))


def _of(look: Look) -> Select[Note]:
    return select(Note).where(Note.mentorship_id == look.mentorship.id)


def _is_mine(look: Look) -> ColumnElement[bool]:
    return Note.author_id == look.me.id


def _opened_to(look: Look) -> list[ColumnElement[bool]]:
    """By which rules they read what others wrote. An instructor who belongs to it reads as one of its people, and one
    who did never reads what the other instructors wrote about it."""
    since = reads_from(look, EARLIER)
    if since is not None:
        return [and_(Note.visibility.in_(TO_ITS_PEOPLE), Note.opened >= since)]
    if not look.me.is_instructor:
        return []
    has_belonged = any(each.participant.enrolment_id == look.me.id for each in look.mentorship.members)
    return [Note.visibility == Visibility.PROGRAM if has_belonged else Note.visibility.in_(TO_INSTRUCTORS)]


def newest(session: Session, among: Select[Note], most: int, first: int = 0) -> Sequence[Note]:
    return session.scalars(
        among.options(joinedload(Note.author, innerjoin=True))
        .order_by(Note.written.desc(), Note.id.desc())
        .limit(most)
        .offset(first or None)
    ).all()


def count(session: Session, among: Select[Note]) -> int:
    return session.scalar(select(func.count()).select_from(among.subquery())) or 0


def mine(look: Look, public_id: str) -> Note | None:
    """A note that they wrote at this mentorship, as the database has it now."""
    found = _of(look).where(_is_mine(look), Note.public_id == public_id)
    return look.session.scalar(found.execution_options(populate_existing=True))
