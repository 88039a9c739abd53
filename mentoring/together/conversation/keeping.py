"""What conversations hold about a person: given out, and erased; what the others wrote stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock
from lti_tool.models import Person
from mentoring.together.conversation.models import Message


def export(session: Session, _person: Person, participants: Sequence[int]) -> list[dict[str, Any]]:
    """What they wrote themselves."""
    wrote = session.scalars(
        select(Message)
        .where(Message.by_id.in_(participants))
        .options(joinedload(Message.mentorship, innerjoin=True))
        .order_by(Message.id)
    )
    return [
        {
            "mentorship": each.mentorship.public_id,
            "written": each.written.isoformat(),
            "words": each.words,
            "taken_back": each.taken_back.isoformat() if each.taken_back else None,
        }
        for each in wrote
    ]


def forget(session: Session, _person: Person, participants: Sequence[int]) -> None:
    """Their words go, as if they had taken them back; that there was a message stays for whoever answered it."""
    gone = {"words": "", "taken_back": func.coalesce(Message.taken_back, clock.now())}
    session.execute(update(Message).where(Message.by_id.in_(participants)).values(gone))
