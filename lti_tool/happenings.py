"""What happens by the hundred, such as visits when a lesson begins, is announced by letter and heard a moment later.

The letter is posted in the act's own transaction and holds the whole event, so nothing is lost. Carrying it writes the
event into the history and lets everybody hear it, many at once and each once: both are made under the event's own id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import transaction
from lti_tool.errors import log_unexpected
from lti_tool.events import Event, Who
from lti_tool.outbox import Done, Errand, Later, Outcome
from lti_tool.prepared import Here

KIND = "happened"
BATCH = 40
"""So few that a launch beside it waits for some milliseconds only: SQLite has one writer."""

Told = TypeVar("Told", bound=Event)
Listeners = list[tuple[type[Event], Callable[[Session, Sequence[Any]], None]]]

log = logging.getLogger(__name__)


class Personal(Protocol):
    """An event about somebody."""

    @property
    def event_id(self) -> str: ...
    @property
    def who(self) -> Who: ...


def init_app(app: Flask) -> None:
    app.extensions["happenings"] = []
    outbox.register_carrier(app, KIND, HappeningCarrier())


def hear_soon(app: Flask, kind: type[Told], listener: Callable[[Session, Sequence[Told]], None]) -> None:
    """Let `listener(session, events)` hear these events of one platform, several at once, inside the transaction that
    writes them down. It may hear them again after a crash."""
    _listeners(app).append((kind, listener))


def announce_soon(here: Here, event: Personal) -> None:
    """Have this written down and heard in its platform's lane: in order, and waiting for no other; in the caller's
    transaction."""
    outbox.post(here, f"{KIND}:{event.who.platform}", {"name": type(event).__name__, "event": outbox.plain(event)})


class HappeningCarrier:
    batch = BATCH

    def carry(self, errands: Sequence[Errand]) -> Iterable[Outcome]:
        try:
            _bring(errands)
        except Exception as problem:
            log_unexpected(log, problem)
            return map(_alone, errands)
        return [Done()] * len(errands)


def _alone(errand: Errand) -> Outcome:
    """One by one, so that an event which cannot be told holds up no other."""
    try:
        _bring([errand])
    except Exception as problem:
        log_unexpected(log, problem)
        return Later(f"{type(problem).__name__} inside the tool; see the log")
    return Done()


def _bring(errands: Sequence[Errand]) -> None:
    kinds = {kind.__name__: kind for kind in _kinds(Event)}
    events = [outbox.filled(kinds[errand.body["name"]], errand.body["event"]) for errand in errands]
    with transaction() as session:
        for event in events:
            outbox.announce(session, event)
        for kind, listener in _listeners(current_app):
            if concerned := [event for event in events if isinstance(event, kind)]:
                listener(session, concerned)


def _kinds(kind: type[Event]) -> Iterator[type[Event]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


def _listeners(app: Flask) -> Listeners:
    found: Listeners = app.extensions["happenings"]
    return found
