"""Reports of quizzes as a page asks for them: facts read from the database, and all figures made of them.

Drawn questions as in `quiz_statistics`: 20 of 400 for each attempt, every answer one of four options.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import Connection, insert, text

import mentoring
import quizzes
import reviews
import xapi
from bench import speed
from bench.bench import Bench
from bench.figures import percentile, work
from bench.quiz_statistics import ASKED, COURSE, INSTALLATION, ITEMS, LIVE, OPTIONS, Data, Size
from bench.table import Check, Row
from lti_tool import cli
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db
from lti_tool.tables import excel
from quizzes.models import Quiz
from quizzes.reports import live, reading
from quizzes.reports.columns import Columns, Which
from quizzes.reports.figures import Asked, figures_of
from quizzes.reports.keeping import PARTS
from quizzes.reports.models import AttemptFacts, LiveSums
from quizzes.reports.packing import HEAD, KIND, WIDTH
from quizzes.reports.sums import added, sums_of_all

MINUTES, YEAR = 29_000_000, 525_600
ROWS, EXCEL = 100_000, 10.0
"""Of the workbook, and the seconds it may take."""
LIMITS = {"SQLite": (COURSE.seconds, INSTALLATION.seconds), "PostgreSQL": (COURSE.seconds, 1.0)}


def rows(bench: Bench) -> Iterator[Row | Check]:
    sizes = [COURSE] if bench.size.is_quick else [COURSE, INSTALLATION]
    packed = {size: facts(size) for size in sizes}
    with ExitStack() as opened:
        for name, app in _apps(bench, opened):
            bench.say(f"Reports of quizzes on {name}")
            with app.app_context():
                for number, size in enumerate(sizes, start=1):
                    _fill(number, packed[size])
                    yield from _figures(bench, name, number, size, LIMITS[name][number - 1])
                yield from _live(bench, name)
                db.session.rollback()
                db.engine.dispose()
    yield from _workbook(bench)


def _apps(bench: Bench, opened: ExitStack) -> Iterator[tuple[str, Flask]]:
    folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="mentoring-bench-")))
    yield "SQLite", _app(folder, f"sqlite:///{folder}/mentoring.sqlite")
    if server := bench.scratch_postgres(opened):
        yield "PostgreSQL", _app(folder, server)


def _app(folder: Path, url: str) -> Flask:
    config = Config(root=folder, database_url=url, secret_key="only-for-the-bench-" + "x" * 40)
    app = create_app(config, (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        cli.prepare_database()
    return app


def facts(size: Size) -> list[bytes]:
    """The packed attempts, over a year."""
    data, attempts = Data.of(size), size.attempts
    chosen = data.chosen.reshape(attempts, ASKED) % OPTIONS
    packed = np.zeros((attempts, ASKED + 1, WIDTH), KIND)
    packed[:, 0, 0], packed[:, 0, 5] = HEAD, ASKED
    packed[:, 0, 1], packed[:, 0, 2] = np.arange(1, attempts + 1), 1
    packed[:, 0, 3] = MINUTES + np.random.default_rng(2).integers(0, YEAR, attempts)
    packed[:, 1:, 0] = data.item.reshape(attempts, ASKED) + 1
    packed[:, 1:, 1] = np.arange(1, ASKED + 1)
    packed[:, 1:, 2], packed[:, 1:, 3] = (chosen == 0) * 100_000, 100_000
    packed[:, 1:, 4], packed[:, 1:, 5] = 1 << chosen, 3
    return [each.tobytes() for each in packed]


def _fill(quiz: int, packed: list[bytes]) -> None:
    with _without_parents() as connection:
        rows = [
            {"attempt_id": quiz * 1_000_000 + number, "quiz_id": quiz, "packed": each}
            for number, each in enumerate(packed)
        ]
        connection.execute(insert(AttemptFacts), rows)
        parts = [Columns.of(packed[part::PARTS]) for part in range(PARTS)]
        kept = [
            {"quiz_id": quiz, "part": part, "sums": added({}, sums_of_all(each), {})} for part, each in enumerate(parts)
        ]
        connection.execute(insert(LiveSums), kept)


@contextmanager
def _without_parents() -> Iterator[Connection]:
    """Facts alone, without the attempts and people they would belong to."""
    is_postgres = db.engine.dialect.name == "postgresql"
    with db.engine.connect() as connection:
        if is_postgres:
            connection.execute(text("SET session_replication_role = replica"))
        else:
            # Before anything begins: within a transaction SQLite does not listen.
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
        yield connection
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()
        connection.invalidate()


def _figures(bench: Bench, name: str, quiz: int, size: Size, most: float) -> Iterator[Row | Check]:
    asked = {item: Asked(guess=1 / OPTIONS, key=(True, False, False, False)) for item in range(1, ITEMS + 1)}

    def everything() -> int:
        with db.session.begin():
            columns = reading.columns_of(db.session, _quiz(quiz))
        return len(figures_of(columns, Which.FIRST, asked).items)

    yield from _timed(bench, f"Report on {size.name}, {name}", everything, most, ITEMS)


def _live(bench: Bench, name: str) -> Iterator[Row | Check]:
    def figures() -> int:
        with db.session.begin():
            return len(live.figures(db.session, _quiz(1), ASKED))

    what, looks = f"Live figures of {ITEMS} items, {name}", bench.size.tries // 10
    index, seconds, cpu, found = speed.index(), [], [], 0
    for _look in range(looks):
        began, worked = time.perf_counter(), time.process_time()
        found = figures()
        seconds.append(time.perf_counter() - began)
        cpu.append(1000 * (time.process_time() - worked))
    p95 = percentile(seconds, 95)
    yield Row(
        what=what,
        rate=1 / median(seconds),
        p50=median(seconds),
        p95=p95,
        cpu_ms=median(cpu),
        work=work(median(cpu), index),
        note=f"read and worked out {looks} times",
    )
    yield Check(what=f"{what}: all of it", has_passed=found == 3, found=str(found))
    if not bench.size.is_quick:
        yield Check(
            what=f"{what}: 95 % within {1000 * LIVE:g} ms", has_passed=p95 <= LIVE, found=f"{1000 * p95:.1f} ms"
        )


def _quiz(number: int) -> Quiz:
    return Quiz(id=number)


def _workbook(bench: Bench) -> Iterator[Row | Check]:
    words = "What do you do when the alarm rings and nobody else is in the room?"

    def write() -> int:
        with tempfile.TemporaryFile() as file:
            row = [f"{words} {number}" for number in range(4)]
            excel.write(file, "Answers", list("abcdefghi"), ([*row, *range(n, n + 5)] for n in range(ROWS)))
            return file.tell()

    if not bench.size.is_quick:
        yield from _timed(bench, f"Workbook of {ROWS:,} rows", write, EXCEL, None)


def _timed(bench: Bench, what: str, act: Callable[[], int], most: float, wanted: int | None) -> Iterator[Row | Check]:
    index, seconds, cpu, found = speed.index(), [], [], 0
    for _round in range(bench.size.rounds + 1):
        began, worked = time.perf_counter(), time.process_time()
        found = act()
        seconds.append(time.perf_counter() - began)
        cpu.append(1000 * (time.process_time() - worked))
    yield Row(
        what=what,
        rate=1 / median(seconds),
        p50=median(seconds),
        p95=max(seconds),
        cpu_ms=median(cpu),
        work=work(median(cpu), index),
        note="read and worked out" if wanted else "nine columns",
    )
    if wanted is not None:
        yield Check(what=f"{what}: all of it", has_passed=found == wanted, found=str(found))
    if not bench.size.is_quick:
        # The best round: what others do on the machine meanwhile only adds.
        best = min(seconds)
        yield Check(what=f"{what}: within {1000 * most:g} ms", has_passed=best <= most, found=f"{1000 * best:.1f} ms")
