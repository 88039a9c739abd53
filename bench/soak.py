"""`python -m bench.soak`: the long promises, one after the other; goes on where it was stopped.

They are the tests marked `soak`: more of the same than CI has time for. What has passed is kept in `var/soak/`, under
the state of the code it passed with; when all have, docs/benchmarks.md gets a line. Of a test that stands alone that is
what its file is made of, so the million stories go on while the rest of the tool is being worked on; of any other it is
the commit.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import alone, diary, machine
from bench.imports import content_of
from tools.commands import obey
from tools.installing import ROOT
from tools.trouble import Trouble

FOLDER = ROOT / "var" / "soak"
PYTEST = (sys.executable, "-m", "pytest", "-p", "tools.pytest_plugin", "--soak", "-q")


@dataclass(frozen=True)
class Run:
    """A long run, by pytest's name for it."""

    name: str
    stands_alone: bool = False

    @property
    def file(self) -> Path:
        return ROOT / self.name.partition("::")[0]


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    wanted = _collected(asked.k)
    state = _state()
    kept = {each: _kept_for(each, state) for each in wanted}
    if not state and not all(each.stands_alone for each in wanted):
        print("Files have changed since the last commit, so whatever asks for a fixture runs anew.", file=sys.stderr)
        _kept_under("changed").unlink(missing_ok=True)
    seconds, failed = 0.0, []
    for number, each in enumerate(wanted, start=1):
        if each.name not in _done(kept[each]):
            _run(each, f"{number} of {len(wanted)}", kept[each])
        else:
            print(f"{number} of {len(wanted)}: passed before: {each.name}", flush=True)
        if (took := _done(kept[each]).get(each.name)) is None:
            failed.append(each.name)
        else:
            seconds += took
    if failed:
        print("\n".join(["", "FAILED:", *failed]))
        return 1
    of_name = f" of those with -k {asked.k!r}," if asked.k else ""
    told = f"{len(wanted)} long runs{of_name} passed, {seconds:.0f} seconds in all"
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


def _kept_for(run: Run, state: str) -> Path:
    return _kept_under(content_of(run.file, ROOT) if run.stands_alone else state or "changed")


def _kept_under(state: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / f"{state}.txt"


def _collected(of_name: str) -> list[Run]:
    chosen = ["-m", "soak", "--collect-only", *(["-k", of_name] if of_name else []), "tests"]
    words = [*PYTEST, "-p", alone.__name__, *chosen]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    by_themselves = {line.removeprefix(alone.ALONE) for line in lines if line.startswith(alone.ALONE)}
    found = [line for line in lines if "::" in line and not line.startswith(alone.ALONE)]
    if done.returncode != 0 or not found:
        raise Trouble(f"No long runs were found: {done.stdout[-500:]}{done.stderr[-500:]}")
    return [Run(each, each in by_themselves) for each in found]


def _done(kept: Path) -> dict[str, float]:
    """What has passed, and in how many seconds."""
    if not kept.exists():
        return {}
    rows = [line.split(" ", 1) for line in kept.read_text(encoding="utf-8").splitlines()]
    return {name: float(seconds) for seconds, name in rows}


def _run(each: Run, where: str, kept: Path) -> None:
    started = time.monotonic()
    code = subprocess.run([*PYTEST, "-m", "soak", each.name], cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    passed = code.returncode == 0
    print(f"{where}: {'ok' if passed else 'FAILED'} in {seconds:.0f} s: {each.name}", flush=True)
    if passed:
        with kept.open("a", encoding="utf-8") as rows:
            rows.write(f"{seconds:.1f} {each.name}\n")
    else:
        print(code.stdout[-4000:], code.stderr[-1000:], flush=True)


if __name__ == "__main__":
    sys.exit(obey(lambda: main(sys.argv[1:])))
