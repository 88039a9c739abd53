"""What tests of rosters begin with: a course of the campus, its people by key, and rosters written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool.jobs import Job
from lti_tool.models import Course, Enrolment
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import Service
from lti_tool.roster import RosterReading


def course_of(session: Session) -> Course:
    session.rollback()
    return session.scalars(select(Course).execution_options(populate_existing=True)).one()


def names(session: Session, *, active: bool = True) -> set[str]:
    session.rollback()
    return {row.person.name for row in session.scalars(select(Enrolment).where(Enrolment.is_active == active))}


def enrolment(session: Session, campus: CampusInHand, key: str) -> Enrolment:
    session.rollback()
    session.expire_all()
    subject = campus.person(key).id
    return session.scalars(select(Enrolment).join(Enrolment.person).where(Enrolment.person.has(subject=subject))).one()


def readings(session: Session) -> list[RosterReading]:
    session.rollback()
    return list(session.scalars(select(RosterReading).order_by(RosterReading.id)))


def changes(reading: RosterReading) -> dict[str, list[str]]:
    """Who is named under which change: `{"left": ["Leo Nowak"]}`."""
    found: dict[str, list[str]] = {}
    for each in reading.changes:
        found.setdefault(each.change.value, []).append(each.enrolment.name)
    return found


def member(user_id: str, role: str = "Learner", **rest: Any) -> dict[str, Any]:
    return {"user_id": user_id, "roles": [role], "name": f"Person {user_id}", **rest}


def answering(monkeypatch: pytest.MonkeyPatch, *members: dict[str, Any]) -> None:
    """Let the LMS answer with exactly this roster, in one page."""
    body = json.dumps({"members": list(members)}).encode()
    answering_with(monkeypatch, lambda url: Answer(200, {}, body, url))


def answering_with(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], Answer]) -> list[str]:
    """Let the LMS answer so; what it is asked for, in order."""
    asked: list[str] = []

    def call(_self: Service, _method: str, url: str, **_rest: object) -> Answer:
        asked.append(url)
        return answer(url)

    monkeypatch.setattr(Service, "call", call)
    return asked


def roster_jobs(session: Session) -> list[Job]:
    session.rollback()
    return list(session.scalars(select(Job).where(Job.kind == "roster").order_by(Job.id)))
