"""Questions from files: how fast each format is read, and fifty thousand questions into a bank.

The questions are made up after public collections of that size: one of four options is right, of every fifth question
one of two, each option of one to three words, the question in HTML, in one of twenty-two topics.
The memory is what a process of its own holds at most beyond what it held before it had the file.
"""

from __future__ import annotations

import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from string import ascii_lowercase

import mentoring
import quizzes
import reviews
import xapi
from bench import processes, speed
from bench.bench import Bench
from bench.figures import work
from bench.table import Check, Row
from lti_tool import cli
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, transaction
from quizzes.exchange import taking
from quizzes.formats import registry
from quizzes.formats.base import About
from quizzes.formats.model import Bank as Told
from quizzes.formats.model import Question
from quizzes.formats.reports import Reporter
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from quizzes.questions import Bank, Category
from quizzes.rich import TextFormat

OURS = ("moodle", "gift", "csv", "excel", "aiken", "qti21", "qti12")
READ, FEW, MANY = 5_000, 200, 50_000
SECONDS, MEMORY = 5.0, 150
"""What is promised for the many."""
WORDS, LETTERS, A_QUESTION, AN_OPTION, TOPICS = 8_000, (2, 10), (7, 16), (1, 3), 22
YES_OR_NO = ("True", "False")


def rows(bench: Bench) -> Iterator[Row | Check]:
    number = FEW if bench.size.is_quick else READ
    for name in OURS:
        bench.say(f"Reading {registry.FORMATS[name].title}")
        yield from _reading(name, number, 1 if bench.size.is_quick else 5)
    for each in ("moodle", "gift"):
        bench.say(f"Importing {registry.FORMATS[each].title}")
        yield from _importing(each, FEW if bench.size.is_quick else MANY, is_quick=bench.size.is_quick)


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


def _importing(name: str, number: int, *, is_quick: bool) -> Iterator[Row | Check]:
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as folder:
        file = Path(folder) / "questions"
        file.write_bytes(file_of(name, number))
        index = speed.index()
        done = subprocess.run(
            [sys.executable, "-m", "bench.formats", name, str(file)],
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    title = registry.FORMATS[name].title
    yield Row(
        what=f"Import {number:,} questions, {title}",
        rate=number / found["seconds"],
        p50=found["seconds"],
        cpu_ms=1000 * found["cpu"],
        work=work(1000 * found["cpu"], index),
        note=f"SQLite; read, compared, written and committed; {found['mib']:.0f} MiB more",
    )
    yield Check(
        what=f"{title}: every question is in the bank", has_passed=found["made"] == number, found=f"{found['made']:,}"
    )
    if not is_quick:
        yield Check(
            what=f"Import {number:,} questions, {title}: within {SECONDS:g} s and {MEMORY} MiB",
            has_passed=found["seconds"] <= SECONDS and found["mib"] <= MEMORY,
            found=f"{found['seconds']:.1f} s, {found['mib']:.0f} MiB",
        )


def _import(name: str, file: Path) -> dict[str, float]:
    folder = file.parent
    config = Config(
        root=folder, database_url=f"sqlite:///{folder}/mentoring.sqlite", secret_key="only-for-the-bench-" + "x" * 40
    )
    app = create_app(config, (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        cli.prepare_database()
        with transaction() as session:
            bank = Bank(name="trivia", title="Trivia", language="en", license="")
            bank.categories.append(Category(name="trivia", title="Trivia"))
            session.add(bank)
        gc.collect()
        held = processes.most_held()
        began, worked = time.perf_counter(), time.process_time()
        with transaction() as session:
            stream = registry.stream(registry.FORMATS[name], file.read_bytes(), Reporter(), About())
            taken = taking.take(
                session, bank, stream, category=bank.categories[0], at=datetime.now(UTC), report=Reporter()
            )
        spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}
        db.engine.dispose()
    return {**spent, "mib": processes.most_held() - held, "made": len(taken.made)}


if __name__ == "__main__":
    print(json.dumps(_import(sys.argv[1], Path(sys.argv[2]))))
