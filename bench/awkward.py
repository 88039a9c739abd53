"""A web server's awkward moments: an idle connection is used again, a worker dies, a stop comes amid a page."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from bench import processes
from bench.browsers import LOOPBACK, TIMEOUT, PlainBrowser, Stopwatch, closed_loop
from bench.launches import Traveller
from bench.served import SLOW, SLOWNESS
from bench.servers import Stage

LONGEST = 40.0
"""Seconds we wait for anything here."""
PAUSE = 0.02
PATH = "/healthz"


@dataclass(frozen=True)
class Lost:
    """One of the workers was killed."""

    failed: int
    tried: int
    """Launches right afterwards."""
    seconds: float | None
    """Until there were as many processes as before; None if there never were, or if there is only one."""


@dataclass(frozen=True)
class Stopped:
    """The server was told to end while a page was under way."""

    seconds: float
    """Until it had ended."""
    is_answered: bool
    """Whether whoever waited for that page got it."""


def survive_idling(stages: Sequence[Stage], seconds: float) -> list[bool]:
    """Whether a connection to each still serves after so long without a request; all of them wait together."""
    connections = [_connected(stage) for stage in stages]
    assert all(_serves(connection) for connection in connections)
    time.sleep(seconds)
    return [_serves(connection) for connection in connections]


def _connected(stage: Stage) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(LOOPBACK, urlsplit(stage.tool).port, timeout=TIMEOUT)
    connection.auto_open = 0
    connection.connect()
    return connection


def _serves(connection: http.client.HTTPConnection) -> bool:
    try:
        connection.request("GET", PATH)
        return connection.getresponse().read() != b""
    except (OSError, http.client.HTTPException):
        return False


def lose_a_worker(stage: Stage, keys: Sequence[str]) -> Lost:
    """Kill one of its processes, have these people launch at once, and see when there is another."""
    workers = processes.children(processes.processes(), stage.tool_pid)
    started = time.monotonic()
    if workers:
        os.kill(workers[0], signal.SIGKILL)
    ran = closed_loop(keys, partial(_launch, stage), browsers=stage.browsers)
    replaced = bool(workers) and _happens(lambda: _is_replaced(stage, workers), started)
    return Lost(len(ran.problems), len(keys), time.monotonic() - started if replaced else None)


def _launch(stage: Stage, key: str, watch: Stopwatch) -> None:
    Traveller(stage.visitor(key)).travel(watch)


def _is_replaced(stage: Stage, workers: Sequence[int]) -> bool:
    now = set(processes.children(processes.processes(), stage.tool_pid))
    return workers[0] not in now and len(now) >= len(workers)


def stop_amid_a_page(stage: Stage) -> Stopped:
    """Tell the server to end while somebody waits for a slow page."""
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.extend(_asked_slowly(stage)), daemon=True)
    waiting.start()
    time.sleep(SLOWNESS / 3)
    started = time.monotonic()
    os.kill(stage.tool_pid, signal.SIGTERM)
    _happens(lambda: not processes.is_running(stage.tool_pid), started)
    seconds = time.monotonic() - started
    waiting.join()
    return Stopped(seconds, answers == [200])


def _asked_slowly(stage: Stage) -> Iterator[int]:
    try:
        yield PlainBrowser().send("GET", stage.tool + SLOW).status
    except (OSError, http.client.HTTPException):
        return


def _happens(what: Callable[[], bool], started: float) -> bool:
    while not what():
        if time.monotonic() - started > LONGEST:
            return False
        time.sleep(PAUSE)
    return True
