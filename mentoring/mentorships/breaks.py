"""A mentor who is asked too much takes a break from being asked, and comes back by themselves or on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.participants.models import Participant, ParticipantState

LANE = "mentoring-break"
BREAK = timedelta(days=30)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, LANE, BreakCarrier())


def take_break(session: Session, mentor: Participant, *, at: datetime) -> None:
    """Nobody asks them for a while; their mentees stay theirs. The caller commits."""
    if mentor.state is ParticipantState.TAKING_PART:
        mentor.state, mentor.paused_until = ParticipantState.PAUSED, at + BREAK
        body = {"participant": mentor.id, "due": mentor.paused_until.isoformat()}
        outbox.post(session, LANE, body, due=mentor.paused_until)


def come_back(mentor: Participant) -> None:
    """They may be asked again; the caller commits."""
    if mentor.state is ParticipantState.PAUSED:
        mentor.state, mentor.paused_until = ParticipantState.TAKING_PART, None


class BreakCarrier:
    """Ends breaks whose day has come."""

    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_end_if_over(errand) for errand in errands]


def _end_if_over(errand: Errand) -> Outcome:
    at, due = clock.now(), datetime.fromisoformat(errand.body["due"])
    if due > at:
        return Later("the break still lasts", (due - at).total_seconds() + 0.001)
    with transaction() as session:
        mentor = session.scalar(
            select(Participant)
            .where(Participant.id == errand.body["participant"])
            .with_for_update(of=Participant)
            .execution_options(populate_existing=True)
        )
        if mentor is not None and mentor.paused_until == due:
            come_back(mentor)
    return Done()
