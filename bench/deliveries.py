"""Statements on their way to an LRS outside: a hundred thousand that have waited, and one request in ten going wrong.

The LRS keeps what it is told in this process; what delivers runs in another. At last our own LRS is told, over HTTP.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, select

import mentoring
import quizzes
import reviews
import xapi
from bench import processes, programs, speed
from bench.bench import Bench
from bench.figures import work
from bench.servers import SECRET, postmaster
from bench.statements import statement
from bench.table import Check, Row
from lti_tool import cli, clock, keys
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Platform
from lti_tool.outbox import Letter, LetterState
from lti_tool.running.delivering import LONGEST_WAIT, drain
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from tests.journeys.troubles import EVEN, Trouble, Troubles
from xapi import backfilling
from xapi.endpoints import MOST_BYTES, Endpoint
from xapi.lrs import credentials, storing
from xapi.lrs.models import StoredStatement
from xapi.retelling import authority

SLOWEST = 2000
"""Statements a second."""
MOST_MEMORY = 200
"""MiB that the process may hold that delivers."""
MOST_REQUESTS = 19
AT_ONCE = 500
SMALL_REQUESTS = 32 * 1024
"""So that ten thousand statements take hundreds of requests."""
RARELY_SILENT: Mapping[Trouble, float] = {**EVEN, Trouble.SILENT: 0.2}
"""Silence is waited for as long as the tool waits, which is five seconds."""


@dataclass(frozen=True)
class Amount:
    waiting: int
    troubled: int
    inside: int
    """To our own LRS."""
    outage: float
    """Seconds."""


FULL = Amount(waiting=100_000, troubled=10_000, inside=10_000, outage=5.0)
QUICK = Amount(waiting=1_500, troubled=800, inside=600, outage=1.0)


@dataclass(frozen=True)
class Sender:
    """A tool's database, and what works on it."""

    name: str
    env: Mapping[str, str]
    app: Flask
    platform: str
    folder: Path


def rows(bench: Bench) -> Iterator[Row | Check]:
    amount = QUICK if bench.size.is_quick else FULL
    for kind in ("SQLite", "PostgreSQL"):
        with ExitStack() as opened:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="mentoring-bench-")))
            url = f"sqlite:///{folder}/mentoring.sqlite" if kind == "SQLite" else bench.scratch_postgres(opened)
            if not url:
                continue
            sender = _sender(kind, url, folder)
            with sender.app.app_context():
                bench.say(f"Deliveries on {kind}: {amount.waiting:,} statements are stored")
                yield from _drained(bench, sender, amount)
                bench.say(f"Deliveries on {kind}: one request in ten goes wrong")
                yield from _troubled(sender, amount)
                yield from _poisoned(sender)
                if kind == "SQLite":
                    bench.say("Deliveries into our own LRS")
                    yield from _inside(sender, amount)
                db.session.close()
                db.engine.dispose()


def _sender(name: str, url: str, folder: Path, public_url: str = "http://localhost:1") -> Sender:
    told = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "PUBLIC_URL": public_url, "LOG_LEVEL": "ERROR"}
    told["FLASK_SKIP_DOTENV"] = "1"
    env = {**os.environ, **told}
    app = create_app(Config.from_env(env), (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        cli.prepare_database()
        with transaction() as session:
            addresses = dict.fromkeys(("auth_url", "token_url", "jwks_url"), "https://campus.example/lti")
            platform = Platform(
                name="Campus", issuer="https://campus.example", client_id="bench", created=clock.now(), **addresses
            )
            session.add(platform)
        return Sender(name, env, app, platform.public_id, folder)


def _store(sender: Sender, count: int, seed: int) -> list[str]:
    """So many statements of our own; their ids, in order."""
    random, ids = Random(seed), list[str]()
    for _ in range(0, count, AT_ONCE):
        told = [statement(random) for _ in range(min(AT_ONCE, count - len(ids)))]
        with transaction() as session:
            store = storing.store_of(session, sender.platform, clock.now())
            ids += storing.store(session, store, told, authority(), clock.now())
    return ids


def _connect(url: str, *, key: str = "k", secret: str = "s", most_bytes: int = MOST_BYTES) -> Endpoint:
    """An LRS that is to have all there is; it waits for it."""
    with transaction() as session:
        session.query(Endpoint).update({"is_active": False})
        endpoint = Endpoint(
            label="Outside",
            url=url,
            key=key,
            sealed_secret=keys.seal(secret),
            most_bytes=most_bytes,
            created=clock.now(),
        )
        session.add(endpoint)
    for _ in backfilling.gather(endpoint):
        pass
    return endpoint


# Down, and up again.


def _drained(bench: Bench, sender: Sender, amount: Amount) -> Iterator[Row | Check]:
    ids = _store(sender, amount.waiting, 7)
    [port] = programs.free_ports(1)
    began = time.perf_counter()
    _connect(f"http://127.0.0.1:{port}/xAPI")
    gathered = time.perf_counter() - began
    bench.say(f"Deliveries on {sender.name}: the LRS is down, and up again")
    with programs.crew(sender.folder) as crew:
        pid = crew.start("delivery", [sys.executable, "-m", "flask", "--app", "wsgi", "deliver"], sender.env)
        _until(lambda: _tried() > 0)
        time.sleep(amount.outage)
        at_rest = _spent(sender, pid)
        time.sleep(1.0)
        idle = _spent(sender, pid) - at_rest
        with outside_lrs(port) as lrs:
            _until(lambda: lrs.posts > 0)
            index, first, before, began = speed.index(), len(lrs.stored), _spent(sender, pid), time.perf_counter()
            _until(lambda: len(lrs.stored) >= len(ids))
            seconds, spent = time.perf_counter() - began, _spent(sender, pid) - before
            _until(lambda: _waiting() == 0)
            memory = processes.most_held(pid)
    rate = (len(ids) - first) / seconds
    cpu_ms = 1000 * spent / (len(ids) - first)
    yield Row(
        what=f"{sender.name}: send {len(ids):,} that have waited, each",
        rate=rate,
        cpu_ms=cpu_ms,
        work=work(cpu_ms, index),
        note=f"{lrs.posts} requests over {lrs.connections} connections; {memory:.0f} MiB; "
        f"{100 * idle:.0f} % of a core while it is down; {len(ids) / gathered:,.0f} gathered a second",
    )
    yield _once_and_in_order(f"Deliveries, {sender.name}: down, then up", lrs, ids, repeated=0)
    if not bench.size.is_quick:
        yield Check(
            what=f"Deliveries, {sender.name}: at least {SLOWEST:,} a second",
            has_passed=rate >= SLOWEST,
            found=f"{rate:,.0f}",
        )
        yield Check(
            what=f"Deliveries, {sender.name}: {amount.waiting:,} waiting letters within {MOST_MEMORY} MiB",
            has_passed=memory <= MOST_MEMORY,
            found=f"{memory:.0f} MiB",
        )


def _spent(sender: Sender, pid: int) -> float:
    running = processes.processes()
    database = postmaster(sender.env["DATABASE_URL"])
    return processes.tree_seconds(running, pid) + (processes.tree_seconds(running, database) if database else 0.0)


def _until(is_so: Callable[[], bool], *, longest: float = 600.0) -> None:
    deadline = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < deadline, "Statements wait for ever."
        time.sleep(0.01)


def _tried() -> int:
    """The most tries of any letter."""
    found = db.session.scalar(select(func.max(Letter.attempts)))
    db.session.rollback()
    return found or 0


def _waiting() -> int:
    found = db.session.scalar(select(func.count()).where(Letter.state == LetterState.WAITING))
    db.session.rollback()
    return found or 0


def _once_and_in_order(what: str, lrs: OutsideLRS, ids: list[str], *, repeated: int | None = None) -> Check:
    missing, extra = len(set(ids) - lrs.stored.keys()), len(lrs.stored.keys() - set(ids))
    is_in_order = list(lrs.stored) == ids
    return Check(
        what=f"{what}: every statement once, and in order",
        has_passed=is_in_order and repeated in (None, lrs.repeated),
        found=f"{missing} lost, {extra} too many, {'in order' if is_in_order else 'not in order'}, "
        f"{lrs.repeated:,} told again under their ids",
    )


# Troubles.


def _troubled(sender: Sender, amount: Amount) -> Iterator[Row | Check]:
    _clear(sender)
    ids = _store(sender, amount.troubled, 8)
    with outside_lrs() as lrs:
        _connect(lrs.url, most_bytes=SMALL_REQUESTS)
        lrs.troubles = Troubles(5, weights=RARELY_SILENT)
        rests, at, began = 0, clock.now(), time.perf_counter()
        while _waiting():
            with clock.moved_to(at):
                drain(sender.app, rounds=100_000)
            rests, at = rests + 1, at + timedelta(seconds=LONGEST_WAIT + 1)
        seconds = time.perf_counter() - began
    met = lrs.troubles.met
    yield Row(
        what=f"{sender.name}: send {len(ids):,} with one request in ten going wrong, each",
        rate=len(ids) / seconds,
        note=f"rests not waited for; {lrs.posts:,} requests, {met.total()} troubles "
        f"({', '.join(f'{each.name.lower()} {met[each]}' for each in Trouble)})",
    )
    yield _once_and_in_order(f"Deliveries, {sender.name}: one request in ten goes wrong", lrs, ids)


def _poisoned(sender: Sender) -> Iterator[Row | Check]:
    _clear(sender)
    ids = _store(sender, AT_ONCE, 9)
    most = 0
    for bad in (0, 123, 250, 357, AT_ONCE - 1):
        with outside_lrs() as lrs:
            lrs.refuses = {ids[bad]}
            _connect(lrs.url)
            drain(sender.app)
            most = max(most, lrs.posts)
            assert list(lrs.stored) == ids[:bad] + ids[bad + 1 :], "a neighbour of the bad one is missing"
    yield Check(
        what=f"Deliveries, {sender.name}: one bad statement among {AT_ONCE} costs at most {MOST_REQUESTS} requests",
        has_passed=most <= MOST_REQUESTS,
        found=f"{most}",
    )


def _clear(sender: Sender) -> None:
    """What was sent is not sent again to the next one."""
    with transaction() as session:
        session.query(Letter).delete()
        session.query(StoredStatement).delete()


# Our own.


def _inside(sender: Sender, amount: Amount) -> Iterator[Row | Check]:
    _clear(sender)
    ids = _store(sender, amount.inside, 10)
    [port] = programs.free_ports(1)
    tool = f"http://localhost:{port}"
    receiver = _sender("SQLite", f"sqlite:///{sender.folder}/receiver.sqlite", sender.folder, tool)
    with receiver.app.app_context():
        with transaction() as session:
            store = storing.store_of(session, receiver.platform, clock.now())
            key, secret = credentials.issue(session, store, label="bench", at=clock.now(), scopes=["all"])
        db.engine.dispose()
    serving = ["serve", "--port", str(port), "--workers", "1"]
    with programs.crew(sender.folder) as crew:
        crew.start("tool", [sys.executable, "-m", "flask", "--app", "wsgi", *serving], receiver.env)
        crew.wait_until("tool", port, "/readyz")
        _connect(f"{tool}/lrs/1.0.3", key=key, secret=secret)
        began = time.perf_counter()
        drain(sender.app, rounds=100_000)
        rate = len(ids) / (time.perf_counter() - began)
    with receiver.app.app_context():
        found = list(db.session.scalars(select(StoredStatement.statement_id).order_by(StoredStatement.seq)))
        db.session.close()
        db.engine.dispose()
    yield Row(what=f"{sender.name}: send {len(ids):,} to our own LRS, each", rate=rate)
    yield Check(
        what="Deliveries to our own LRS: every statement once, and in order",
        has_passed=found == ids,
        found=f"{len(found):,} of {len(ids):,}",
    )
