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
from contextlib import contextmanager
from pathlib import Path

from tools.keeper import PATIENCE, Keeper
from tools.trouble import Trouble

DEBIAN = Path("/usr/lib/postgresql")
LONGEST_START = 30.0
UNSAFE_BUT_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def find_programs() -> Path | None:
    """The folder with initdb and postgres: on the PATH, or where Debian keeps the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(versions, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def scratch_server() -> Iterator[str]:
    """Gives the address of the server, as TEST_DATABASE_URL; nobody else on this machine can reach it.

    Raises Trouble where there is no PostgreSQL or it does not start.
    """
    programs = find_programs()
    if programs is None:
        raise Trouble("There is no PostgreSQL server here (on Debian and Ubuntu: apt-get install postgresql).")
    # The path of a socket may have 107 characters at most, so it stands right under /tmp.
    with tempfile.TemporaryDirectory(prefix="mentoring-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = _user_for(folder)
        _make_cluster(programs, folder, user)
        keeper = Keeper()
        server = _start(programs, folder, user)
        keeper.watch(server.pid)
        try:
            _wait_until_ready(programs, folder, server)
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _stop(server)
            keeper.dismiss()


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


def _start(programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    settings = [word for setting in ("listen_addresses=", *UNSAFE_BUT_QUICK) for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
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
