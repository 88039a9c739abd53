"""The long runs go on where they were stopped, and begin anew when what decides about them has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench import diary, soak
from bench.soak import Run

RUNS = [Run("a.py::one"), Run("a.py::two[1]"), Run("b.py::three", stands_alone=True)]
NAMES = [each.name for each in RUNS]


class Runner:
    """Stands in for pytest: what fails, and what was run."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.ran: list[str] = []
        self.state, self.content = "1234", "content-1"

    def run(self, words: list[str], **_more: object) -> subprocess.CompletedProcess[str]:
        self.ran.append(words[-1])
        return subprocess.CompletedProcess(words, int(words[-1] in self.failing), "what it said", "")


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    runner = Runner()
    monkeypatch.setattr(soak, "FOLDER", tmp_path / "soak")
    monkeypatch.setattr(soak, "_state", lambda: runner.state)
    monkeypatch.setattr(soak, "content_of", lambda _file, _root: runner.content)
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


def test_what_was_chosen_by_name_is_said_with_what_it_was_chosen_by(
    runner: Runner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    written: list[str] = []
    monkeypatch.setattr(diary, "write", lambda _title, lines: written.extend(lines))

    assert soak.main(["-k", "histories", "--write"]) == 0

    assert "ok: 3 long runs of those with -k 'histories', passed" in capsys.readouterr().out
    assert written[-1].startswith("- ok: 3 long runs of those with -k 'histories', passed")


def test_changed_files_have_passed_nothing_but_what_stands_alone(runner: Runner):
    runner.state = ""
    soak.main([])
    soak.main([])

    assert runner.ran == [*NAMES, *NAMES[:2]]


def test_another_commit_has_passed_nothing_but_what_stands_alone(runner: Runner):
    soak.main([])
    runner.state = "5678"
    soak.main([])

    assert runner.ran == [*NAMES, *NAMES[:2]]


def test_what_stands_alone_begins_anew_when_what_it_is_made_of_has_changed(runner: Runner):
    soak.main([])
    runner.content = "content-2"
    soak.main([])

    assert runner.ran == [*NAMES, NAMES[2]]


@pytest.mark.slow
def test_a_test_that_asks_for_a_fixture_does_not_stand_alone():
    found = {
        each.name.partition("::")[2].partition("[")[0]: each.stands_alone
        for each in soak._collected("kills or stories")
    }

    assert found == {
        "test_a_million_stories_give_nobody_away_and_use_nearly_all_answers": True,
        "test_twenty_kills_lose_no_answer_that_was_told_to_be_kept": False,
        "test_twenty_kills_of_the_database_lose_none_either": False,
    }
