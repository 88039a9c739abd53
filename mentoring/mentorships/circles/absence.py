"""Somebody of a circle leaves the course: the others go on, and the place is kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.events import PersonLeftCourse
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.mentorships.circles.changing import MEMBER_LEFT, remove
from mentoring.mentorships.holding import hold
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.winding import GRACE
from mentoring.participants.models import Participant

LANE = "mentoring-absence"


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, LANE, AbsenceCarrier())


def wait(session: Session, circle: Mentorship, event: PersonLeftCourse) -> None:
    """Let the circle keep the place of whoever left; the caller commits."""
    for person in circle.people:
        if person.enrolment.who == event.who:
            body, key = {"mentorship": circle.id, "participant": person.id}, f"absence:{circle.id}:{person.id}"
            outbox.post(session, LANE, body, due=event.at + GRACE, key=key)


def kept_until(person: Participant) -> datetime | None:
    """Until when a circle keeps the place of somebody who left the course; nothing of those who are there."""
    enrolment = person.enrolment
    return enrolment.left + GRACE if not enrolment.is_active and enrolment.left is not None else None


class AbsenceCarrier:
    """Lets go of places whose people did not come back."""

    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_let_go(errand) for errand in errands]


def _let_go(errand: Errand) -> Outcome:
    at = clock.now()
    with transaction() as session:
        circle = hold(session, errand.body["mentorship"])
        if circle is None or circle.has_ended:
            return Done()
        gone = next((each for each in circle.people if each.id == errand.body["participant"]), None)
        if gone is None or gone.enrolment.is_active:
            return Done()
        until = kept_until(gone)
        if until is not None and until > at:
            # They had come back and left once more: this letter is older than the grace.
            return Later("the place is still kept", (until - at).total_seconds() + 0.001)
        remove(session, circle, gone, by=None, at=at, reason=MEMBER_LEFT)
    return Done()
