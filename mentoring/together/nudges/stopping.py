"""How people have fewer reminders: each for themselves by rule, a pair for a while, an instructor for a program.

What is on its way is not touched: it is looked at anew when it is to go. The caller commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Person
from mentoring.mentorships.models import Mentorship
from mentoring.programs.models import Program
from mentoring.together.nudges.models import NudgeRest, NudgeStop, NudgeSwitch

NOT_NOW = timedelta(days=14)


def stop(session: Session, person: Person, rule: str, *, at: datetime) -> None:
    find_or_create(session, NudgeStop, {"person_id": person.id, "rule": rule}, created=at)


def start(session: Session, person: Person, rule: str) -> None:
    session.execute(delete(NudgeStop).where(NudgeStop.person_id == person.id, NudgeStop.rule == rule))


def rest(session: Session, mentorship: Mentorship, *, at: datetime) -> datetime:
    """Nobody in it is reminded for two weeks from now; when that is over."""
    row, _is_new = find_or_create(session, NudgeRest, {"mentorship_id": mentorship.id}, until=at + NOT_NOW)
    row.until = at + NOT_NOW
    return row.until


def wake(session: Session, mentorship: Mentorship) -> None:
    session.execute(delete(NudgeRest).where(NudgeRest.mentorship_id == mentorship.id))


def rests_until(session: Session, mentorship: Mentorship, at: datetime) -> datetime | None:
    """Until when nobody in it is reminded; None if they are."""
    return session.scalar(select(NudgeRest.until).where(NudgeRest.mentorship_id == mentorship.id, NudgeRest.until > at))


def switch(session: Session, program: Program, *, is_on: bool) -> None:
    row, _is_new = find_or_create(session, NudgeSwitch, {"program_id": program.id}, is_on=is_on)
    row.is_on = is_on


def is_on(session: Session, program: Program) -> bool:
    found = session.scalar(select(NudgeSwitch.is_on).where(NudgeSwitch.program_id == program.id))
    return found is None or found
