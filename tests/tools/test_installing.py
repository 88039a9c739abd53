"""Installing happens once, and again when a lock file has changed."""

import importlib.util
import sys
from pathlib import Path

import pytest

from tools import installing
from tools.installing import Environment, last_words, must_be_writable, must_have_venv
from tools.trouble import Trouble


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A checkout with two lock files that ask for nothing, and a real environment without pip's work to do."""
    (tmp_path / "requirements").mkdir()
    for lock in ("run", "dev"):
        (tmp_path / "requirements" / f"{lock}.lock").write_text(f"# nothing to {lock}\n", encoding="utf-8")
    return Environment(tmp_path)


def test_a_new_checkout_is_installed_and_then_remembered(environment: Environment, capsys: pytest.CaptureFixture[str]):
    environment.bring_up_to("run")
    first = capsys.readouterr().out
    environment.bring_up_to("run")
    second = capsys.readouterr().out

    assert first == "Installing packages into .venv; this happens once and may take a minute ...\n"
    assert second == ""
    assert (environment.has("run"), environment.has("dev")) == (True, False)


class Remembering(Environment):
    """Notes what would be installed."""

    installed: list[str] = []  # noqa: RUF012, the class is made anew for each test

    def _make(self) -> None:
        self.python.parent.mkdir(parents=True, exist_ok=True)
        self.python.touch()

    def _install(self, lock: str) -> None:
        self.installed.append(lock)


def remembering(environment: Environment) -> Remembering:
    return type("Fresh", (Remembering,), {"installed": []})(environment.root)


def test_what_developing_needs_contains_what_running_needs(environment: Environment):
    fresh = remembering(environment)

    for lock in ("dev", "run", "dev"):
        fresh.bring_up_to(lock)

    assert fresh.installed == ["dev"]


def test_a_changed_lock_is_installed_again(environment: Environment):
    fresh = remembering(environment)

    fresh.bring_up_to("run")
    (environment.root / "requirements" / "run.lock").write_text("# something new\n", encoding="utf-8")
    fresh.bring_up_to("run")

    assert fresh.installed == ["run", "run"]


@pytest.mark.parametrize("stamp", ["", "{", "[1]", '{"run": 1}'])
def test_a_damaged_stamp_means_installing_again(environment: Environment, stamp: str):
    fresh = remembering(environment)

    fresh.bring_up_to("run")
    fresh.stamp.write_text(stamp, encoding="utf-8")
    fresh.bring_up_to("run")

    assert fresh.installed == ["run", "run"]


def test_a_failed_installation_says_what_pip_says_and_is_not_remembered(environment: Environment):
    lock = environment.root / "requirements" / "run.lock"
    lock.write_text("six==1.17.0\n", encoding="utf-8")

    with pytest.raises(Trouble) as trouble:
        environment.bring_up_to("run")

    assert str(trouble.value).startswith("The packages could not be installed; see that the network is up")
    assert not environment.has("run")


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path):
    (tmp_path / "no-folder").touch()

    with pytest.raises(Trouble) as trouble:
        must_be_writable(tmp_path / "no-folder")

    assert str(trouble.value) == (
        f"The folder {tmp_path / 'no-folder'} cannot be written to (Not a directory): "
        "make it yours, or copy the project to a folder that is."
    )


def test_a_python_without_venv_is_told_the_package_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())

    with pytest.raises(Trouble) as trouble:
        must_have_venv()

    assert f"apt-get install python3.{sys.version_info[1]}-venv" in str(trouble.value)


def test_the_last_words_of_a_program_are_its_last_error():
    output = "Looking\nERROR: No network\nERROR: No matching distribution found\nGood bye\n"

    assert [last_words(output), last_words("one\n two \n\n"), last_words("")] == [
        "ERROR: No matching distribution found",
        "two",
        "nothing",
    ]


def test_every_lock_has_its_file():
    assert sorted(path.stem for path in (installing.ROOT / "requirements").glob("*.lock")) == sorted(
        installing.CONTAINS
    )
