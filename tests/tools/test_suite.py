"""make test says what it leaves out, and CI lets nothing be left out."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import machine, postgres, suite
from tools.installing import Environment
from tools.machine import LeftOut, left_out
from tools.trouble import Trouble

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(postgres, "DEBIAN", Path("/nowhere"))


@pytest.mark.usefixtures("bare_machine")
def test_a_bare_machine_names_each_gap_on_one_line_with_its_cause_and_cure():
    assert [str(each) for each in left_out(slow=False)] == [
        "Left out: everything on PostgreSQL, because it is not installed (on Debian: apt-get install postgresql).",
        "Left out: the journeys in a browser, because Chromium is not installed (on Debian: apt-get install chromium).",
        "Left out: what the npm judges say, because Node and npm are not installed "
        "(on Debian: apt-get install nodejs npm).",
        "Left out: the slow ones, because make test SLOW=1 runs them.",
    ]


@pytest.mark.usefixtures("bare_machine")
def test_ci_does_not_begin_where_something_would_be_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(Environment, "bring_up_to", lambda _self, _lock: None)

    with pytest.raises(Trouble) as trouble:
        suite.main([])

    assert str(trouble.value).splitlines()[:2] == [
        "With CI=true nothing may be left out.",
        "Left out: everything on PostgreSQL, because it is not installed (on Debian: apt-get install postgresql).",
    ]


def test_judges_that_npm_cannot_install_are_left_out_with_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "package-lock.json").write_text("{}", encoding="ascii")
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error no network' >&2\nexit 1\n", encoding="ascii")
    npm.chmod(0o755)
    (tmp_path / "node").symlink_to(npm)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert machine.install_from_npm(tmp_path, "the npm judges") == "npm could not install them: npm error no network"


@pytest.mark.parametrize(
    ("codes", "some_only", "code"),
    [
        ([0, 0], False, 0),
        ([0, 1], False, 1),
        ([1, 0], True, 1),
        ([0, 5], False, 5),
        ([0, 5], True, 0),
        ([5, 1], True, 1),
        ([5, 5], True, 5),
    ],
)
def test_a_round_without_tests_fails_unless_only_some_were_asked_for(codes: list[int], some_only: bool, code: int):
    assert suite.verdict(codes, some_only=some_only) == code


def test_a_gap_without_marker_takes_no_test_out_of_the_first_round(monkeypatch: pytest.MonkeyPatch):
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        asked.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    gaps = [
        LeftOut("everything on PostgreSQL", "so"),
        LeftOut("slow ones", "so", "slow"),
        LeftOut("b", "so", "browser"),
    ]

    code = suite._pytest(Path("python"), ["tests/quizzes"], gaps, {})

    assert code == 0
    assert asked[0][-3:] == ["-m", "not slow and not browser", "tests/quizzes"]


TESTS = """
import pytest

@pytest.fixture
def template():
    return "a database"

def test_pure(): pass
def test_stored(template): pass
@pytest.mark.postgres
def test_postgres_only(): pass
@pytest.mark.sqlite
def test_sqlite_only(template): pass
"""

SKIPPING = """
import pytest

def test_skipped(): pytest.skip("no moon")
@pytest.mark.skip(reason="no sun")
def test_marked(): pass
@pytest.mark.xfail(reason="known", strict=True)
def test_known(): assert False
"""

NOT_COLLECTED = """
import pytest

pytest.skip("no stars", allow_module_level=True)
"""


def outcomes(folder: Path, sources: dict[str, str], *words: str, ci: str = "") -> tuple[int, list[str]]:
    """pytest's exit code and its lines about tests, of a run over these sources with our plugin."""
    for name, source in sources.items():
        (folder / name).write_text(source, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tools.pytest_plugin", "-p", "no:cacheprovider", "-rA", "-q"),
            *("--override-ini", "testpaths=.", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), *words),
        ],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    wanted = ("PASSED", "FAILED", "ERROR", "XFAIL", "SKIPPED", "Left out")
    return done.returncode, sorted(line for line in done.stdout.splitlines() if line.startswith(wanted))


def test_the_first_round_has_everything_but_what_is_for_postgresql_only(tmp_path: Path):
    assert outcomes(tmp_path, {"test_a.py": TESTS}) == (
        0,
        ["PASSED test_a.py::test_pure", "PASSED test_a.py::test_sqlite_only", "PASSED test_a.py::test_stored"],
    )


def test_the_second_round_has_what_touches_the_database(tmp_path: Path):
    assert outcomes(tmp_path, {"test_a.py": TESTS}, "--only-database") == (
        0,
        ["PASSED test_a.py::test_postgres_only", "PASSED test_a.py::test_stored"],
    )


def test_skipped_tests_are_named_by_their_reasons(tmp_path: Path):
    code, lines = outcomes(tmp_path, {"test_a.py": SKIPPING, "test_b.py": NOT_COLLECTED})

    assert (code, [line for line in lines if line.startswith("Left")]) == (
        0,
        [
            "Left out: 1 of these tests, because: no moon",
            "Left out: 1 of these tests, because: no stars",
            "Left out: 1 of these tests, because: no sun",
        ],
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_in_ci_a_skipped_test_has_failed(tmp_path: Path, workers: str):
    code, lines = outcomes(tmp_path, {"test_a.py": SKIPPING}, "-n", workers, ci="true")

    assert (code, lines) == (
        1,
        [
            "ERROR test_a.py::test_marked - In CI no test may be skipped, and this one was: no sun",
            "FAILED test_a.py::test_skipped - In CI no test may be skipped, and this one was: no moon",
            "XFAIL test_a.py::test_known - known",
        ],
    )


def test_in_ci_a_file_that_is_not_collected_has_failed(tmp_path: Path):
    code, lines = outcomes(tmp_path, {"test_b.py": NOT_COLLECTED}, ci="true")

    assert (code, lines) == (2, ["ERROR test_b.py - In CI no test may be skipped, and this one was: no stars"])
