"""`make lint`: format, lint, types, import contracts, catalogs; all of them, even after one has failed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.installing import ROOT, Environment

FEATURES = ("mentoring", "quizzes", "reviews", "xapi")
CODE = ("lti_tool", *FEATURES, "campus", "bench", "tools", "migrations", "tests", "wsgi.py")


def checks(bin_folder: Path) -> dict[str, list[str]]:
    """Each check by its name, as the command that makes it."""
    code = [name for name in CODE if (ROOT / name).exists()]
    return {
        "format": [f"{bin_folder}/ruff", "format", "--check", "--quiet", "."],
        "lint": [f"{bin_folder}/ruff", "check", "--quiet", "."],
        "types": [f"{bin_folder}/mypy", *code],
        "imports": [f"{bin_folder}/lint-imports"],
        "catalogs": [f"{bin_folder}/python", "-m", "tools.catalogs"],
    }


def main(words: Sequence[str]) -> int:
    """Run the checks named, or all."""
    environment = Environment(ROOT)
    environment.bring_up_to("dev")
    wanted = checks(environment.python.parent)
    failed = [name for name in words or wanted if not _passes(name, wanted[name])]
    print(f"Not in order: {', '.join(failed)}." if failed else "Everything is in order.", flush=True)
    return 1 if failed else 0


def _passes(name: str, command: Sequence[str]) -> bool:
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    passes = done.returncode == 0
    print(f"{'ok  ' if passes else 'FAIL'} {name}", flush=True)
    if not passes:
        print(done.stdout, flush=True)
    return passes
