"""Questions from files: how fast each format is read, and fifty thousand questions into a bank.

The questions are made up after public collections of that size: one of four options is right, of every fifth question
one of two, each option of one to three words, the question in HTML, in one of twenty-two topics.
The memory is what a process of its own holds at most beyond what it held before it had the file.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from string import ascii_lowercase

from bench import speed
from bench.bench import Bench
from bench.figures import work
from bench.table import Check, Row
from quizzes.formats import registry
from quizzes.formats.base import About
from quizzes.formats.model import Bank as Told
from quizzes.formats.model import Question
from quizzes.formats.reports import Reporter
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from quizzes.rich import TextFormat

OURS = ("moodle", "gift", "csv", "excel", "aiken", "qti21", "qti12")
READ, FEW, MANY = 5_000, 200, 50_000
SECONDS, MEMORY = 5.0, 150
"""What is promised for the many."""
WORDS, LETTERS, A_QUESTION, AN_OPTION, TOPICS = 8_000, (2, 10), (7, 16), (1, 3), 22
YES_OR_NO = ("True", "False")
MANY_OF = ("moodle", "gift", "csv", "excel")
WAYS = {"line": "at once", "page": "as the page does"}
HOW = {
    "line": "read, compared, written and committed",
    "page": "uploaded, read and compared by a job, looked at, then taken by a second one",
}


def rows(bench: Bench) -> Iterator[Row | Check]:
    number = FEW if bench.size.is_quick else READ
    for name in OURS:
        bench.say(f"Reading {registry.FORMATS[name].title}")
        yield from _reading(name, number, 1 if bench.size.is_quick else 5)
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as folder:
        for each in MANY_OF:
            yield from _importing(bench, each, Path(folder))


def _importing(bench: Bench, name: str, folder: Path) -> Iterator[Row | Check]:
    """On the command line on SQLite, and as the page does it on both databases, each in a process of its own."""
    number = FEW if bench.size.is_quick else MANY
    file = folder / f"questions.{registry.FORMATS[name].ending}"
    file.write_bytes(file_of(name, number))
    for way, database in (("line", "SQLite"), ("page", "SQLite"), ("page", "PostgreSQL")):
        with ExitStack() as opened:
            if url := _address(bench, database, folder / f"{name}-{way}.sqlite", opened):
                bench.say(f"Importing {registry.FORMATS[name].title} {WAYS[way]} on {database}")
                yield from _imported(name, number, file, way, database, url)


def _address(bench: Bench, database: str, file: Path, opened: ExitStack) -> str:
    return f"sqlite:///{file}" if database == "SQLite" else bench.scratch_postgres(opened)


def made_up(number: int) -> Iterator[Question]:
    chance = random.Random(50)
    words = ["".join(chance.choices(ascii_lowercase, k=chance.randint(*LETTERS))) for _n in range(WORDS)]

    def some(few: int, many: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(few, many)))

    for count in range(number):
        said = YES_OR_NO if count % 5 == 0 else [some(*AN_OPTION) for _n in range(4)]
        options = rows_of(dict.fromkeys(said))
        text = f"{some(*A_QUESTION)} {count}?"
        yield Question(
            kind=Kind.SINGLE,
            text_format=TextFormat.HTML,
            body={"text": f"<p>{text}</p>", "options": options, "right": [chance.choice(options)["id"]]},
            title=text[:40],
            category=("Trivia", f"Topic {count * TOPICS // number}"),
        )


def file_of(name: str, number: int) -> bytes:
    return registry.write(Told(questions=tuple(made_up(number))), name).content


def _reading(name: str, number: int, tries: int) -> Iterator[Row | Check]:
    content, format = file_of(name, number), registry.FORMATS[name]
    seconds, cpu, read = [], [], 0
    index = speed.index()
    for _n in range(tries):
        began, worked = time.perf_counter(), time.process_time()
        read = sum(1 for _question in registry.stream(format, content, Reporter(), About()))
        seconds.append(time.perf_counter() - began)
        cpu.append(1000 * (time.process_time() - worked))
    yield Row(
        what=f"Read {number:,} questions, {format.title}",
        rate=number / median(seconds),
        p50=median(seconds),
        p95=max(seconds),
        cpu_ms=median(cpu),
        work=work(median(cpu), index),
        note=f"{len(content) / 1_000_000:.1f} MB; checked as the editor checks",
    )
    yield Check(what=f"{format.title}: every question is read", has_passed=read == number, found=f"{read:,}")


def _imported(name: str, number: int, file: Path, way: str, database: str, url: str) -> Iterator[Row | Check]:
    index = speed.index()
    done = subprocess.run(
        [sys.executable, "-m", "bench.bringing", name, str(file), way, url],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    what = f"Import {number:,} questions {WAYS[way]}, {registry.FORMATS[name].title}, {database}"
    yield Row(
        what=what,
        rate=number / found["seconds"],
        p50=found["seconds"],
        cpu_ms=1000 * found["cpu"],
        work=work(1000 * found["cpu"], index),
        note=f"{HOW[way]}; {found['mib']:.0f} MiB more{found['parts']}",
    )
    yield Check(
        what=f"{what}: every question is in the bank", has_passed=found["made"] == number, found=f"{found['made']:,}"
    )
    if number == MANY:
        yield Check(
            what=f"{what}: within {SECONDS:g} s and {MEMORY} MiB",
            has_passed=found["seconds"] <= SECONDS and found["mib"] <= MEMORY,
            found=f"{found['seconds']:.1f} s, {found['mib']:.0f} MiB",
        )
