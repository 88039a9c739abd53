"""A day before they meet, its people are reminded, each by their own clock.

The letter names the beginning it was posted for: where the meeting was moved or called off meanwhile it does nothing,
and a worker that was off sends nothing about a meeting that has begun. Whoever wants no reminders chooses so among the
notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.mail import NoticeKind
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.mentorships.barring import is_of_kept_apart
from mentoring.mentorships.holding import hold
from mentoring.mentorships.states import MentorshipState
from mentoring.together.meetings import telling
from mentoring.together.meetings.models import Meeting

LANE = "meeting-reminder"
BEFORE = timedelta(days=1)
KIND = NoticeKind(telling.REMINDERS, _l("Reminders the day before you meet"), order=45)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, LANE, ReminderCarrier())


def remind(session: Session, meetings: Sequence[Meeting], *, at: datetime) -> None:
    """Post the letters; of one that is less than a day ahead nobody has to be reminded."""
    session.flush()
    for meeting in meetings:
        if meeting.starts - BEFORE > at:
            body = {"meeting": meeting.id, "starts": meeting.starts.isoformat()}
            outbox.post(session, LANE, body, due=meeting.starts - BEFORE)


class ReminderCarrier:
    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_carried(errand) for errand in errands]


def _carried(errand: Errand) -> Outcome:
    at, starts = clock.now(), datetime.fromisoformat(errand.body["starts"])
    if starts - BEFORE > at:
        return Later("not yet", (starts - BEFORE - at).total_seconds() + 0.001)
    if starts <= at:
        return Done()
    with transaction() as session:
        meeting = _held(session, errand.body["meeting"])
        if meeting is not None and meeting.starts == starts and _is_expected(session, meeting, at):
            telling.soon(session, meeting, at=at)
    return Done()


def _is_expected(session: Session, meeting: Meeting, at: datetime) -> bool:
    """Whether they are to come: who has paused is not reminded, as they were told, nor is anybody where one left or the
    two are kept apart."""
    mentorship = meeting.mentorship
    rests = mentorship.state is MentorshipState.PAUSED or mentorship.grace_ends is not None
    is_planned = meeting.is_planned and mentorship.is_standing and not rests
    return is_planned and not is_of_kept_apart(session, mentorship, at)


def _held(session: Session, meeting_id: int) -> Meeting | None:
    """The meeting as it is now, with its mentorship held: who calls it off comes before or after this."""
    mentorship_id = session.scalar(select(Meeting.mentorship_id).where(Meeting.id == meeting_id))
    if mentorship_id is None or hold(session, mentorship_id) is None:
        return None
    return session.scalar(select(Meeting).where(Meeting.id == meeting_id).execution_options(populate_existing=True))
