"""`make test`: everything this machine can run, on SQLite and then on PostgreSQL, and what was left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import postgres
from tools.installing import ROOT, Environment
from tools.machine import ON_POSTGRES, LeftOut, left_out
from tools.trouble import Trouble

NO_TESTS = 5


def main(words: Sequence[str]) -> int:
    """`words` go to pytest as they are; CI=true allows nothing to be left out."""
    is_ci = os.environ.get("CI") == "true"
    environment = Environment(ROOT)
    environment.bring_up_to("dev")
    missing = left_out(slow=is_ci or os.environ.get("SLOW") == "1")
    if is_ci and missing:
        raise Trouble("\n".join(["With CI=true nothing may be left out.", *map(str, missing)]))
    _tell(missing)
    codes = [_first_round(environment.python, words, missing)]
    if codes == [0] or codes == [NO_TESTS]:
        codes += _second_round(environment.python, words, missing)
    _tell(missing)
    return verdict(codes, some_only=bool(words))


def verdict(codes: Sequence[int], *, some_only: bool) -> int:
    """The first failure; a round without tests is one too, unless somebody asked for some tests only."""
    if some_only and any(code != NO_TESTS for code in codes):
        codes = [code for code in codes if code != NO_TESTS]
    return next((code for code in codes if code), 0)


def _tell(missing: Sequence[LeftOut]) -> None:
    for each in missing:
        print(each, flush=True)


def _first_round(python: Path, words: Sequence[str], missing: Sequence[LeftOut]) -> int:
    print("First round: everything, on SQLite.", flush=True)
    return _pytest(python, words, missing, {})


def _second_round(python: Path, words: Sequence[str], missing: Sequence[LeftOut]) -> list[int]:
    if any(each.what == ON_POSTGRES for each in missing):
        return []
    print("Second round: what touches the database, on PostgreSQL; of a test with many cases the first.", flush=True)
    with postgres.scratch_server() as url:
        return [_pytest(python, ["--only-database", *words], missing, {"TEST_DATABASE_URL": url})]


def _pytest(python: Path, words: Sequence[str], missing: Sequence[LeftOut], settings: dict[str, str]) -> int:
    markers = " and ".join(f"not {each.marker}" for each in missing if each.marker)
    command = [
        *(str(python), "-m", "pytest", "-p", "tools.pytest_plugin"),
        *("--numprocesses", "auto", "--dist", "worksteal"),
        *(["-m", markers] if markers else []),
        *words,
    ]
    inherited = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    environment = {**inherited, **_in_memory(), **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


IN_MEMORY = Path("/dev/shm")  # pytest makes a folder of its own in it, as it does in /tmp
ROOM = 4 * 1024**3
"""Bytes: far more than the databases of the tests that run at one time take."""


def _in_memory() -> dict[str, str]:
    """Databases of tests stand in memory where there is room: closing one on a disk takes as long as a small test."""
    has_room = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM
    return {"PYTEST_DEBUG_TEMPROOT": str(IN_MEMORY)} if has_room else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
