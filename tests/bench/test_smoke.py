"""The whole bench with a few of everything: it ends well, and leaves nothing running when it is stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.processes import Process, children, processes
from tools.installing import ROOT

COMMAND = [sys.executable, "-m", "bench", "--quick", "--sqlite"]


def placements() -> Iterator[str]:
    """Every way of placing, in every setting; with two kinds each way goes both about."""
    never = "in no class are more placed, or the whole better, than ours"
    others = ["Greedy, best pair first", "First come", "Gale and Shapley (matching 1.4.3)", "mentor-match 7.0.1"]
    for setting in ("30 mentees, as many places", "30 mentees, 1.5 places each"):
        yield f"ok: {setting}: ours breaks no rule, and is the best there is"
        yield from (f"ok: {setting}: {name}: {never}".partition(" (")[0] for name in others)
    yield "ok: 20 mentees, two kinds: ours breaks no rule, and is the best there is"
    for name in ("The best of one kind", *others):
        for order in ("first kind first", "second kind first"):
            yield f"ok: 20 mentees, two kinds: {name}, {order}: {never}".partition(" (")[0]


@pytest.mark.slow
def test_a_quick_bench_measures_everything_and_loses_nothing():
    done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)

    checks = [line for line in done.stdout.splitlines() if line.startswith(("ok: ", "FAILED: "))]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(" (")[0] for line in checks] == [
        "ok: The measured statement is valid",
        "ok: Starts: tool and campus answer",
        "ok: Launches, SQLite: nobody is refused right after a start",
        "ok: Launches, SQLite: nothing fails",
        "ok: Launches, SQLite: everybody arrives",
        "ok: Ours on SQLite, 2 processes: one person 8 times at once right after a start",
        "ok: Ours on SQLite, 2 processes: no launch fails, nor one person's 8 at once",
        "ok: Ours on SQLite: no launch fetches keys once they are known",
        "ok: gunicorn, 2 processes on SQLite: nothing fails",
        "ok: gunicorn: a connection still serves after 3 idle seconds",
        "ok: gunicorn: stopped amid a page",
        "ok: Home pages, SQLite: a class of 100",
        "ok: Home pages, SQLite: nothing fails",
        "ok: Quizzes, SQLite: nothing fails",
        "ok: Quizzes, SQLite: everybody hands in",
        "ok: Quizzes, SQLite: one grade of each learner, sent once",
        "ok: Quizzes, SQLite: every statement once",
        "ok: Quizzes, SQLite: gradebook and LRS hold the same scores",
        "ok: Statistics of 50,000 answers: of every item",
        "ok: Starts at a steady rate, SQLite: nothing fails",
        "ok: Starts all at once, SQLite: nothing fails",
        "ok: Answers at a steady rate, SQLite: nothing fails",
        "ok: Answers at their highest rate, SQLite: nothing fails",
        "ok: Storms, SQLite: every answer that was told to be kept is there",
        "ok: Marking anew writes what it has foreseen, SQLite",
        "ok: Report on 50,000 answers, SQLite: all of it",
        "ok: Live figures of 400 items, SQLite: all of it",
        *(f"ok: {title}: every question is read" for title in ("Moodle XML", "GIFT", "CSV", "Excel", "Aiken")),
        *("ok: QTI 2.1: every question is read", "ok: QTI 1.2"),
        *(
            f"ok: Import 200 questions {way}, {title}, SQLite: every question is in the bank"
            for title in ("Moodle XML", "GIFT", "CSV", "Excel")
            for way in ("at once", "as the page does")
        ),
        "ok: Radar: within 8 KB",
        "ok: Reviews: everybody has means of all competencies",
        "ok: Results of 200 subjects through the database, SQLite: all",
        "ok: Who has not answered of 600, SQLite: nothing fails",
        "ok: Matching 30 x 12: the best there is",
        "ok: Matching 300 x 120: the best there is",
        *placements(),
        "ok: Pairing, SQLite: nothing fails",
        "ok: Rosters, SQLite: all 300 people are there after one reading",
        "ok: Rosters, SQLite: 300 people within 10 s and 150 MiB",
        "ok: Home bases, SQLite: nothing fails",
        "ok: Reminders, SQLite: half of them need a nudge, and a second sweep plans nothing more",
        "ok: Reminders, SQLite: of 100 nudges each is told once, by one notice for each person",
        "ok: Reminders, SQLite: one mail for each who is mailed",
        "ok: Statements, SQLite: everything told is there, once",
        "ok: Deliveries, SQLite: down, then up: every statement once, and in order",
        "ok: Deliveries, SQLite: one request in ten goes wrong: every statement once, and in order",
        "ok: Deliveries, SQLite: one bad statement among 500 costs at most 19 requests",
        "ok: Deliveries to our own LRS: every statement once, and in order",
    ]


@pytest.mark.slow
def test_a_bench_that_is_stopped_leaves_nothing_running():
    with subprocess.Popen(
        [*COMMAND, "--only", "launches"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has told them, and so their children, to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as bench:
        assert bench.stderr is not None
        said = next(line for line in bench.stderr if "round 1" in line)
        started = _below(processes(), bench.pid)
        bench.send_signal(signal.SIGINT)
        last = bench.stderr.read()

    left = processes().keys() & {each.pid for each in started}
    assert said == "Launches on SQLite: round 1 of 1 ...\n"
    assert (bench.returncode, last) == (130, "Stopped.\n")
    assert len(started) >= 5
    assert left == set()


def _below(running: dict[int, Process], pid: int) -> list[Process]:
    """Everything that a program has started, and what that has started."""
    return [each for child in children(running, pid) for each in (running[child], *_below(running, child))]
