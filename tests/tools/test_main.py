"""The gate that every make target goes through."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import __main__ as gate
from tools import commands
from tools.trouble import Trouble

ROOT = Path(__file__).parent.parent.parent
PLAIN = {"PATH": "/usr/bin:/bin"}
"""An environment without the traces of a make around this one."""


@pytest.mark.parametrize(("version", "named"), [((2, 7, 18), "2.7"), ((3, 6, 15), "3.6"), ((3, 10, 13), "3.10")])
def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], named: str
):
    monkeypatch.setattr(sys, "version_info", version)

    with pytest.raises(SystemExit) as end:
        gate.main()

    assert end.value.code == (
        f"Mentoring needs Python 3.11 or newer, and this one is {named}: "
        "install a newer one, or name one you have, as in make run PYTHON=python3.11"
    )


def test_the_gate_is_written_in_words_that_python_2_reads():
    for name in ("__init__.py", "__main__.py"):
        source = (ROOT / "tools" / name).read_text(encoding="ascii")

        assert [word for word in ('f"', "f'", ":=", "->", "from __future__") if word in drop_comments(source)] == []


def drop_comments(source: str) -> str:
    return "\n".join(line.partition("  #")[0] for line in source.splitlines())


def test_a_python_that_is_not_there_is_named_in_one_sentence():
    done = subprocess.run(
        ["make", "--no-print-directory", "run", "PYTHON=python9"],
        cwd=ROOT,
        env=PLAIN,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr.splitlines()[0] == (
        "There is no program python9 here: install Python 3.11 or newer, "
        "or name the one you have, as in make run PYTHON=python3.12"
    )
    assert done.returncode == 2


def test_an_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]):
    code = commands.main(["fly"])

    assert (code, capsys.readouterr().err) == (
        2,
        "Use python3 -m tools with one of: run, install, test, lint, lock, messages, postgres\n",
    )


def test_trouble_is_one_sentence_and_no_traceback(capsys: pytest.CaptureFixture[str]):
    def act() -> int:
        raise Trouble("The moon is in the way: wait until it sets.")

    code = commands.obey(act)

    assert (code, capsys.readouterr().err) == (1, "The moon is in the way: wait until it sets.\n")


def test_being_stopped_is_one_word_and_no_traceback(capsys: pytest.CaptureFixture[str]):
    def act() -> int:
        raise KeyboardInterrupt

    code = commands.obey(act)

    assert (code, capsys.readouterr().err) == (130, "Stopped.\n")


def test_make_help_has_a_line_for_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:"))

    done = subprocess.run(["make", "help"], cwd=ROOT, env=PLAIN, capture_output=True, text=True, check=True)

    assert [line.split()[1] for line in done.stdout.splitlines()] == phony.split()[1:]
