"""What reminders hold about a person: given out, and erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.models import Person
from mentoring.together.nudges.models import Nudge, NudgeStop


def export(session: Session, person: Person, _participants: Sequence[int]) -> dict[str, Any]:
    """Of what they were reminded and when, and what they have stopped."""
    told = session.execute(
        select(Nudge.rule, Nudge.sent)
        .where(Nudge.person_id == person.id, Nudge.sent.is_not(None))
        .order_by(Nudge.sent, Nudge.id)
    )
    stopped = session.scalars(select(NudgeStop.rule).where(NudgeStop.person_id == person.id).order_by(NudgeStop.rule))
    return {"reminded": [{"of": rule, "at": sent.isoformat()} for rule, sent in told if sent], "stopped": list(stopped)}


def forget(session: Session, person: Person, _participants: Sequence[int]) -> None:
    for theirs in (Nudge, NudgeStop):
        session.execute(delete(theirs).where(theirs.person_id == person.id))
