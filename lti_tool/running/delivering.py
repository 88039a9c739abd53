"""The delivery loop: finds lanes with letters due, lets one worker serve each, and writes down how it went."""

from __future__ import annotations

import logging
import os
import random
import socket
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import or_, select, update

from lti_tool import clock, outbox
from lti_tool.db import db, find_or_create, transaction
from lti_tool.errors import log_unexpected
from lti_tool.outbox import (
    Carrier,
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
from lti_tool.running.housekeeping import EVERY, tidy
from lti_tool.terminal import one_line

HOLD = timedelta(seconds=120)
"""How long a worker may serve a lane before another takes it over: longer than one errand can take."""
WRITE_EVERY = 1.0
"""Seconds after which outcomes are written down while a batch goes on, and the hold is renewed."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 3600.0
LANES_AT_ONCE = 6

_TOLD: dict[type[Outcome], tuple[int, str]] = {
    Later: (logging.INFO, "later"),
    Dead: (logging.WARNING, "given_up"),
    Pause: (logging.WARNING, "paused"),
}
"""How much it matters that letters end so, and the word for it."""

log = logging.getLogger(__name__)
_wondered: set[str] = set()


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def deliver(app: Flask, is_told_to_stop: Callable[[], bool], *, pause: float = 0.5) -> None:
    """Serve the lanes until told to stop, and tidy up now and then. A slow lane keeps no other waiting."""
    tidied = clock.now() - EVERY
    serving: dict[str, Future[int]] = {}
    with ThreadPoolExecutor(max_workers=LANES_AT_ONCE, thread_name_prefix="lane") as pool:
        while not is_told_to_stop():
            try:
                serving = {lane: work for lane, work in serving.items() if not work.done()}
                with app.app_context():
                    due = [lane for lane in _lanes_due() if lane not in serving]
                serving |= {lane: pool.submit(_serve_calmly, app, lane) for lane in due}
                if clock.now() - tidied >= EVERY:
                    tidied = clock.now()
                    with app.app_context():
                        tidy()
                        tell_waiting()
            except Exception as problem:
                log_unexpected(log, problem)
                due = []
            time.sleep(pause / 10 if due else pause)


def _serve_calmly(app: Flask, lane: str) -> int:
    try:
        return serve(app, lane)
    except Exception as problem:
        log_unexpected(log, problem)
        time.sleep(1)
        return 0


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
            _wonder(lane)
            return 0
        me = worker_name()
        if not _take(lane, me):
            return 0
        try:
            return _work_off(lane, me, carrier)
        finally:
            _release(lane, me)


def _wonder(lane: str) -> None:
    if lane not in _wondered:
        _wondered.add(lane)
        log.error("Nobody knows how to carry letters of lane %s", lane)


def _work_off(lane: str, me: str, carrier: Carrier) -> int:
    """Carry one batch, writing down as it goes; stop if the lane was taken over meanwhile."""
    errands = _errands(lane, carrier.batch)
    unwritten: list[tuple[Errand, Outcome]] = []
    written = time.monotonic()
    for each in zip(errands, _carry(carrier, errands), strict=True):
        unwritten.append(each)
        if time.monotonic() - written > WRITE_EVERY:
            if not _write_down(lane, me, unwritten):
                return len(errands)
            unwritten, written = [], time.monotonic()
    _write_down(lane, me, unwritten)
    return len(errands)


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


def _carry(carrier: Carrier, errands: Sequence[Errand]) -> Iterator[Outcome]:
    """An outcome for every errand, whatever becomes of the carrier."""
    done = 0
    try:
        for outcome in carrier.carry(errands) if errands else ():
            done += 1
            yield outcome
    except Exception as problem:
        log_unexpected(log, problem)
        db.session.rollback()
        for _ in errands[done:]:
            yield Later(f"{type(problem).__name__} inside the tool; see the log")


def _write_down(lane: str, me: str, outcomes: Sequence[tuple[Errand, Outcome]]) -> bool:
    """Note how it went and renew the hold; False if somebody else has taken the lane over."""
    _tell(lane, [outcome for _errand, outcome in outcomes])
    with transaction() as session:
        rows = session.scalars(
            select(Letter)
            .where(Letter.id.in_([errand.id for errand, _ in outcomes]), Letter.state == LetterState.WAITING)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        letters = {letter.id: letter for letter in rows}
        for errand, outcome in outcomes:
            if errand.id in letters:
                _note(letters[errand.id], errand, outcome)
            if isinstance(outcome, Pause):
                session.execute(update(Lane).where(Lane.name == lane).values(paused=outcome.error))
        renewed = session.execute(
            update(Lane).where(Lane.name == lane, Lane.held_by == me).values(held_until=clock.now() + HOLD)
        )
    return bool(renewed.rowcount)  # type: ignore[attr-defined]


def _tell(lane: str, outcomes: Sequence[Outcome]) -> None:
    """Say in the log what could not be brought and why, one line for each reason."""
    troubles = Counter((_TOLD[type(each)], each.error) for each in outcomes if not isinstance(each, Done))
    for ((level, what), error), count in troubles.items():
        log.log(level, "outbox lane=%s %s=%d problem=%s", one_line(lane), what, count, one_line(error))


def tell_waiting() -> None:
    """Say in the log what waits to leave, what was given up, and which lanes are paused."""
    paused = outbox.paused(db.session)
    for each in outbox.waiting(db.session):
        is_wrong = each.lane in paused or each.state == LetterState.DEAD
        log.log(
            logging.WARNING if is_wrong else logging.INFO,
            "outbox lane=%s %s=%d oldest=%s%s",
            *(one_line(each.lane), each.state.value, each.letters, f"{each.oldest:%Y-%m-%dT%H:%MZ}"),
            f" paused={one_line(paused[each.lane])}" if each.lane in paused else "",
        )


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
