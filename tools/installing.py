"""The virtual environment of a checkout, kept in step with its lock files."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent

CONTAINS = {"run": ["run"], "dev": ["run", "dev"]}
"""What is there once a lock is installed: requirements/dev.lock repeats every line of run.lock."""

IS_USABLE = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


@dataclass(frozen=True)
class Environment:
    """`.venv` of one checkout."""

    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Remembers which locks are installed, by their hashes; gone when the environment is."""
        return self.folder / "installed.json"

    def bring_up_to(self, lock: str) -> None:
        """Install requirements/<lock>.lock, unless it is what was installed last.

        Raises Trouble where the folder, Python or the network stand in the way.
        """
        must_be_writable(self.root)
        if self.has(lock):
            return
        print("Installing packages into .venv; this happens once and may take a minute ...", flush=True)
        self._make()
        self._install(lock)
        self._remember(lock)

    def has(self, lock: str) -> bool:
        return self.python.exists() and self._remembered().get(lock) == self._digest(lock)

    def _make(self) -> None:
        if self._is_usable():
            return
        must_have_venv()
        done = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(self.folder)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise Trouble(f"The folder {self.folder} could not be made: {last_words(done.stdout + done.stderr)}")

    def _is_usable(self) -> bool:
        if not self.python.exists():
            return False
        return subprocess.run([self.python, "-c", IS_USABLE], capture_output=True, check=False).returncode == 0

    def _install(self, lock: str) -> None:
        log = self.folder / "install.log"
        with log.open("w", encoding="utf-8") as file:
            done = subprocess.run(
                [
                    *(self.python, "-m", "pip", "install", "--no-input", "--require-hashes", "--no-deps"),
                    *("--requirement", self._lock(lock)),
                ],
                env={**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            raise Trouble(
                f"The packages could not be installed; see that the network is up and run it again. "
                f"pip says: {last_words(log.read_text(encoding='utf-8'))} (all of it is in {log})"
            )

    def _remember(self, lock: str) -> None:
        digests = {name: self._digest(name) for name in CONTAINS[lock]}
        self.stamp.write_text(json.dumps({**self._remembered(), **digests}), encoding="utf-8")

    def _remembered(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.stamp.read_text(encoding="utf-8")))
        except (OSError, TypeError, ValueError):
            return {}

    def _digest(self, lock: str) -> str:
        return hashlib.sha256(self._lock(lock).read_bytes()).hexdigest()

    def _lock(self, lock: str) -> Path:
        return self.root / "requirements" / f"{lock}.lock"


def must_be_writable(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as problem:
        raise Trouble(
            f"The folder {folder} cannot be written to ({problem.strerror}): "
            "make it yours, or copy the project to a folder that is."
        ) from None


def must_have_venv() -> None:
    """Debian and Ubuntu take these two out of Python and put them in a package of their own."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    raise Trouble(
        "This Python cannot make virtual environments: install what it lacks "
        f"(on Debian and Ubuntu: apt-get install {package}) and run it again."
    )


def last_words(output: str) -> str:
    """The line of a failed program that most likely names the cause."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "Error:", "error:"))]
    return (errors or lines or ["nothing"])[-1]


def main(words: Sequence[str]) -> int:
    """`python3 -m tools install run` or `dev`."""
    Environment().bring_up_to(words[0] if words else "run")
    return 0
