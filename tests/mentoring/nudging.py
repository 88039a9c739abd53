"""Nights and mornings of reminders, for tests that go on from there."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.running.delivering import drain
from mentoring.mentorships import living
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.together.meetings.models import Meeting, MeetingState
from mentoring.together.nudges.models import Nudge
from mentoring.together.nudges.saying import NUDGES
from mentoring.together.nudges.sweeping import sweep
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import School
from tests.mentoring.meetings import a_pair, booked

A_DAY = timedelta(days=1)
NIGHT = timedelta(hours=6, minutes=30)
"""From the sweep at half past two to nine o'clock."""


def begun(school: School) -> Mentorship:
    """Leo and Maya, who met for the first time on Monday, 23 November 2026, at nine, and ticked what was due of their
    timeline."""
    pair = a_pair(school)
    living.begin(school.session, held(school, pair), by=school.leo, at=THEN)
    school.session.commit()
    return pair


def met(school: School, pair: Mentorship, days: int = 1) -> Meeting:
    """They met at noon, so many days later, and said so."""
    [meeting] = booked(school, pair, pair.mentee, days)
    meeting.state = MeetingState.HELD
    school.session.commit()
    return meeting


def with_address(school: School, *people: Enrolment) -> None:
    for person in people:
        person.person.email = f"{person.person.subject}@school.example"
    school.session.commit()


def swept(school: School, at: datetime) -> list[tuple[str, str]]:
    """Who is to be reminded of what, after a sweep at this moment."""
    school.session.commit()
    with clock.moved_to(at):
        sweep(at=at)
    return waiting(school)


def waiting(school: School) -> list[tuple[str, str]]:
    school.session.rollback()
    school.session.expire_all()
    found = school.session.scalars(
        select(Nudge)
        .join(Nudge.participant)
        .where(Nudge.sent.is_(None), Nudge.dropped.is_(None))
        .order_by(Participant.enrolment_id, Nudge.rule)
    )
    return [(nudge.participant.name, nudge.rule) for nudge in found]


def carried(app: Flask, school: School, at: datetime) -> None:
    """Whatever is due at this moment is brought."""
    school.session.commit()
    with clock.moved_to(at):
        drain(app)
    school.session.rollback()
    school.session.expire_all()


def a_day(app: Flask, school: School, days: float) -> None:
    """A night's sweep, so many days after Monday, 23 November 2026, and what the worker does at nine."""
    morning = THEN + days * A_DAY
    swept(school, morning - NIGHT)
    carried(app, school, morning)


def told(school: School, who: Enrolment | None = None) -> list[list[str]]:
    """The lines of each notice of reminders, in order, without the last, which is always the same."""
    school.session.rollback()
    school.session.expire_all()
    asked = select(PersonalNotice).where(PersonalNotice.kind == NUDGES).order_by(PersonalNotice.id)
    if who is not None:
        asked = asked.where(PersonalNotice.enrolment_id == who.id)
    return [notice.paragraphs[:-1] for notice in school.session.scalars(asked)]
