"""People become participants of a cohort, and are held while a decision about them is made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment
from mentoring.participants.models import Came, Participant, ParticipantState
from mentoring.programs.models import Cohort


def join(
    session: Session,
    cohort: Cohort,
    people: Iterable[Enrolment],
    *,
    at: datetime,
    came: Came = Came.ADDED,
    state: ParticipantState = ParticipantState.TAKING_PART,
) -> None:
    """Make participants of those who are none yet; two requests that do so at once make one row each."""
    known = session.scalars(select(Participant.enrolment_id).where(Participant.cohort_id == cohort.id)).all()
    # In one order for everybody, so that two requests wait for each other instead of stopping each other.
    missing = sorted({person.id for person in people} - set(known))
    if not missing:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Participant).on_conflict_do_nothing(),
        [
            {
                "cohort_id": cohort.id,
                "enrolment_id": enrolment,
                "state": state,
                "came": came,
                "created": at,
            }
            for enrolment in missing
        ],
    )


def hold(session: Session, cohort: Cohort, people: Iterable[Enrolment]) -> dict[int, Participant]:
    """The participants among these people by enrolment id, as the database has them now.

    Nobody else can pair them or change their offers until the caller commits: on PostgreSQL their rows are
    locked, on SQLite a request that changes something is the only writer.
    """
    ids = {person.id for person in people}
    theirs = Participant.cohort_id == cohort.id, Participant.enrolment_id.in_(ids)
    session.scalars(select(Participant.id).where(*theirs).order_by(Participant.id).with_for_update()).all()
    # Read only now: what was read while waiting for the lock may be old.
    found = session.scalars(
        select(Participant)
        .where(*theirs)
        .options(joinedload(Participant.offer))
        .execution_options(populate_existing=True)
    )
    return {participant.enrolment_id: participant for participant in found}
