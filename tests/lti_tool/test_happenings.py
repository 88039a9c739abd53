"""What happens by the hundred: announced by letter, written down and heard a moment later, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import happenings, outbox
from lti_tool.db import transaction
from lti_tool.events import CourseEntered, Event
from lti_tool.outbox import Happening, Letter, LetterState
from lti_tool.running.delivering import drain
from tests.cast import THEN, Cast

Entered = Callable[[int], CourseEntered]


@pytest.fixture
def entered(cast: Cast, session: Session) -> Entered:
    """Leo's visit at this minute."""
    leo = cast.enrol(cast.course(), "Leo")
    session.commit()

    def at(minute: int) -> CourseEntered:
        moment = THEN + timedelta(minutes=minute)
        return CourseEntered(at=moment, who=leo.who, where=leo.course.where, role="learner", is_first=minute == 0)

    return at


def announce(*events: CourseEntered) -> None:
    with transaction() as session:
        for event in events:
            happenings.announce_soon(session, event)


@pytest.fixture
def heard(app: Flask) -> list[list[Event]]:
    """What was heard, a list each time."""
    told: list[list[Event]] = []
    happenings.hear_soon(app, CourseEntered, lambda _session, events: told.append(list(events)))
    return told


def written(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    return [(row.name, row.event_id) for row in session.scalars(select(Happening).order_by(Happening.id))]


def test_events_are_heard_whole_many_at_once_and_in_order(
    app: Flask, session: Session, heard: list[list[Event]], entered: Entered
):
    events = [entered(minute) for minute in range(3)]
    announce(*events)

    assert (heard, written(session)) == ([], [])
    drain(app)

    assert heard == [events]
    assert written(session) == [("CourseEntered", event.event_id) for event in events]


def test_who_listens_to_single_events_hears_them_too(app: Flask, session: Session, entered: Entered):
    told: list[Event] = []
    outbox.subscribe(app, CourseEntered, lambda _session, event: told.append(event))
    event = entered(0)

    announce(event)
    drain(app)

    assert told == [event]


def test_what_is_announced_at_once_is_heard_at_once_or_one_by_one(app: Flask, session: Session, entered: Entered):
    events, at_once, singly = [entered(0), entered(1)], [], []
    outbox.subscribe_to_many(app, CourseEntered, lambda _session, heard: at_once.append(list(heard)))
    outbox.subscribe(app, CourseEntered, lambda _session, event: singly.append(event))

    with transaction() as own:
        outbox.announce_all(own, events)
        outbox.announce_all(own, [])

    assert (at_once, singly) == ([events], events)
    assert written(session) == [("CourseEntered", event.event_id) for event in events]


def test_a_letter_that_is_carried_again_after_a_crash_writes_nothing_twice(
    app: Flask, session: Session, heard: list[list[Event]], entered: Entered
):
    announce(entered(0))
    drain(app)
    with transaction() as own:
        own.execute(update(Letter).values(state=LetterState.WAITING, delivered=None))

    drain(app)

    assert len(written(session)) == 1


def test_an_event_that_cannot_be_told_holds_up_no_other(app: Flask, session: Session, entered: Entered):
    bad, good = entered(1), entered(2)

    def stumble(_session: Session, events: Sequence[CourseEntered]) -> None:
        if bad in events:
            raise RuntimeError("not this one")

    happenings.hear_soon(app, CourseEntered, stumble)
    announce(bad, good)
    drain(app, rounds=1)

    session.rollback()
    states = [(letter.state, letter.error) for letter in session.scalars(select(Letter).order_by(Letter.id))]
    assert states == [
        (LetterState.WAITING, "RuntimeError inside the tool; see the log"),
        (LetterState.DELIVERED, ""),
    ]
    assert written(session) == [("CourseEntered", good.event_id)]


def test_nothing_is_announced_that_was_not_committed(
    app: Flask, session: Session, heard: list[list[Event]], entered: Entered
):
    happenings.announce_soon(session, entered(0))
    session.rollback()

    drain(app)

    assert (heard, written(session)) == ([], [])
