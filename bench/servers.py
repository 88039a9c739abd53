"""The tool and a campus as real processes on ports of their own, with a fresh database; gone afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench import processes
from bench.browsers import Act, Item, PlainBrowser, Ran, closed_loop
from bench.processes import Spent
from campus.testing import Visitor
from tools import ports
from tools.installing import ROOT
from tools.keeper import PATIENCE, Keeper
from tools.trouble import Trouble

LONGEST_START = 60.0
LAST_LINES = 12
PAGE_SIZE = 10
"""People on a page of the campus's roster."""
SECRET = "only-for-the-bench-" + "x" * 40
CLIENT = "campus-tool"
"""What the campus calls the tool, unless told otherwise."""


@dataclass(frozen=True)
class Phase:
    """One closed loop, with the CPU time everybody took for it."""

    ran: Ran
    spent: Spent

    @property
    def done(self) -> int:
        return len(self.ran.watches)

    def seconds(self, *legs: str) -> list[float]:
        """How long each visitor took for these legs together."""
        return [sum(watch.legs[leg] for leg in legs) for watch in self.ran.watches]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A tool and its campus, running."""

    name: str
    tool: str
    campus: str
    tool_pid: int
    campus_pid: int
    database_pid: int | None
    browsers: int
    env: Mapping[str, str]

    def visitor(self, key: str, browser: PlainBrowser | None = None) -> Visitor:
        """This person at a browser of their own, logged in to the campus."""
        browser = browser or PlainBrowser()
        answer = browser.send("POST", f"{self.campus}/be", {"person": key})
        assert answer.status == 302, f"There is no {key}"
        return Visitor(browser, self.campus)

    def measure(self, items: Sequence[Item], act: Act[Item]) -> Phase:
        """Do the act for every item in a closed loop, and see who spent how much CPU time on it."""
        before = self.spent()
        ran = closed_loop(items, act, browsers=self.browsers)
        return Phase(ran, self.spent() - before)

    def spent(self) -> Spent:
        running = processes.processes()
        web, delivery = processes.tool_seconds(running, self.tool_pid)
        return Spent(
            web=web,
            delivery=delivery,
            campus=processes.tree_seconds(running, self.campus_pid),
            database=processes.tree_seconds(running, self.database_pid) if self.database_pid else 0.0,
            browsers=time.process_time(),
            machine=processes.machine_seconds(),
        )

    def campus_state(self) -> dict[str, Any]:
        answer = PlainBrowser().send("GET", f"{self.campus}/api/state.json")
        state: dict[str, Any] = json.loads(answer.text)
        return state

    def flask(self, *words: str) -> str:
        """What an operator's command prints."""
        return _flask(self.env, *words)


@contextmanager
def sqlite_stage(*, people: int, browsers: int, page_size: int = PAGE_SIZE) -> Iterator[Stage]:
    """One web process with the threads it has by default, on a fresh SQLite file."""
    with (
        tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name,
        _stage("SQLite", f"sqlite:///{name}/mentoring.sqlite", Path(name), 1, people, browsers, page_size) as stage,
    ):
        yield stage


@contextmanager
def postgres_stage(server: str, *, people: int, browsers: int, page_size: int = PAGE_SIZE) -> Iterator[Stage]:
    """Two web processes on this empty PostgreSQL server."""
    with (
        tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name,
        _stage("PostgreSQL", server, Path(name), 2, people, browsers, page_size) as stage,
    ):
        yield stage


@contextmanager
def _stage(
    name: str, database: str, folder: Path, workers: int, people: int, browsers: int, page_size: int
) -> Iterator[Stage]:
    tool_port, campus_port = _free_ports(2)
    tool, campus = f"http://localhost:{tool_port}", f"http://localhost:{campus_port}"
    env = {**os.environ, "DATABASE_URL": database, "PUBLIC_URL": tool, "SECRET_KEY": SECRET, "FLASK_SKIP_DOTENV": "1"}
    with _running() as crew:
        campus_words = ["--port", str(campus_port), "--tool", tool, "--data", str(folder / "campus.sqlite")]
        campus_words += ["--page-size", str(page_size)]
        campus_pid = crew.start("campus", ["-m", "campus", *campus_words, "--people", str(people)], folder, env)
        _flask(env, "migrate")
        _register(env, campus)
        serve = ["serve", "--port", str(tool_port), "--workers", str(workers)]
        tool_pid = crew.start("tool", ["-m", "flask", "--app", "wsgi", *serve], folder, env)
        crew.wait_until("campus", campus_port, "/")
        crew.wait_until("tool", tool_port, "/readyz")
        yield Stage(
            name=name,
            tool=tool,
            campus=campus,
            tool_pid=tool_pid,
            campus_pid=campus_pid,
            database_pid=_postmaster(database),
            browsers=browsers,
            env=env,
        )


def _register(env: Mapping[str, str], campus: str) -> None:
    addresses = ["--auth-url", f"{campus}/oidc/auth", "--token-url", f"{campus}/oauth/token"]
    names = ["--name", "Campus", "--issuer", campus, "--client-id", CLIENT, "--deployment", "1"]
    _flask(env, "platform", "add", *names, *addresses, "--jwks-url", f"{campus}/jwks")


def _flask(env: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"flask {' '.join(words[:2])} failed: {done.stderr.strip()[-1000:]}")
    return done.stdout


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return found


def _postmaster(database: str) -> int | None:
    """The first process of the scratch server whose socket this address names."""
    folder = parse_qs(urlsplit(database).query).get("host")
    if folder is None:
        return None
    return int((Path(folder[0]) / "data" / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])


class _Crew:
    """Programs in process groups of their own, so that Ctrl-C reaches us alone and we end them in good order."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._running: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}

    def start(self, name: str, words: Sequence[str], folder: Path, env: Mapping[str, str]) -> int:
        path = folder / f"{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
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
def _running() -> Iterator[_Crew]:
    keeper = Keeper()
    crew = _Crew(keeper)
    try:
        yield crew
    finally:
        crew.end()
        keeper.dismiss()
