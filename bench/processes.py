"""CPU time of running programs, from Linux's /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from tools.trouble import Trouble

PROC = Path("/proc")
TICK = 1 / os.sysconf("SC_CLK_TCK")


def must_be_readable() -> None:
    if not (PROC / "self" / "stat").exists():
        raise Trouble("The bench reads CPU times from /proc, which only Linux has: run it there, or in a container.")


@dataclass(frozen=True, kw_only=True)
class Spent:
    """CPU seconds since the start of each part; the difference of two is what lay between them."""

    web: float
    delivery: float
    campus: float
    database: float
    """Of a server of its own: SQLite works inside the others."""
    browsers: float
    """Our own: making the load."""
    machine: float
    """Everybody's on this machine, strangers included."""

    def __add__(self, other: Self) -> Self:
        return type(self)(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def __sub__(self, other: Self) -> Self:
        return type(self)(**{each.name: getattr(self, each.name) - getattr(other, each.name) for each in fields(self)})

    @property
    def strangers(self) -> float:
        """What others took meanwhile."""
        known = self.web + self.delivery + self.campus + self.database + self.browsers
        return max(0.0, self.machine - known)


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    seconds: float
    """Its own and those of its children that have ended."""


def processes() -> dict[int, Process]:
    """Everything that runs, by process id."""
    found = (_read(path) for path in PROC.iterdir() if path.name.isdigit())
    return {process.pid: process for process in found if process is not None}


def _read(path: Path) -> Process | None:
    try:
        text = (path / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None  # It has ended in the meantime.
    # The name in brackets may hold anything, brackets too; proc(5) counts the fields from there.
    words = text.rpartition(")")[2].split()
    ticks = sum(int(word) for word in words[11:15])
    return Process(int(path.name), int(words[1]), ticks * TICK)


def children(running: dict[int, Process], pid: int) -> list[int]:
    return [process.pid for process in running.values() if process.parent == pid]


def tree_seconds(running: dict[int, Process], pid: int) -> float:
    """Of a process and everything below it."""
    if pid not in running:
        return 0.0
    return running[pid].seconds + sum(tree_seconds(running, child) for child in children(running, pid))


def tool_seconds(running: dict[int, Process], supervisor: int) -> tuple[float, float]:
    """Of `flask serve`: the web server, which has workers below it, and the delivery loop, which has none."""
    below = children(running, supervisor)
    web = [pid for pid in below if children(running, pid)]
    delivery = [pid for pid in below if pid not in web]
    return (
        sum(tree_seconds(running, pid) for pid in web),
        sum(tree_seconds(running, pid) for pid in delivery),
    )


def is_running(pid: int) -> bool:
    """Neither gone nor ended and waiting to be noticed by its parent."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def tree_memory(running: dict[int, Process], pid: int) -> float:
    """MiB that a process and everything below it hold, what they share counted once (PSS)."""
    return _proportional(pid) + sum(tree_memory(running, child) for child in children(running, pid))


def _proportional(pid: int) -> float:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def machine_seconds() -> float:
    """Of all cores together, without idling and waiting."""
    user, nice, system, _idle, _waiting, *interrupts = (
        int(word) for word in (PROC / "stat").read_text(encoding="ascii").splitlines()[0].split()[1:8]
    )
    return (user + nice + system + sum(interrupts)) * TICK


def most_held(pid: int | str = "self") -> float:
    """MiB: the most that a program has ever held. What `getrusage` says is at least what whoever started it held."""
    status = (PROC / str(pid) / "status").read_text(encoding="utf-8")
    held = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(held.split()[1]) / 1024
