"""The delivery loop: finds lanes with letters due, lets one worker serve each, and writes down how it went."""

from __future__ import annotations

import logging
import os
import random
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import or_, select, update

from lti_tool import clock
from lti_tool.db import db, find_or_create, transaction
from lti_tool.housekeeping import EVERY, tidy
from lti_tool.outbox import (
    Dead,
    Done,
    Errand,
    Lane,
    Later,
    Letter,
    LetterState,
    Outcome,
    Pause,
    carrier_for,
)

HOLD = timedelta(seconds=60)
"""How long a worker may serve a lane before another takes it over: longer than a batch can take."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 3600.0
LANES_AT_ONCE = 6

log = logging.getLogger(__name__)


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def deliver(app: Flask, is_told_to_stop: Callable[[], bool], *, pause: float = 0.5) -> None:
    """Serve the lanes until told to stop, and tidy up now and then."""
    tidied = clock.now() - EVERY
    while not is_told_to_stop():
        try:
            busy = deliver_due(app)
            if clock.now() - tidied >= EVERY:
                tidied = clock.now()
                with app.app_context():
                    tidy()
        except Exception:
            log.exception("The delivery loop met an error and goes on")
            busy = 0
        if not busy:
            time.sleep(pause)


def deliver_due(app: Flask) -> int:
    """Serve every lane that has letters due, once, several lanes side by side; how many letters were tried."""
    with app.app_context():
        lanes = _lanes_due()
    if len(lanes) < 2:
        return sum(serve(app, lane) for lane in lanes)
    with ThreadPoolExecutor(max_workers=LANES_AT_ONCE, thread_name_prefix="lane") as pool:
        return sum(pool.map(lambda lane: serve(app, lane), lanes))


def _lanes_due() -> Sequence[str]:
    held = select(Lane.name).where(or_(Lane.held_until > clock.now(), Lane.paused != ""))
    return db.session.scalars(
        select(Letter.lane)
        .where(Letter.state == LetterState.WAITING, Letter.due <= clock.now(), Letter.lane.not_in(held))
        .distinct()
        .order_by(Letter.lane)
    ).all()


def serve(app: Flask, lane: str) -> int:
    """One batch of one lane; 0 if somebody else serves it."""
    with app.app_context():
        carrier = carrier_for(lane)
        if carrier is None:
            log.error("Nobody knows how to carry letters of lane %s", lane)
            return 0
        me = worker_name()
        if not _take(lane, me):
            return 0
        try:
            errands = _errands(lane, carrier.batch)
            outcomes = _carry(carrier, errands)
            _write_down(lane, errands, outcomes)
            return len(errands)
        finally:
            _release(lane, me)


def _take(lane: str, me: str) -> bool:
    at = clock.now()
    with transaction() as session:
        find_or_create(session, Lane, {"name": lane}, held_by="", paused="")
        taken = session.execute(
            update(Lane)
            .where(
                Lane.name == lane,
                Lane.paused == "",
                or_(Lane.held_until.is_(None), Lane.held_until <= at),
            )
            .values(held_by=me, held_until=at + HOLD)
        )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _errands(lane: str, batch: int) -> list[Errand]:
    letters = db.session.scalars(
        select(Letter)
        .where(Letter.lane == lane, Letter.state == LetterState.WAITING, Letter.due <= clock.now())
        .order_by(Letter.due, Letter.id)
        .limit(batch)
    )
    errands = [Errand(each.id, each.lane, each.body, each.edition, each.attempts, each.created) for each in letters]
    db.session.commit()
    return errands


def _carry(carrier: object, errands: list[Errand]) -> Sequence[Outcome]:
    if not errands:
        return []
    try:
        return carrier.carry(errands)  # type: ignore[attr-defined,no-any-return]
    except Exception as problem:
        log.exception("A carrier failed on lane %s", errands[0].lane)
        db.session.rollback()
        return [Later(f"{type(problem).__name__} inside the tool; see the log") for _ in errands]


def _write_down(lane: str, errands: Sequence[Errand], outcomes: Sequence[Outcome]) -> None:
    with transaction() as session:
        rows = session.scalars(
            select(Letter)
            .where(Letter.id.in_([errand.id for errand in errands]), Letter.state == LetterState.WAITING)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        letters = {letter.id: letter for letter in rows}
        for errand, outcome in zip(errands, outcomes, strict=True):
            if errand.id in letters:
                _note(letters[errand.id], errand, outcome)
            if isinstance(outcome, Pause):
                session.execute(update(Lane).where(Lane.name == lane).values(paused=outcome.error))


def _note(letter: Letter, errand: Errand, outcome: Outcome) -> None:
    at = clock.now()
    letter.attempts += 1
    match outcome:
        case Done() if letter.edition != errand.edition:
            letter.due = at
        case Done():
            letter.state, letter.delivered, letter.error = LetterState.DELIVERED, at, ""
        case Dead(error):
            letter.state, letter.error = LetterState.DEAD, error
        case Pause(error):
            letter.error = error
        case Later(error, seconds):
            letter.error = error
            letter.due = at + timedelta(seconds=_wait(letter.attempts) if seconds is None else seconds)


def _wait(attempts: int) -> float:
    """Exponential backoff with jitter, so that a recovering LMS is not met by everybody at once."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 16))
    return longest * random.uniform(0.5, 1.0)


def _release(lane: str, me: str) -> None:
    db.session.rollback()
    with transaction() as session:
        session.execute(update(Lane).where(Lane.name == lane, Lane.held_by == me).values(held_by="", held_until=None))


def drain(app: Flask, *, rounds: int = 1000) -> int:
    """Deliver until nothing is due any more: what `flask deliver --once` does."""
    tried = 0
    for _ in range(rounds):
        busy = deliver_due(app)
        if not busy:
            break
        tried += busy
    return tried
