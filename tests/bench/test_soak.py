"""The long runs go on where they were stopped, and begin anew when the code has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench import soak

RUNS = ["a.py::one", "a.py::two[1]", "b.py::three"]


class Runner:
    """Stands in for pytest: what fails, and what was run."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.ran: list[str] = []

    def run(self, words: list[str], **_more: object) -> subprocess.CompletedProcess[str]:
        self.ran.append(words[-1])
        return subprocess.CompletedProcess(words, int(words[-1] in self.failing), "what it said", "")


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    runner = Runner()
    monkeypatch.setattr(soak, "FOLDER", tmp_path / "soak")
    monkeypatch.setattr(soak, "_state", lambda: "1234")
    monkeypatch.setattr(soak, "_collected", lambda _name: RUNS)
    monkeypatch.setattr("bench.soak.subprocess.run", runner.run)
    return runner


def test_what_has_passed_is_not_run_again(runner: Runner, capsys: pytest.CaptureFixture[str]):
    runner.failing = {"a.py::two[1]"}
    assert soak.main([]) == 1
    assert "FAILED in" in capsys.readouterr().out

    runner.ran, runner.failing = [], set()
    assert soak.main([]) == 0

    assert runner.ran == ["a.py::two[1]"]
    assert "ok: 3 long runs passed" in capsys.readouterr().out


def test_changed_files_have_passed_nothing(runner: Runner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(soak, "_state", str)
    soak.main([])
    soak.main([])

    assert runner.ran == RUNS * 2


def test_another_commit_has_passed_nothing(runner: Runner, monkeypatch: pytest.MonkeyPatch):
    soak.main([])
    monkeypatch.setattr(soak, "_state", lambda: "5678")
    soak.main([])

    assert runner.ran == RUNS * 2
