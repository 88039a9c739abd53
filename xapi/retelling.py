"""Hears what is announced and retells it in the same transaction: to the embedded LRS at once, to others by letter.

Visits are heard a moment later and many at once: see `lti_tool.happenings`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from flask import Flask, current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool import clock, happenings, outbox
from lti_tool.events import CourseEntered, Event, Who
from xapi import runs, translations, validation
from xapi.endpoints import Endpoint, RefusedStatement
from xapi.lrs import storing
from xapi.lrs.models import Store
from xapi.profile import matching
from xapi.translations import Statement

log = logging.getLogger(__name__)

AUTHORITY_NAME = "mentoring"


class BadTranslation(AssertionError):
    """A translation wrote a statement that our validator or our profile refuses; raised in tests only."""


def init_app(app: Flask) -> None:
    happenings.hear_soon(app, CourseEntered, lambda session, events: retell(session, events, events[0].who))
    for kind in translations.TRANSLATIONS:
        if kind is not CourseEntered:
            outbox.subscribe_to_many(app, kind, lambda session, events: retell(session, events, whose(events[0])))


def whose(event: Event) -> Who:
    """Somebody of the platform that it happened at; whoever stands in one event is of one."""
    for value in vars(event).values():
        if isinstance(value, Who):
            return value
        if isinstance(value, tuple) and value and isinstance(value[0], Who):
            return value[0]
    raise TypeError(f"{type(event).__name__} names nobody")


def retell(session: Session, events: Sequence[Event], whose: Who) -> None:
    """Store the statements of one platform's events and queue them for every LRS outside that is to have them."""
    good = [
        statement
        for event in events
        for statement in translations.translate(event, current_app.config["IRI_BASE"])
        if _passes(session, event, statement)
    ]
    if not good:
        return
    store = storing.store_of(session, whose.platform, clock.now())
    runs.keep_in_order(session, store, good)
    storing.store(session, store, good, authority(), clock.now())
    _queue(session, store, good)


def authority() -> Statement:
    """Who vouches for our statements: this installation."""
    return {
        "objectType": "Agent",
        "account": {"homePage": current_app.config["IRI_BASE"], "name": AUTHORITY_NAME},
    }


def _passes(session: Session, event: Event, statement: Statement) -> bool:
    """A statement that fails never undoes a person's act: it is kept with its faults instead."""
    faults = [str(fault) for fault in validation.emitter_errors(statement)] or matching.faults_of(statement)
    if not faults:
        return True
    if current_app.testing:
        raise BadTranslation("; ".join(faults))
    log.error("A statement of %s was refused by our own validator: %s", type(event).__name__, faults[:5])
    session.add(
        RefusedStatement(
            event_id=event.event_id,
            name=str(statement.get("id", "")),
            body=json.dumps(statement, default=str),
            faults="; ".join(faults),
            at=clock.now(),
        )
    )
    return False


def _queue(session: Session, store: Store, statements: Sequence[Statement]) -> None:
    endpoints = session.scalars(
        select(Endpoint)
        .where(
            Endpoint.is_active,
            or_(Endpoint.platform_id.is_(None), Endpoint.platform_id == store.platform_id),
        )
        .order_by(Endpoint.id)
    ).all()
    for endpoint in endpoints:
        for statement in statements:
            if endpoint.wants(statement):
                outbox.post(session, endpoint.lane, {"store": store.id, "statement": statement["id"]})
