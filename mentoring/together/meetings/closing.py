"""A flash mentorship is over when its one meeting was held: nobody has to close it.

At once when all of its people have said how it was; otherwise three days later, so that the other may still say it.
A meeting that was missed closes nothing: another time may be booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.mentorships import living
from mentoring.mentorships.holding import hold
from mentoring.mentorships.models import Mentorship
from mentoring.programs.choices import MentoringType
from mentoring.together.meetings.models import Meeting, MeetingState

LANE = "flash-closing"
TO_SAY = timedelta(days=3)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, LANE, ClosingCarrier())


def is_flash(mentorship: Mentorship) -> bool:
    return mentorship.cohort.version.mentoring_type == MentoringType.FLASH and not mentorship.is_circle


def close_soon(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """It was held; the others have some days to say how it was."""
    if is_flash(meeting.mentorship):
        due = at + TO_SAY
        outbox.post(session, LANE, {"mentorship": meeting.mentorship_id, "due": due.isoformat()}, due=due)


def close_when_all_have_said(session: Session, meeting: Meeting, *, at: datetime) -> None:
    mentorship, said = meeting.mentorship, {entry.participant_id for entry in meeting.entries}
    is_held = meeting.state is MeetingState.HELD
    if is_held and is_flash(mentorship) and all(person.id in said for person in mentorship.people):
        _close(session, mentorship, at)


def _close(session: Session, mentorship: Mentorship, at: datetime) -> None:
    if mentorship.is_standing:
        living.complete(session, mentorship, by=None, at=at)


class ClosingCarrier:
    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_carried(errand) for errand in errands]


def _carried(errand: Errand) -> Outcome:
    at, due = clock.now(), datetime.fromisoformat(errand.body["due"])
    if due > at:
        return Later("not yet", (due - at).total_seconds() + 0.001)
    with transaction() as session:
        mentorship = hold(session, errand.body["mentorship"])
        if mentorship is not None and is_flash(mentorship) and _was_held(session, mentorship):
            _close(session, mentorship, at)
    return Done()


def _was_held(session: Session, mentorship: Mentorship) -> bool:
    held = select(Meeting.id).where(Meeting.mentorship_id == mentorship.id, Meeting.state == MeetingState.HELD)
    return session.scalar(held.limit(1)) is not None
