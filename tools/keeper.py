"""A second process that outlives this one just long enough to end what it started, even after kill -9."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

PATIENCE = 8.0
"""Seconds that a process may take to end when asked politely."""

SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of linux/prctl.h."""

DISMISSED = b"0"


class Keeper:
    """Is told of each process group; when our end of the pipe closes without goodbye, it ends them all."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(self._writing)
                _live_apart()
                _watch(reading)
            finally:
                os._exit(0)
        os.close(reading)

    def watch(self, group: int) -> None:
        os.write(self._writing, b"%d\n" % group)

    def dismiss(self) -> None:
        os.write(self._writing, DISMISSED + b"\n")
        os.close(self._writing)
        os.waitpid(self._pid, 0)


def _live_apart() -> None:
    """Out of reach of the terminal's Ctrl-C, and holding none of the caller's files open."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)


def _watch(reading: int) -> None:
    with os.fdopen(reading, "rb") as told:
        groups = told.read().split()
    if groups and groups[-1] != DISMISSED:
        end([int(group) for group in groups])


def end_with_me() -> Callable[[], None] | None:
    """For Popen's preexec_fn on Linux: a second rope, for the day when the keeper is killed as well."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(SET_DEATH_SIGNAL, signal.SIGTERM)


def end(groups: list[int]) -> None:
    """Ask every process of these groups to end, and insist after a while."""
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(is_alive(group) for group in groups):
        time.sleep(0.05)
    _signal(groups, signal.SIGKILL)


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _signal(groups: list[int], number: int) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
