"""Thanks as data about a person: those they received are theirs, and so are the words of those they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.models import Person
from mentoring.together.thanks.models import Thanks


def export(session: Session, _person: Person, participants: Sequence[int]) -> list[dict[str, Any]]:
    """Those they received, to keep, and those they wrote. Who the other is stands in neither."""
    theirs = or_(Thanks.to_id.in_(participants), Thanks.by_id.in_(participants))
    return [
        {
            "mentorship": thanks.mentorship.public_id,
            "at": thanks.at.isoformat(),
            "received": thanks.to_id in participants,
            "words": thanks.words,
            "shown_to_instructors": thanks.is_shown if thanks.to_id in participants else None,
        }
        for thanks in session.scalars(select(Thanks).where(theirs).order_by(Thanks.id))
    ]


def forget(session: Session, _person: Person, participants: Sequence[int]) -> None:
    """What they received goes with them. Of what they wrote the words go, as all their words do; that somebody was
    thanked, and when, stays theirs."""
    session.execute(delete(Thanks).where(Thanks.to_id.in_(participants)))
    session.execute(update(Thanks).where(Thanks.by_id.in_(participants)).values(by_id=None, words=""))
