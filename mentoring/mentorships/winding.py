"""The clocks of a mentorship: until when each state waits, as letters that fall due. What they do is in `clocks`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool import outbox
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import STANDING, MentorshipState

LANE = "mentoring-clock"
TO_BEGIN = timedelta(days=7)
"""After how long a pair that has not met is reminded."""
GRACE = timedelta(days=14)
"""How long a mentorship, or a place in a circle, waits for somebody who left the course."""
TO_FINISH = timedelta(days=14)
"""For how long after its planned end a mentorship waits to be completed by its members."""

Due = Callable[[Mentorship], datetime | None]


def _half_time(mentorship: Mentorship) -> datetime | None:
    if not mentorship.is_open or mentorship.nudged or mentorship.asked is None or mentorship.reply_by is None:
        return None
    return mentorship.asked + (mentorship.reply_by - mentorship.asked) / 2


def _deadline(mentorship: Mentorship) -> datetime | None:
    return mentorship.reply_by if mentorship.is_open else None


def _first_meeting(mentorship: Mentorship) -> datetime | None:
    is_due = mentorship.state is MentorshipState.ACCEPTED and mentorship.started and not mentorship.nudged
    return mentorship.started + TO_BEGIN if is_due and mentorship.started else None


def _planned_end(mentorship: Mentorship) -> datetime | None:
    is_due = mentorship.state is MentorshipState.ACTIVE and not mentorship.nudged
    return mentorship.planned_end if is_due else None


def _last_day(mentorship: Mentorship) -> datetime | None:
    is_due = mentorship.state in STANDING and mentorship.planned_end
    return mentorship.planned_end + TO_FINISH if is_due and mentorship.planned_end else None


def _pause_over(mentorship: Mentorship) -> datetime | None:
    return mentorship.paused_until if mentorship.state is MentorshipState.PAUSED else None


DUE: dict[str, Due] = {
    "half-time": _half_time,
    "deadline": _deadline,
    "first-meeting": _first_meeting,
    "planned-end": _planned_end,
    "last-day": _last_day,
    "pause-over": _pause_over,
}
"""Each clock, and when it strikes; never, where it says nothing."""

CLOCKS: dict[MentorshipState, tuple[str, ...]] = {
    MentorshipState.PROPOSED: ("half-time", "deadline"),
    MentorshipState.INFO_ASKED: ("half-time", "deadline"),
    MentorshipState.ACCEPTED: ("first-meeting", "last-day"),
    MentorshipState.ACTIVE: ("planned-end", "last-day"),
    MentorshipState.PAUSED: ("pause-over", "last-day"),
}
"""Which clocks run in a state; the last of each leads out of it, whatever people do or leave undone."""


def wind(session: Session, mentorship: Mentorship) -> None:
    """Post the letters of the state it is in now; those of an earlier one do nothing when they arrive."""
    for name in CLOCKS.get(mentorship.state, ()):
        due = DUE[name](mentorship)
        if due is not None:
            body = {"mentorship": mentorship.id, "clock": name, "due": due.isoformat()}
            outbox.post(session, LANE, body, due=due)
