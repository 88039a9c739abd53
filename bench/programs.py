"""Programs that run beside the bench on ports of their own, and end with it, whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import ports
from tools.installing import ROOT
from tools.keeper import PATIENCE, Keeper
from tools.trouble import Trouble

LONGEST_START = 120.0
"""A cold node under load takes half a minute."""
LAST_LINES = 12


class Crew:
    """Programs in process groups of their own, so that Ctrl-C reaches us alone and we end them in good order."""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self._keeper, self._folder = keeper, folder
        self._running: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], *, within: Path = ROOT) -> int:
        """Its process id; what it says goes into a log of its own."""
        path = self._folder / f"{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=within,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[name] = (process, path)
        self._keeper.watch(process.pid)
        return process.pid

    def wait_until(self, name: str, port: int, path: str) -> None:
        """Raises Trouble, with its last words, for a program that ends or does not answer in time."""
        process, log = self._running[name]
        deadline = time.monotonic() + LONGEST_START
        while not ports.answers(port, path):
            if process.poll() is not None or time.monotonic() > deadline:
                last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
                raise Trouble(f"The {name} did not start. Its last lines:\n" + "\n".join(last))
            time.sleep(0.05)

    def end(self) -> None:
        for process, _ in reversed(self._running.values()):
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process, _ in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def crew(folder: Path) -> Iterator[Crew]:
    """Whoever is started inside has ended outside; their logs are in this folder."""
    keeper = Keeper()
    everybody = Crew(keeper, folder)
    try:
        yield everybody
    finally:
        everybody.end()
        keeper.dismiss()


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return found
