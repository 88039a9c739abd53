"""Which messages somebody reads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from mentoring.mentorships.earlier.reading import may_read_earlier
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.together.conversation.models import Message

EARLIER = "conversation"
"""What a new mentor reads of before they came only if their mentee lets them."""


def read_by(me: Participant, look: Look) -> Select[Message]:
    """Those written while they belonged to it: what was said before somebody came was not said to them, unless the
    mentee lets a new mentor read it."""
    if may_read_earlier(look, EARLIER):
        return select(Message).where(Message.mentorship_id == look.mentorship.id)
    mine = [_within(member.since, member.until) for member in look.mentorship.members if member.participant_id == me.id]
    return select(Message).where(Message.mentorship_id == look.mentorship.id, or_(*mine))


def _within(since: object, until: object | None) -> ColumnElement[bool]:
    begun = Message.written >= since
    return begun & (Message.written <= until) if until is not None else begun


def newest(me: Participant, look: Look, most: int, first: int = 0) -> Sequence[Message]:
    return look.session.scalars(read_by(me, look).order_by(Message.id.desc()).limit(most).offset(first)).all()


def one(me: Participant, look: Look, public_id: str) -> Message | None:
    return look.session.scalar(read_by(me, look).where(Message.public_id == public_id))
