"""The tool and a campus as real processes on ports of their own, with a fresh database; gone afterwards."""

from __future__ import annotations

import json
import os
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

from bench import processes, programs
from bench.browsers import Act, Item, PlainBrowser, Ran, closed_loop
from bench.processes import Spent
from bench.programs import Crew
from campus.testing import Visitor
from tools.installing import ROOT
from tools.trouble import Trouble

PAGE_SIZE = 10
"""People on a page of the campus's roster."""
SECRET = "only-for-the-bench-" + "x" * 40
CLIENT = "campus-tool"
"""What the campus calls the tool, unless told otherwise."""
DEPLOYMENT = "1"


@dataclass(frozen=True)
class Phase:
    """One closed loop, with the CPU time everybody took for it."""

    ran: Ran
    spent: Spent

    def __add__(self, other: Phase) -> Phase:
        return Phase(self.ran + other.ran, self.spent + other.spent)

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
    is_bare: bool = False
    """Nothing but the web server belongs to this tool: no delivery loop, no work loop."""

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
        if self.is_bare:
            web, delivery = processes.tree_seconds(running, self.tool_pid), 0.0
        else:
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


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How a tool and its campus are set up."""

    people: int
    """Extra learners in the campus's first course."""
    browsers: int
    workers: int
    """Web processes."""
    threads: int = 8
    """Of each of them."""
    page_size: int = PAGE_SIZE
    served_by: str = ""
    """A web server by its name in bench.served, alone; empty for everything that `flask serve` starts."""


@contextmanager
def sqlite_stage(setup: Setup) -> Iterator[Stage]:
    """Our tool on a fresh SQLite file."""
    with (
        tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name,
        _stage("SQLite", f"sqlite:///{name}/mentoring.sqlite", Path(name), setup) as stage,
    ):
        yield stage


@contextmanager
def postgres_stage(server: str, setup: Setup, name: str = "PostgreSQL") -> Iterator[Stage]:
    """Our tool on this empty PostgreSQL server, which rows call by this name."""
    with (
        tempfile.TemporaryDirectory(prefix="mentoring-bench-") as folder,
        _stage(name, server, Path(folder), setup) as stage,
    ):
        yield stage


@contextmanager
def _stage(name: str, database: str, folder: Path, setup: Setup) -> Iterator[Stage]:
    with programs.crew(folder) as crew:
        tool_port, campus_port = programs.free_ports(2)
        tool = f"http://localhost:{tool_port}"
        told = {"DATABASE_URL": database, "PUBLIC_URL": tool, "SECRET_KEY": SECRET, "FLASK_SKIP_DOTENV": "1"}
        env = {**os.environ, **told}
        campus, campus_pid = open_campus(crew, campus_port, tool, folder, setup)
        _flask(env, "migrate")
        _register(env, campus)
        tool_pid = crew.start("tool", _serving(setup, tool_port), env)
        crew.wait_until("campus", campus_port, "/")
        crew.wait_until("tool", tool_port, "/readyz")
        yield Stage(
            name=name,
            tool=tool,
            campus=campus,
            tool_pid=tool_pid,
            campus_pid=campus_pid,
            database_pid=postmaster(database),
            browsers=setup.browsers,
            env=env,
            is_bare=bool(setup.served_by),
        )


def _serving(setup: Setup, port: int) -> list[str]:
    program = ["bench.served", setup.served_by] if setup.served_by else ["flask", "--app", "wsgi", "serve"]
    words = ["--port", str(port), "--workers", str(setup.workers), "--threads", str(setup.threads)]
    return [sys.executable, "-m", *program, *words]


def open_campus(crew: Crew, port: int, tool: str, folder: Path, setup: Setup) -> tuple[str, int]:
    """A campus that has placed this tool, on its way up: its address and process id."""
    words = ["--port", str(port), "--tool", tool, "--data", str(folder / "campus.sqlite")]
    words += ["--page-size", str(setup.page_size), "--people", str(setup.people)]
    return f"http://localhost:{port}", crew.start("campus", [sys.executable, "-m", "campus", *words], os.environ)


def _register(env: Mapping[str, str], campus: str) -> None:
    addresses = ["--auth-url", f"{campus}/oidc/auth", "--token-url", f"{campus}/oauth/token"]
    names = ["--name", "Campus", "--issuer", campus, "--client-id", CLIENT, "--deployment", DEPLOYMENT]
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


def postmaster(database: str) -> int | None:
    """The first process of the scratch server whose socket this address names."""
    folder = parse_qs(urlsplit(database).query).get("host")
    if folder is None:
        return None
    return int((Path(folder[0]) / "data" / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
