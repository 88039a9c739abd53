"""What this machine has that some tests need, and why the rest is left out."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import postgres
from tools.installing import ROOT, Environment, last_words

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
ON_POSTGRES = "everything on PostgreSQL"
JUDGES = ROOT / "tests" / "judges"
PACKAGES = "packages"
"""Where Python packages are kept that cannot be in our own environment, beside the file that names them."""


@dataclass(frozen=True)
class LeftOut:
    """A kind of test that cannot run here, or was not asked for."""

    what: str
    why: str
    marker: str = ""
    """Of the tests in question; empty where a whole round falls away."""

    def __str__(self) -> str:
        return f"Left out: {self.what}, because {self.why}."


def left_out(*, slow: bool) -> list[LeftOut]:
    """Everything that make test cannot or shall not run on this machine, each with its reason."""
    return [
        *_without_postgres(),
        *_without_chromium(),
        *_without_judges(),
        *([] if slow else [LeftOut("the slow ones", "make test SLOW=1 runs them", "slow")]),
    ]


def _without_postgres() -> list[LeftOut]:
    if postgres.find_programs():
        return []
    return [LeftOut(ON_POSTGRES, "it is not installed (on Debian: apt-get install postgresql)")]


def _without_chromium() -> list[LeftOut]:
    if any(shutil.which(name) for name in CHROMIUMS):
        return []
    return [
        LeftOut(
            "the journeys in a browser",
            "Chromium is not installed (on Debian: apt-get install chromium)",
            "browser",
        )
    ]


def _without_judges() -> list[LeftOut]:
    problems = {
        "what the npm judges say": install_from_npm(JUDGES, "the npm judges"),
        "what the Python judges say": install_from_pip(JUDGES / "python", "the Python judges"),
    }
    return [LeftOut(what, problem, "judges") for what, problem in problems.items() if problem]


def install_from_npm(folder: Path, what: str) -> str:
    """Run npm ci in this folder unless it is done; what stands in the way, or nothing."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "Node and npm are not installed (on Debian: apt-get install nodejs npm)"
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    return _install("npm", command, folder, "package-lock.json", "node_modules", what)


def install_from_pip(folder: Path, what: str) -> str:
    """Install this folder's requirements beside them unless it is done; what stands in the way, or nothing."""
    # Ours has pip for certain: the Python that began all this may have none.
    python = str(ours) if (ours := Environment(ROOT).python).exists() else sys.executable
    command = [python, "-m", "pip", "install", "--no-input", "--require-hashes", "--no-deps"]
    command += ["--upgrade", "--target", PACKAGES, "--requirement", "requirements.txt"]
    return _install("pip", command, folder, "requirements.txt", PACKAGES, what)


def _install(by: str, command: Sequence[str], folder: Path, lock: str, packages: str, what: str) -> str:
    stamp = folder / packages / "installed"
    digest = hashlib.sha256((folder / lock).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return ""
    print(f"Installing {what} with {by}; this happens once ...", file=sys.stderr, flush=True)
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "npm_config_update_notifier": "false", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return f"{by} could not install them: {last_words(done.stderr)}"
    stamp.write_text(digest, encoding="ascii")
    return ""
