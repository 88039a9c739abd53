"""What concerns hold about a person: given out, and erased; what the other of the two wrote stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock
from lti_tool.models import Person
from lti_tool.personal_data import enrolments_of
from mentoring.together.concerns import telling
from mentoring.together.concerns.models import Concern, ConcernMessage, ConcernState


def export(session: Session, person: Person, _participants: Sequence[int]) -> list[dict[str, Any]]:
    """What they raised and wrote themselves; nothing of concerns about them, which they do not learn of."""
    ids = [each.id for each in enrolments_of(session, person)]
    raised = session.scalars(select(Concern).where(Concern.raised_by_id.in_(ids)).order_by(Concern.id))
    written = session.scalars(
        select(ConcernMessage)
        .where(ConcernMessage.by_id.in_(ids))
        .options(joinedload(ConcernMessage.concern, innerjoin=True))
        .order_by(ConcernMessage.id)
    )
    return [
        *(
            {
                "concern": each.public_id,
                "raised": each.created.isoformat(),
                "topic": each.topic.value,
                "words": each.words,
                "hoped": each.hoped,
                "state": each.state.value,
            }
            for each in raised
        ),
        *(
            {"concern": each.concern.public_id, "written": each.written.isoformat(), "words": each.words}
            for each in written
        ),
    ]


def forget(session: Session, person: Person, _participants: Sequence[int]) -> None:
    """Their words go, and what they raised is closed: nobody is left to be answered.

    What others raised with them, or about them, stays; whoever raised it is told that they can turn to another
    instructor.
    """
    ids = [each.id for each in enrolments_of(session, person)]
    session.execute(delete(ConcernMessage).where(ConcernMessage.by_id.in_(ids)))
    session.execute(
        update(Concern).where(Concern.raised_by_id.in_(ids)).values(words="", hoped="", state=ConcernState.CLOSED)
    )
    looked_after = select(Concern).where(Concern.owner_id.in_(ids), Concern.state != ConcernState.CLOSED)
    for concern in session.scalars(looked_after.order_by(Concern.id)):
        telling.orphaned(session, concern, at=clock.now())
