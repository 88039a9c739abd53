"""`python -m bench.soak`: the long promises, one after the other; goes on where it was stopped.

They are the tests marked `soak`: more of the same than CI has time for. What has passed is kept in `var/soak/`, under
the state of the code it passed with; when all have, docs/benchmarks.md gets a line.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import diary, machine
from tools.commands import obey
from tools.installing import ROOT
from tools.trouble import Trouble

FOLDER = ROOT / "var" / "soak"
PYTEST = (sys.executable, "-m", "pytest", "-p", "tools.pytest_plugin", "--soak", "-q")


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    kept = _kept_for(_state())
    wanted = _collected(asked.k)
    done = _done(kept)
    failed = []
    for number, each in enumerate(wanted, start=1):
        if each in done:
            print(f"{number} of {len(wanted)}: passed before: {each}", flush=True)
        elif _passes(each, f"{number} of {len(wanted)}", kept):
            done[each] = 0.0
        else:
            failed.append(each)
    if failed:
        print("\n".join(["", "FAILED:", *failed]))
        return 1
    seconds = sum(_done(kept).values())
    told = f"{len(wanted)} long runs passed, {seconds:.0f} seconds in all"
    print(f"\nok: {told}")
    if asked.write:
        diary.write(
            f"{datetime.now(UTC):%Y-%m-%d}, soak", [*(f"- {line}" for line in machine.described()), f"- ok: {told}"]
        )
    return 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="Keep the long promises; resumable.")
    parser.add_argument("-k", default="", help="only those whose names hold this")
    parser.add_argument("--write", action="store_true", help="put the result into docs/benchmarks.md")
    return parser.parse_args(list(words))


def _state() -> str:
    """The commit, and whether something was changed since: then what passed before says nothing."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True)
    return "" if changed.stdout else commit.stdout.strip()


def _kept_for(state: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"{state or 'changed'}.txt"
    if not state:
        print("Files have changed since the last commit, so everything runs anew.", file=sys.stderr)
        kept.unlink(missing_ok=True)
    return kept


def _collected(of_name: str) -> list[str]:
    words = [*PYTEST, "-m", "soak", "--collect-only", *(["-k", of_name] if of_name else []), "tests"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    found = [line for line in done.stdout.splitlines() if "::" in line]
    if done.returncode != 0 or not found:
        raise Trouble(f"No long runs were found: {done.stdout[-500:]}{done.stderr[-500:]}")
    return found


def _done(kept: Path) -> dict[str, float]:
    """What has passed, and in how many seconds."""
    if not kept.exists():
        return {}
    rows = [line.split(" ", 1) for line in kept.read_text(encoding="utf-8").splitlines()]
    return {name: float(seconds) for seconds, name in rows}


def _passes(each: str, where: str, kept: Path) -> bool:
    started = time.monotonic()
    code = subprocess.run([*PYTEST, "-m", "soak", each], cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    passed = code.returncode == 0
    print(f"{where}: {'ok' if passed else 'FAILED'} in {seconds:.0f} s: {each}", flush=True)
    if passed:
        with kept.open("a", encoding="utf-8") as rows:
            rows.write(f"{seconds:.1f} {each}\n")
    else:
        print(code.stdout[-4000:], code.stderr[-1000:], flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(obey(lambda: main(sys.argv[1:])))
