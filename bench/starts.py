"""`make run` as a newcomer types it: in a checkout of its own, again and again, until it says that it is ready."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import programs, speed
from bench.bench import Bench
from bench.figures import percentile, work
from bench.table import Check, Row
from tools import ports
from tools.installing import ROOT, Environment

LONGEST = 3.0
"""Seconds that any start but the first may take (CONTRACT)."""
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", ".*_cache", ".hypothesis", "__pycache__"
)


@dataclass(frozen=True)
class Start:
    """One start, and the stop after it."""

    seconds: float
    """Until it said that it was ready."""
    cpu: float
    """Seconds of all its processes, from the first to the end of the last."""
    said: str
    answered: tuple[bool, bool]
    """Whether the tool and the campus did, once it said so."""


def rows(bench: Bench) -> Iterator[Row | Check]:
    bench.say("Starts")
    with tempfile.TemporaryDirectory() as folder:
        clone = clone_into(Path(folder) / "clone")
        start_and_stop(clone, *_free_ports())
        again = [start_and_stop(clone, *_free_ports()) for _ in range(1 if bench.size.is_quick else 7)]
    seconds, cpu_ms = [each.seconds for each in again], 1000 * median(each.cpu for each in again)
    yield Row(
        what="make run, not for the first time",
        p50=percentile(seconds, 50),
        p95=percentile(seconds, 95),
        cpu_ms=cpu_ms,
        work=work(cpu_ms, speed.index()),
        note="all processes, stopping included",
    )
    yield Check(what="Starts: tool and campus answer", has_passed=all(all(each.answered) for each in again))
    if not bench.size.is_quick:
        yield Check(
            what=f"Starts: in the median within {LONGEST:.0f} s",
            has_passed=median(seconds) <= LONGEST,
            found=f"{median(seconds):.2f} s",
        )


def clone_into(folder: Path) -> Path:
    """A checkout beside ours; it borrows our environment, because installing takes a network's time."""
    shutil.copytree(ROOT, folder, ignore=NOT_IN_A_CLONE)
    (folder / ".venv").symlink_to(Environment(ROOT).folder)
    return folder


def start_and_stop(clone: Path, port: int, campus_port: int) -> Start:
    before, began = _cpu(), time.monotonic()
    make = subprocess.Popen(
        ["make", "run", f"PORT={port}", f"CAMPUS_PORT={campus_port}"],
        cwd=clone,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert make.stdout is not None
    said = []
    for line in make.stdout:
        said.append(line)
        if line == "Press Ctrl-C to stop.\n":
            break
    took = time.monotonic() - began
    answered = ports.answers(port, "/"), ports.answers(campus_port, "/")
    os.killpg(make.pid, signal.SIGINT)
    rest, _ = make.communicate(timeout=60)
    return Start(took, _cpu() - before, "".join([*said, rest]), answered)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_ports() -> tuple[int, int]:
    tool, campus = programs.free_ports(2)
    return tool, campus
