"""The first of the two commands, as a newcomer types it."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tools import ports
from tools.installing import Environment

ROOT = Path(__file__).parent.parent.parent
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", ".*_cache", ".hypothesis", "__pycache__"
)
LONGEST_SECOND_START = 3.0


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout beside ours; it borrows our environment, because installing is tested elsewhere."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT, folder, ignore=NOT_IN_A_CLONE)
    (folder / ".venv").symlink_to(Environment(ROOT).folder)
    return folder


def two_free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


def start_and_stop(clone: Path, port: int, campus_port: int) -> float:
    """Seconds until it says that it is ready; by then both answer, and afterwards neither does."""
    settings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    began = time.monotonic()
    make = subprocess.Popen(
        ["make", "run", f"PORT={port}", f"CAMPUS_PORT={campus_port}"],
        cwd=clone,
        env=settings,
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
    answering = [ports.answers(port, "/"), ports.answers(campus_port, "/")]
    os.killpg(make.pid, signal.SIGINT)
    rest, _ = make.communicate(timeout=60)

    assert answering == [True, True], "".join(said)
    assert rest.startswith("\nStopping ...\nStopped.\n")
    assert [ports.answers(port, "/"), ports.answers(campus_port, "/")] == [False, False]
    return took


@pytest.mark.slow
def test_tool_and_campus_are_there_and_the_second_start_takes_three_seconds_at_most(clone: Path):
    port, campus_port = two_free_ports()

    start_and_stop(clone, port, campus_port)
    before = seconds_of_work()
    took = start_and_stop(clone, port, campus_port)
    work = seconds_of_work() - before

    # Other tests share the processors, so where the clock is late, the work of all processes must have fitted.
    assert min(took, work) < LONGEST_SECOND_START


def seconds_of_work() -> float:
    """Of every process that has come and gone below this one, on all processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
