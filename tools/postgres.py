"""A PostgreSQL of our own for the tests: empty, on a socket in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.keeper import PATIENCE, Keeper
from tools.trouble import Trouble

DEBIAN = Path("/usr/lib/postgresql")
LONGEST_START = 30.0
UNSAFE_BUT_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=200")
"""As it is run in earnest: what was committed is on the disk before anybody is told so."""
OUTLIVES_A_KILL = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_connections=50")
"""What was committed is with the operating system before anybody is told so: a kill of the server loses none of it."""


def find_programs() -> Path | None:
    """The folder with initdb and postgres: on the PATH, or where Debian keeps the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(versions, key=lambda folder: float(folder.parent.name), default=None)


@dataclass
class Cluster:
    """A server in a folder of its own, which can be killed and started again."""

    programs: Path
    folder: Path
    user: str | None
    settings: Sequence[str]
    keeper: Keeper
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        server = self._server = _start(self.programs, self.folder, self.user, self.settings)
        self.keeper.watch(server.pid)
        _wait_until_ready(self.programs, self.folder, server)

    def kill(self) -> None:
        """`kill -9` of the server and of what serves its connections, each in a process group of its own."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        for each in _children(self._server.pid):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        if self._server is not None:
            _stop(self._server)


@contextmanager
def scratch_server(settings: Sequence[str] = UNSAFE_BUT_QUICK) -> Iterator[str]:
    """Gives the address of the server, as TEST_DATABASE_URL; nobody else on this machine can reach it.

    Raises Trouble where there is no PostgreSQL or it does not start.
    """
    with scratch_cluster(settings) as cluster:
        yield cluster.url


@contextmanager
def scratch_cluster(settings: Sequence[str]) -> Iterator[Cluster]:
    """The server itself, started with these settings. Raises Trouble as above."""
    programs = find_programs()
    if programs is None:
        raise Trouble("There is no PostgreSQL server here (on Debian and Ubuntu: apt-get install postgresql).")
    # The path of a socket may have 107 characters at most, so it stands right under /tmp.
    with tempfile.TemporaryDirectory(prefix="mentoring-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = _user_for(folder)
        _make_cluster(programs, folder, user)
        keeper = Keeper()
        cluster = Cluster(programs, folder, user, settings, keeper)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
            keeper.dismiss()


def _children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(each) for each in found.split()]


def _user_for(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; Debian's package has made a user for it."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "postgres", "postgres")
    return "postgres"


def _make_cluster(programs: Path, folder: Path, user: str | None) -> None:
    done = subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "data", "--username", "postgres"),
            *("--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"),
        ],
        cwd=folder,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"PostgreSQL could not make a database folder: {done.stderr.strip()}")


def _start(programs: Path, folder: Path, user: str | None, settings: Sequence[str]) -> subprocess.Popen[bytes]:
    settings = [word for setting in ("listen_addresses=", *settings) for word in ("-c", setting)]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *settings],
            cwd=folder,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            log = (folder / "log").read_text(encoding="utf-8", errors="replace")
            raise Trouble(f"PostgreSQL did not start: {log.strip()}")
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(words: Sequence[str]) -> int:
    """`python3 -m tools postgres COMMAND ...` runs it with TEST_DATABASE_URL set."""
    if not words:
        print("Say what to run with it, as in: python3 -m tools postgres .venv/bin/pytest", file=sys.stderr)
        return 2
    with scratch_server() as url:
        return subprocess.run(words, env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode
