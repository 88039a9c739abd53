"""Grades on their way, for tests: somebody earns one, letters go out, and what is known of it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.events import GradeChanged
from lti_tool.gradebook import Grade, GradeColumn
from lti_tool.models import Course, Enrolment, Person
from lti_tool.outbox import Letter, LetterState
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import Service
from lti_tool.running.delivering import drain

EXAM, TITLE = "exam:final", "Final exam"
"""An activity that nobody has placed in the course page, so that its column has to be found or made."""


def earn(
    session: Session,
    campus: CampusInHand,
    key: str,
    score: float,
    *,
    activity: str = EXAM,
    title: str = TITLE,
    maximum: float = 20.0,
    attempt: str = "one",
    at: datetime | None = None,
) -> None:
    """What a feature announces when somebody has earned a grade."""
    enrolment = enrolled(session, campus, key)
    with transaction():
        outbox.announce(
            session,
            GradeChanged(
                at=at or clock.now(),
                who=enrolment.who,
                where=enrolment.course.where,
                activity=activity,
                title=title,
                score=score,
                maximum=maximum,
                attempt=attempt,
            ),
        )


def enrolled(session: Session, campus: CampusInHand, key: str) -> Enrolment:
    session.rollback()
    subject = campus.person(key).id
    return session.scalars(select(Enrolment).join(Enrolment.person).where(Person.subject == subject)).one()


def deliver(app: Flask, **later: float) -> int:
    """Whatever is due after this time has gone by; how many letters were tried."""
    with clock.moved_by(timedelta(**later)):
        return drain(app)


def grade_of(session: Session, campus: CampusInHand, key: str, activity: str = EXAM) -> Grade:
    enrolment = enrolled(session, campus, key)
    return session.scalars(
        select(Grade)
        .where(Grade.enrolment_id == enrolment.id, Grade.activity == activity)
        .execution_options(populate_existing=True)
    ).one()


def column_of(session: Session, activity: str = EXAM) -> GradeColumn:
    session.rollback()
    return session.scalars(
        select(GradeColumn).where(GradeColumn.activity == activity).execution_options(populate_existing=True)
    ).one()


def course_of(session: Session) -> Course:
    session.rollback()
    return session.scalars(select(Course)).one()


def letters(session: Session) -> list[LetterState]:
    session.rollback()
    rows = select(Letter.state).where(Letter.lane.startswith("gradebook:")).order_by(Letter.id)
    return list(session.scalars(rows))


def allow_only(session: Session, *scopes: str) -> None:
    """As if the newest launch had named these scopes."""
    course_of(session).line_item_scopes = list(scopes)
    session.commit()


@contextmanager
def calls_seen() -> Iterator[list[tuple[str, str, Mapping[str, Any]]]]:
    """Every call to the gradebook: method, address and the rest of what was asked."""
    seen: list[tuple[str, str, Mapping[str, Any]]] = []
    call = Service.call

    def watched(self: Service, method: str, url: str, **rest: Any) -> Answer:
        if "lineitem" in url:
            seen.append((method, url, {**rest, "scopes": list(self.scopes)}))
        return call(self, method, url, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Service, "call", watched)
        yield seen
