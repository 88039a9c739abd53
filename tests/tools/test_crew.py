"""make run starts several programs; none of them may stay behind, however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tools import ports, run

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
LONGEST = 30
"""Seconds after which a test gives up on another process."""


class Stage:
    """A launcher with two stubs; each stub holds a line to us that breaks when it and its children are gone."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self._folder = folder
        self._ends = ends
        self._lines = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._lines.settimeout(LONGEST)
        self.ports: dict[str, int] = {}

    def launch(
        self,
        campus: str = "lives",
        *,
        patience: float = 8,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
        stdin: int = subprocess.DEVNULL,
    ) -> "subprocess.Popen[str]":
        parts = [self._part("The tool", "lives"), self._part("The campus", campus)]
        launcher = subprocess.Popen(
            [
                *(*before, sys.executable, str(HERE / "stub_launcher.py")),
                *(json.dumps(parts), str(self._folder), str(patience), *after),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._ends.enter_context(launcher)
        self._ends.callback(launcher.kill)
        self.lines = [self._ends.enter_context(self._lines.accept()[0]) for _ in parts]
        for line in self.lines:
            line.sendall(b".")
        return launcher

    def _part(self, name: str, behaviour: str) -> dict[str, object]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = self.ports[name] = probe.getsockname()[1]
        words = [str(HERE / "stub_server.py"), str(port), str(self._lines.getsockname()[1]), behaviour]
        return {"name": name, "command": [sys.executable, *words], "port": port}

    def everybody_left(self) -> bool:
        for line in self.lines:
            line.settimeout(LONGEST)
        return all(line.recv(1) == b"" for line in self.lines)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as ends:
        yield Stage(tmp_path, ends)


def wait_until_ready(launcher: "subprocess.Popen[str]") -> None:
    assert launcher.stdout is not None
    said = iter(launcher.stdout.readline, "")
    assert "Press Ctrl-C to stop.\n" in said


def farewell(launcher: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = launcher.communicate(timeout=LONGEST)
    return launcher.returncode, out, err


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_everybody_leaves_in_good_order(stage: Stage, ending: signal.Signals):
    launcher = stage.launch()
    wait_until_ready(launcher)

    launcher.send_signal(ending)

    assert farewell(launcher) == (0, "\nStopping ...\nStopped.\n", "")
    assert stage.everybody_left()


def test_a_volley_of_signals_is_as_good_as_one(stage: Stage):
    launcher = stage.launch()
    wait_until_ready(launcher)

    for _ in range(500):
        launcher.send_signal(signal.SIGHUP)

    assert farewell(launcher)[0] == 0
    assert stage.everybody_left()


def test_grandchildren_leave_too(stage: Stage):
    launcher = stage.launch("has a child")
    wait_until_ready(launcher)

    launcher.terminate()

    assert farewell(launcher) == (0, "\nStopping ...\nStopped.\n", "")
    assert stage.everybody_left()


def test_who_does_not_want_to_leave_is_made_to(stage: Stage):
    launcher = stage.launch("is stubborn", patience=0.2)
    wait_until_ready(launcher)

    launcher.terminate()

    assert farewell(launcher) == (0, "\nStopping ...\nStopped.\n", "")
    assert stage.everybody_left()


def test_nobody_survives_a_launcher_that_was_killed(stage: Stage):
    launcher = stage.launch("has a child")
    wait_until_ready(launcher)

    launcher.kill()

    assert stage.everybody_left()


def test_nobody_survives_a_make_that_was_killed(stage: Stage):
    make = stage.launch(before=("sh", "-c", '"$@"; true', "sh"), after=("--with-parent",))
    wait_until_ready(make)

    make.kill()

    assert stage.everybody_left()


def test_nobody_survives_a_terminal_that_was_closed(stage: Stage):
    ours, theirs = os.openpty()
    launcher = stage.launch(stdin=theirs)
    os.close(theirs)
    wait_until_ready(launcher)

    os.close(ours)

    assert farewell(launcher) == (0, "\nStopping ...\nStopped.\n", "")
    assert stage.everybody_left()


def test_a_launcher_that_nobody_listens_to_any_more_still_ends_in_good_order(stage: Stage):
    launcher = stage.launch()
    wait_until_ready(launcher)
    assert launcher.stdout is not None
    launcher.stdout.close()

    launcher.terminate()

    assert (launcher.wait(LONGEST), launcher.stderr and launcher.stderr.read()) == (0, "")
    assert stage.everybody_left()


def test_when_one_dies_it_is_named_with_its_last_words_and_the_others_stop(stage: Stage):
    launcher = stage.launch()
    wait_until_ready(launcher)

    ports.answers(stage.ports["The campus"], "/break")

    code, out, err = farewell(launcher)
    assert (code, out) == (1, "")
    assert err == "The campus stopped by itself (exit code 3). Its last lines:\n  A wheel came off.\n"
    assert stage.everybody_left()


def test_when_one_cannot_start_it_is_named_with_its_last_words_and_the_others_stop(stage: Stage):
    launcher = stage.launch("cannot start")

    code, out, err = farewell(launcher)

    assert (code, out) == (1, "Starting ...\n")
    assert err == "The campus stopped by itself (exit code 1). Its last lines:\n  There is no fuel.\n"
    assert stage.everybody_left()


@pytest.mark.parametrize(
    ("port", "says"),
    [(8000, []), (8300, ["PUBLIC_URL=http://localhost:8300 .venv/bin/flask --app wsgi platform invite"])],
)
def test_away_from_the_usual_port_operators_learn_what_their_commands_need(
    port: int, says: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PUBLIC_URL", raising=False)

    welcome = run.welcome(run.parts(Path("python"), ROOT, port=port, campus_port=8301), ROOT)

    assert [line.strip() for line in welcome.splitlines() if line.strip().startswith("PUBLIC_URL=")] == says


def test_the_welcome_says_what_to_open(stage: Stage):
    launcher = stage.launch()
    assert launcher.stdout is not None
    lines = [launcher.stdout.readline() for _ in range(7)]
    launcher.terminate()
    launcher.communicate(timeout=LONGEST)

    shown = [line.strip().partition(" in a browser")[0] for line in lines]

    assert shown[:3] == ["Starting ...", "", "Mentoring is ready."]
    assert shown[3].startswith("Open http://localhost:")
    assert shown[6] == "Press Ctrl-C to stop."
