"""What is held about a person here: what they would like next, and what they let a new mentor read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.models import Person
from mentoring.mentorships.earlier import keeping as earlier
from mentoring.together.closure.models import ClosureAnswer


def export(session: Session, _person: Person, participants: Sequence[int]) -> dict[str, Any]:
    said = session.scalars(
        select(ClosureAnswer).where(ClosureAnswer.participant_id.in_(participants)).order_by(ClosureAnswer.id)
    )
    return {
        "what_comes_next": [{"mentorship": each.mentorship.public_id, "wishes": each.wishes} for each in said],
        "what_new_mentors_may_read": earlier.export(session, participants),
    }


def forget(session: Session, _person: Person, participants: Sequence[int]) -> None:
    session.execute(delete(ClosureAnswer).where(ClosureAnswer.participant_id.in_(participants)))
    earlier.forget(session, participants)
