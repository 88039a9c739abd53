"""Visits are retold a moment later, by letter: hundreds arrive at once when a lesson begins, and none waits for it.

The letter is posted in the launch's own transaction and names the happening, so nothing is lost and nothing told
twice: a statement's id is made from its event's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import db, transaction
from lti_tool.errors import log_unexpected
from lti_tool.events import CourseEntered
from lti_tool.outbox import Done, Errand, Happening, Later, Outcome
from xapi import retelling

KIND = "visits"

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    outbox.subscribe(app, CourseEntered, hear)
    outbox.register_carrier(app, KIND, VisitCarrier())


def hear(session: Session, event: CourseEntered) -> None:
    """Have it retold in its platform's lane: each store takes its statements in order, and waits for no other."""
    outbox.post(session, f"{KIND}:{event.who.platform}", {"event": event.event_id})


class VisitCarrier:
    """Stores the statements of a batch of visits in one transaction."""

    batch = 40
    """So few that a launch beside it waits for some milliseconds only: SQLite has one writer."""

    def carry(self, errands: Sequence[Errand]) -> Iterable[Outcome]:
        try:
            _retell(errands)
        except Exception as problem:
            log_unexpected(log, problem)
            return map(_alone, errands)
        return [Done()] * len(errands)


def _alone(errand: Errand) -> Outcome:
    """One by one, so that a visit which cannot be retold holds up no other."""
    try:
        _retell([errand])
    except Exception as problem:
        log_unexpected(log, problem)
        return Later(f"{type(problem).__name__} inside the tool; see the log")
    return Done()


def _retell(errands: Sequence[Errand]) -> None:
    with transaction() as session:
        visits = _visits(errands)
        if visits:
            retelling.retell(session, visits, visits[0].who)


def _visits(errands: Sequence[Errand]) -> list[CourseEntered]:
    """In the order of the letters; all of one platform, because the lane is."""
    wanted = [str(errand.body["event"]) for errand in errands]
    rows = db.session.execute(select(Happening.event_id, Happening.body).where(Happening.event_id.in_(wanted)))
    bodies = {row.event_id: row.body for row in rows}
    return [outbox.read_back(CourseEntered, bodies[each]) for each in wanted if each in bodies]
