"""`python -m bench`: measure, print one table, fail if anything was lost on the way."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from bench import diary, machine, processes, speed
from bench.bench import FULL, QUICK, Bench, Section
from bench.figures import number
from bench.sections import SECTIONS
from bench.table import Check, Row, markdown, plain
from tools.commands import obey

Measured = list[tuple[Section, list[Row]]]


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    processes.must_be_readable()
    chosen = [section for section in SECTIONS if not asked.only or section.key in asked.only]
    started, about = time.monotonic(), [*machine.described(), f"Speed index before the run: {number(speed.index())}"]
    with ExitStack() as opened:
        bench = Bench(QUICK if asked.quick else FULL, only_sqlite=asked.sqlite, open=opened)
        measured, checks = _measure(bench, chosen)
    about += [f"Took {time.monotonic() - started:.0f} seconds", *bench.left_out, *([asked.note] if asked.note else [])]
    print("\n".join(["", *about]))
    for section, rows in measured:
        print(f"\n{plain(section.title, rows)}")
    print("\n" + "\n".join(map(str, checks)))
    if asked.write:
        diary.write(f"{datetime.now(UTC):%Y-%m-%d}{_scope(asked)}", _entry(about, measured, checks))
    return 0 if all(check.has_passed for check in checks) else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure every promise of speed, in one table."
    )
    parser.add_argument("--quick", action="store_true", help="a few of everything: does it run at all")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--only", action="append", choices=[section.key for section in SECTIONS], help="this section")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--note", help="what a later reader should know, such as what else ran")
    return parser.parse_args(list(words))


def _scope(asked: argparse.Namespace) -> str:
    """What of the whole was measured: a part stands beside the whole of its day and does not take its place."""
    left_out = ["without PostgreSQL"] if asked.sqlite else []
    return "".join(f", {each}" for each in [*(asked.only or []), *(["quick"] if asked.quick else []), *left_out])


def _measure(bench: Bench, chosen: Sequence[Section]) -> tuple[Measured, list[Check]]:
    measured: Measured = []
    checks: list[Check] = []
    for section in chosen:
        rows: list[Row] = []
        for found in section.measure(bench):
            if isinstance(found, Row):
                rows.append(found)
            else:
                checks.append(found)
        measured.append((section, rows))
    return measured, checks


def _entry(about: Sequence[str], measured: Measured, checks: Sequence[Check]) -> list[str]:
    tables = [line for section, rows in measured for line in ("", markdown(section.title, rows))]
    return [*(f"- {line}" for line in about), *tables, "", *(f"- {check}" for check in checks)]


if __name__ == "__main__":
    sys.exit(obey(lambda: main(sys.argv[1:])))
