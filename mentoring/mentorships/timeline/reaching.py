"""The six events of a timeline: due by shares of the mentorship's length, and done when what they wait for has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import outbox
from lti_tool.db import table
from mentoring.events import MilestoneReached
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import among
from mentoring.mentorships.timeline import steps
from mentoring.mentorships.timeline.models import Step, TimelineEntry

SHARES: Mapping[Step, float] = {
    Step.MATCHED: 0,
    Step.KICK_OFF: 0.08,
    Step.OUTLINE: 0.12,
    Step.SCHEDULE: 0.16,
    Step.MID_EVALUATION: 0.5,
    Step.END_EVALUATION: 1,
}
"""By when each is due, as a share of the mentorship's length: in ninety days after 7, 11, 14 and 45 days, and at the
end."""


def due(step: Step, started: datetime, ends: datetime) -> datetime:
    return started + (ends - started) * SHARES[step]


def lay_out(session: Session, mentorships: Sequence[Mentorship]) -> None:
    """The six and the program's steps, of mentorships that begin to count: each has its beginning and planned end."""
    session.execute(insert(table(TimelineEntry)), [row for mentorship in mentorships for row in _six(mentorship)])
    steps.lay_out(session, mentorships)


def _six(mentorship: Mentorship) -> Iterator[dict[str, Any]]:
    started, ends = steps.times_of(mentorship)
    for step in Step:
        done = started if step is Step.MATCHED else None
        yield {"mentorship_id": mentorship.id, "step": step, "due": due(step, started, ends), "done": done}


def entries_of(session: Session, mentorship: Mentorship) -> Sequence[TimelineEntry]:
    """Everything on its timeline, the earliest due first."""
    return (
        session.scalars(
            select(TimelineEntry)
            .where(TimelineEntry.mentorship_id == mentorship.id)
            .order_by(TimelineEntry.due, TimelineEntry.id)
            .options(joinedload(TimelineEntry.marks))
        )
        .unique()
        .all()
    )


def reach(session: Session, mentorship: Mentorship, step: Step, *, at: datetime) -> None:
    """What this step waits for has come; the first time counts."""
    for entry in entries_of(session, mentorship):
        if entry.step is step and entry.done is None:
            entry.done = at
            outbox.announce(session, MilestoneReached(**among(mentorship, at), step=step.value))


def stretch(session: Session, mentorship: Mentorship, ends: datetime) -> None:
    """The planned end is about to move: so do the open steps that stand where the program put them."""
    started, planned_end = mentorship.started, mentorship.planned_end
    if started is None or planned_end is None:
        return
    for entry in entries_of(session, mentorship):
        if entry.done is None and entry.due == _usual(entry, started, planned_end):
            entry.due = _usual(entry, started, ends) or entry.due


def _usual(entry: TimelineEntry, started: datetime, ends: datetime) -> datetime | None:
    """Where the program puts it, if that moves with the end."""
    if entry.step is not None:
        return due(entry.step, started, ends)
    return steps.after(entry.share, started, ends) if entry.share is not None else None
