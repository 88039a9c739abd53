"""Processes that start together and end together, whatever happens to any of them or to us."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

from tools import keeper, ports
from tools.trouble import Trouble

LONGEST_START = 60.0
LAST_LINES = 12
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One program of the crew."""

    name: str
    """As in a sentence: "The campus"."""
    command: Sequence[str]
    log: Path
    """Takes everything it prints; begins anew with every start."""
    port: int
    path: str = "/"
    """What it answers on its port once it is ready."""
    env: Mapping[str, str] = field(default_factory=dict)


class Crew:
    """A context: inside, the parts run; outside, none of them does."""

    def __init__(self, parts: Sequence[Part], *, folder: Path, with_parent: bool = False) -> None:
        self._parts = parts
        self._folder = folder
        self._parent = os.getppid() if with_parent else 0
        self._terminal = select.poll()
        if os.isatty(0):
            self._terminal.register(0, 0)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        # No threading.Event: set by a signal in the middle of its own wait, it would wait for itself for ever.
        self._asked_to_stop = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        self._keeper = keeper.Keeper()
        for number in ENDINGS:
            self._before[number] = signal.signal(number, self._stop)
        try:
            for part in self._parts:
                self._start(part)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        self._wait_for_all()
        keeper.end([process.pid for process in self._running.values()])
        self._keeper.dismiss()
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def wait_until_ready(self) -> bool:
        """True once every part answers; False if it was stopped before that."""
        deadline = time.monotonic() + LONGEST_START
        waiting = list(self._parts)
        while waiting:
            if self._has_to_stop(0.04):
                return False
            waiting = [part for part in waiting if not ports.answers(part.port, part.path)]
            if waiting and time.monotonic() > deadline:
                part = waiting[0]
                raise Trouble(f"{part.name} did not answer within {LONGEST_START:.0f} seconds.{_said(part.log)}")
        return True

    def wait_for_the_end(self) -> None:
        """Returns when it is asked to stop; raises Trouble when a part dies."""
        while not self._has_to_stop(0.2):
            pass

    def _start(self, part: Part) -> None:
        part.log.parent.mkdir(parents=True, exist_ok=True)
        with part.log.open("wb") as log:
            process = subprocess.Popen(
                part.command,
                cwd=self._folder,
                env={**os.environ, **part.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own: Ctrl-C reaches us alone, and we end all of them in good order.
                start_new_session=True,
                preexec_fn=keeper.end_with_me(),
            )
        self._running[part.name] = process
        self._keeper.watch(process.pid)

    def _has_to_stop(self, seconds: float) -> bool:
        time.sleep(seconds)
        if self._asked_to_stop or self._is_alone():
            return True
        self._must_all_live()
        return False

    def _is_alone(self) -> bool:
        """The terminal was closed, or make was killed: nobody is left who could press Ctrl-C."""
        if self._parent and os.getppid() != self._parent:
            return True
        return any(event & select.POLLHUP for _, event in self._terminal.poll(0))

    def _must_all_live(self) -> None:
        for part in self._parts:
            code = self._running[part.name].poll()
            if code is not None:
                raise Trouble(f"{part.name} stopped by itself ({_ending(code)}).{_said(part.log)}")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked_to_stop:
            for process in self._running.values():
                process.kill()
        self._asked_to_stop = True

    def _wait_for_all(self) -> None:
        deadline = time.monotonic() + keeper.PATIENCE
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"


def _said(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    return " Its last lines:\n" + "\n".join(f"  {line}" for line in lines) if lines else " It said nothing."
