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
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import Select, Update, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.clock import UTCDateTime
from lti_tool.db import db, find_or_create, table, transaction
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
    Rest,
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
    Rest: (logging.INFO, "resting"),
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
                time.sleep(pause)
            if serving:
                # A lane may have more to do as soon as it is let go; others who write get their turn between.
                wait(serving.values(), timeout=pause, return_when=FIRST_COMPLETED)
                time.sleep(pause / 10)
            else:
                time.sleep(pause)


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
    return db.session.scalars(_LANES_DUE, {"at": clock.now()}).all()


def _lanes_with_letters_due() -> Select[str]:
    """Goes from lane to lane along the index: there are some dozens, and a hundred thousand letters may wait in one."""
    letters, at = table(Letter).c, bindparam("at", type_=UTCDateTime())
    first = select(func.min(letters.lane).label("name")).cte("lanes", recursive=True)
    following = select(func.min(letters.lane)).where(letters.lane > first.c.name).scalar_subquery()
    lanes = first.union_all(select(following).where(first.c.name.is_not(None)))
    held = select(Lane.name).where(or_(Lane.held_until > at, Lane.paused != ""))
    is_due = exists().where(letters.lane == lanes.c.name, letters.state == LetterState.WAITING, letters.due <= at)
    return select(lanes.c.name).where(lanes.c.name.not_in(held), is_due).order_by(lanes.c.name)


_LANES_DUE = _lanes_with_letters_due()


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
    wanted = (Letter.id, Letter.lane, Letter.body, Letter.edition, Letter.attempts, Letter.created)
    rows = db.session.execute(
        select(*wanted)
        .where(Letter.lane == lane, Letter.state == LetterState.WAITING, Letter.due <= clock.now())
        .order_by(Letter.due, Letter.id)
        .limit(batch)
    )
    errands = [Errand(*row) for row in rows]
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
    """Note how it went and renew the hold; False if the lane rests now, or somebody else has taken it over."""
    _tell(lane, [outcome for _errand, outcome in outcomes])
    at = clock.now()
    alike: dict[Outcome, list[Errand]] = {}
    for errand, outcome in outcomes:
        alike.setdefault(outcome, []).append(errand)
    mine = update(Lane).where(Lane.name == lane, Lane.held_by == me)
    is_mine, rests = True, False
    with transaction() as session:
        for outcome, errands in alike.items():
            _note(session, outcome, errands, at)
            if isinstance(outcome, Pause):
                session.execute(update(Lane).where(Lane.name == lane).values(paused=outcome.error))
            if isinstance(outcome, Rest) and not rests:
                rests = True
                session.execute(mine.values(held_by="", held_until=at + _until_again(outcome, errands[0])))
        if not rests:
            renewed = session.execute(mine.values(held_until=clock.now() + HOLD))
            is_mine = bool(renewed.rowcount)  # type: ignore[attr-defined]
    return is_mine and not rests


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


def _note(session: Session, outcome: Outcome, errands: Sequence[Errand], at: datetime) -> None:
    """What became of these letters, of those that still wait: an operator may have set some aside meanwhile."""
    match outcome:
        case Done():
            _note_done(session, errands, at)
        case Later(error):
            again = [{"which": each.id, "when": at + _until_again(outcome, each)} for each in errands]
            tried = _TRIED.where(_LETTERS.id == bindparam("which"), _LETTERS.state == LetterState.WAITING)
            session.execute(tried.values(error=error, due=bindparam("when", type_=UTCDateTime())), again)
        case Dead(error):
            session.execute(_tried(errands).values(state=LetterState.DEAD, error=error))
        case Pause(error) | Rest(error):
            session.execute(_tried(errands).values(error=error))


def _note_done(session: Session, errands: Sequence[Errand], at: datetime) -> None:
    """A letter that was posted anew while it was under way goes once more."""
    editions: dict[int, list[Errand]] = {}
    for each in errands:
        editions.setdefault(each.edition, []).append(each)
    for edition, of_it in editions.items():
        same = _tried(of_it).where(_LETTERS.edition == edition)
        done = session.execute(same.values(state=LetterState.DELIVERED, delivered=at, error=""))
        if done.rowcount < len(of_it):  # type: ignore[attr-defined]
            session.execute(_tried(of_it).where(_LETTERS.edition != edition).values(due=at))


_LETTERS = table(Letter).c
_TRIED = update(table(Letter)).values(attempts=_LETTERS.attempts + 1)


def _tried(errands: Sequence[Errand]) -> Update:
    return _TRIED.where(_LETTERS.id.in_([each.id for each in errands]), _LETTERS.state == LetterState.WAITING)


def _until_again(outcome: Later | Rest, errand: Errand) -> timedelta:
    return timedelta(seconds=_wait(errand.attempts + 1) if outcome.seconds is None else outcome.seconds)


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
