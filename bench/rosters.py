"""Rosters: a class list as large as a faculty, read from a campus that hands out fifty people a page, by the work loop.

Timed is the job itself, from its start to its end: every page asked for, everybody's rows written. The memory is the
most that the process doing it ever held, all of the tool included.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import processes, speed
from bench.bench import Bench
from bench.browsers import PlainBrowser
from bench.figures import work
from bench.processes import Spent
from bench.servers import Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from campus.testing import launch
from tools.trouble import Trouble

PAGE_SIZE = 50
"""What Canvas hands out at most."""
MEMBERS, FEW = 10_000, 300
LONGEST = 10.0
"""Seconds that a roster of 10,000 may take."""
MOST_MEMORY = 150
"""MiB that the process reading it may hold."""
PATIENCE = 180.0
PAUSE = 0.1


@dataclass(frozen=True)
class Reading:
    """One reading of the whole list by a job."""

    seconds: float
    spent: Spent
    members: int

    @property
    def cpu_ms(self) -> float:
        """Of the tool; its database and the campus apart."""
        return 1000 * (self.spent.web + self.spent.delivery)

    @property
    def note(self) -> str:
        parts = {"database": self.spent.database, "campus": self.spent.campus, "others": self.spent.strangers}
        told = ", ".join(f"{who} {seconds:.1f} s" for who, seconds in parts.items())
        return f"{self.members:,} people, {PAGE_SIZE} a page; CPU of the tool alone; meanwhile {told}"


def rows(bench: Bench) -> Iterator[Row | Check]:
    members = FEW if bench.size.is_quick else MEMBERS
    setup = Setup(people=members, browsers=1, workers=1, page_size=PAGE_SIZE)
    with ExitStack() as opened:
        bench.say(f"Rosters on SQLite: a campus of {members:,} is filled")
        yield from measured(opened.enter_context(sqlite_stage(setup)), members)
    with ExitStack() as opened:
        if server := bench.scratch_postgres(opened):
            bench.say(f"Rosters on PostgreSQL: a campus of {members:,} is filled")
            yield from measured(opened.enter_context(postgres_stage(server, replace(setup, workers=2))), members)


def measured(stage: Stage, members: int) -> Iterator[Row | Check]:
    """Everybody new, and then the same list once more."""
    index = speed.index()
    first = _read(stage, "extra1")
    again = _read(stage, "")
    memory = _most_memory(stage)
    for what, reading in (("Read a roster, everybody new", first), ("Read it again, nobody new", again)):
        yield Row(
            what=f"{what}, {stage.name}",
            rate=reading.members / reading.seconds,
            p50=reading.seconds,
            cpu_ms=reading.cpu_ms,
            work=work(reading.cpu_ms, index),
            note=reading.note,
        )
    yield Check(
        what=f"Rosters, {stage.name}: all {members:,} people are there after one reading",
        has_passed=first.members == again.members and first.members >= members,
        found=f"{first.members:,} and {again.members:,}",
    )
    yield Check(
        what=f"Rosters, {stage.name}: {members:,} people within {LONGEST:.0f} s and {MOST_MEMORY} MiB",
        has_passed=max(first.seconds, again.seconds) <= LONGEST and memory <= MOST_MEMORY,
        found=f"{first.seconds:.1f} s and {again.seconds:.1f} s, {memory:.0f} MiB",
    )


def _read(stage: Stage, newcomer: str) -> Reading:
    """Have the list read by the work loop: because somebody launches whom no list has named, or as the night does."""
    before = stage.spent()
    if newcomer:
        launched = launch(stage.visitor(newcomer), "mentoring", PlainBrowser())
        assert launched.answer.status == 303, launched.answer.text
    else:
        _ask_again(stage)
    job = _ended(stage, wanted=1 if newcomer else 2)
    spent = stage.spent() - before
    started, ended = (_moment(job[name]) for name in ("started", "ended"))
    return Reading((ended - started).total_seconds(), spent, int(str(job["members"])))


def _ask_again(stage: Stage) -> None:
    """As the night does: the same job once more."""
    with create_engine(stage.env["DATABASE_URL"]).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO job (public_id, kind, key, course_id, body, state, due, held_by, attempts, done,"
                " is_asked_to_stop, result, error, created) SELECT 'again', kind, key, course_id, body, 'waiting', due,"
                " '', 0, 0, is_asked_to_stop, '{}', '', created FROM job WHERE kind = 'roster'"
            )
        )


def _ended(stage: Stage, *, wanted: int) -> Mapping[str, object]:
    """The newest of so many readings that have ended well."""
    engine, deadline = create_engine(stage.env["DATABASE_URL"]), time.monotonic() + PATIENCE
    asked = text(
        "SELECT job.state, job.error, job.started, job.ended, (SELECT max(members) FROM roster_reading) AS members"
        " FROM job WHERE kind = 'roster' ORDER BY job.id DESC"
    )
    while True:
        with engine.connect() as connection:
            found = connection.execute(asked).mappings().all()
        if len(found) == wanted and found[0]["state"] == "done":
            engine.dispose()
            return dict(found[0])
        if time.monotonic() > deadline:
            raise Trouble(f"The roster was not read within {PATIENCE:.0f} seconds: {found}")
        time.sleep(PAUSE)


def _moment(said: object) -> datetime:
    """SQLite hands out texts."""
    return said if isinstance(said, datetime) else datetime.fromisoformat(str(said))


def _most_memory(stage: Stage) -> float:
    """MiB: the most that any part of the tool without web workers below it ever held, so the work loop at least."""
    running = processes.processes()
    parts = processes.children(running, stage.tool_pid)
    return max(_peak(pid) for pid in parts if not processes.children(running, pid))


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise Trouble("This system does not say how much memory a process has held.")
