"""What happens when a clock of a mentorship strikes: somebody is reminded, an ask expires, a pause is over.

A letter names the moment it was posted for. If the mentorship waits for another one by now, or for none, the letter
does nothing; so it may also come twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.mentorships import answering, ending, living, telling_people
from mentoring.mentorships.barring import is_of_kept_apart
from mentoring.mentorships.holding import hold
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.winding import DUE, LANE

Strike = Callable[[Session, Mentorship, datetime], None]
A_DAY = timedelta(days=1)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, LANE, ClockCarrier())


def _remind(session: Session, asked: Mentorship, at: datetime) -> None:
    answering.nudge(session, asked, by=None, at=at)


def _expire(session: Session, asked: Mentorship, at: datetime) -> None:
    answering.expire(session, asked, at=at)


def _ask_whether_they_met(session: Session, mentorship: Mentorship, at: datetime) -> None:
    """Not where one of them has left, and not of two who are to be kept apart."""
    mentorship.nudged = at
    if mentorship.grace_ends is None and not is_of_kept_apart(session, mentorship, at):
        telling_people.not_met(session, mentorship, at=at)


def _say_that_time_is_up(session: Session, mentorship: Mentorship, at: datetime) -> None:
    mentorship.nudged = at
    telling_people.time_is_up(session, mentorship, at=at)


def _close(session: Session, mentorship: Mentorship, at: datetime) -> None:
    """Nobody has closed it since its planned end: what began is completed, what never began is called off."""
    if mentorship.state is MentorshipState.ACCEPTED:
        ending.end(session, mentorship, by=None, at=at, reason=ending.NEVER_BEGAN)
    else:
        living.complete(session, mentorship, by=None, at=at)


def _resume(session: Session, mentorship: Mentorship, at: datetime) -> None:
    living.resume(session, mentorship, by=None, at=at)


STRIKES: dict[str, Strike] = {
    "half-time": _remind,
    "deadline": _expire,
    "first-meeting": _ask_whether_they_met,
    "planned-end": _say_that_time_is_up,
    "last-day": _close,
    "pause-over": _resume,
}


class ClockCarrier:
    """Lets the clocks strike whose time has come."""

    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_strike(errand) for errand in errands]


def _strike(errand: Errand) -> Outcome:
    at, due, name = clock.now(), datetime.fromisoformat(errand.body["due"]), errand.body["clock"]
    if due > at:
        return Later("not yet", (due - at).total_seconds() + 0.001)
    with transaction() as session:
        mentorship = hold(session, errand.body["mentorship"])
        if mentorship is None or DUE[name](mentorship) != due:
            return Done()
        if name == "pause-over" and living.missing(mentorship):
            # Their grace decides: either they come back and this goes on, or it ends.
            return Later("somebody is missing", A_DAY.total_seconds())
        STRIKES[name](session, mentorship, at)
    return Done()
