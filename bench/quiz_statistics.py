"""Statistics of quizzes: a million answers, a course, and one attempt more; computing alone, without reading them.

Drawn questions, as in the field notes: 20 of 400 for each attempt, every answer one of four options.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np

from bench import processes, speed
from bench.bench import Bench
from bench.figures import work
from bench.micro import timed
from bench.table import Check, Row
from quizzes.statistics import live
from quizzes.statistics.answers import Answers, Ints
from quizzes.statistics.forms import drift, exposure, fairness
from quizzes.statistics.items import items_of
from quizzes.statistics.options import options_of
from quizzes.statistics.whole import whole_of

ITEMS, ASKED, OPTIONS = 400, 20, 4
MOST_MEMORY = 512
"""MiB for the largest."""
LIVE = 0.005
"""Seconds for the live figures of a whole bank."""


@dataclass(frozen=True)
class Size:
    attempts: int
    seconds: float
    """What is promised."""

    @property
    def name(self) -> str:
        return f"{self.attempts * ASKED:,} answers"


COURSE, INSTALLATION = Size(2_500, 0.06), Size(50_000, 2.0)


@dataclass(frozen=True)
class Data:
    attempt: Ints
    item: Ints
    chosen: Ints
    """Row by row, the option; the first of each item is right."""
    months: Ints

    @classmethod
    def of(cls, size: Size) -> Data:
        chance = np.random.default_rng(1)
        item = np.argsort(chance.random((size.attempts, ITEMS)), axis=1)[:, :ASKED].ravel()
        attempt = np.repeat(np.arange(size.attempts), ASKED)
        able, hard = chance.normal(size=size.attempts)[attempt], chance.normal(size=ITEMS)[item]
        is_right = chance.random(len(item)) < 1 / (1 + np.exp(hard - able))
        option = np.where(is_right, 0, chance.integers(1, OPTIONS, len(item)))
        return cls(attempt, item, item * OPTIONS + option, chance.integers(0, 12, size.attempts))


def everything(data: Data) -> int:
    """All figures there are: how many items have them."""
    slot = np.tile(np.arange(ASKED), len(data.attempt) // ASKED)
    mark = (data.chosen % OPTIONS == 0).astype(np.float64)
    answers = Answers.of(data.attempt, data.item, mark, np.ones(ITEMS), slot)
    items = items_of(answers, [1 / OPTIONS] * ITEMS)
    whole_of(answers)
    which = np.arange(ITEMS * OPTIONS)
    options_of(answers, (np.arange(len(data.item)), data.chosen), which // OPTIONS, (which % OPTIONS == 0).tolist())
    exposure(answers)
    fairness(answers)
    drift(answers, data.months)
    return sum(item.moments.discrimination_index is not None for item in items)


def rows(bench: Bench) -> Iterator[Row | Check]:
    for size in [COURSE] if bench.size.is_quick else [COURSE, INSTALLATION]:
        bench.say(f"Statistics of {size.name}")
        data = Data.of(size)
        yield from _measured(bench, size, data)
    if not bench.size.is_quick:
        yield _memory()
    yield from _live(bench)


def _measured(bench: Bench, size: Size, data: Data) -> Iterator[Row | Check]:
    index, seconds, cpu = speed.index(), [], []
    for _round in range(bench.size.rounds):
        began, worked = time.perf_counter(), time.process_time()
        judged = everything(data)
        seconds.append(time.perf_counter() - began)
        cpu.append(1000 * (time.process_time() - worked))
    yield Row(
        what=f"All figures of {size.name}",
        rate=len(data.item) / median(seconds),
        p50=median(seconds),
        p95=max(seconds),
        cpu_ms=median(cpu),
        work=work(median(cpu), index),
        note=f"{size.attempts:,} attempts, {ASKED} of {ITEMS} items each; items, options, whole, forms, months",
    )
    yield Check(what=f"Statistics of {size.name}: of every item", has_passed=judged == ITEMS, found=f"{judged}")
    if not bench.size.is_quick:
        # The best round: what others do on the machine meanwhile only adds.
        yield _within(f"Statistics of {size.name}", min(seconds), size.seconds)


def _within(what: str, seconds: float, most: float) -> Check:
    return Check(
        what=f"{what}: within {1000 * most:g} ms", has_passed=seconds <= most, found=f"{1000 * seconds:.1f} ms"
    )


def _live(bench: Bench) -> Iterator[Row | Check]:
    attempt = {item: float(item % 2) for item in range(ASKED)}
    kept = [
        live.Sums.of(item % 2 * live.UNITS, 9 * live.UNITS) + live.Sums.of(live.UNITS, 11 * live.UNITS)
        for item in range(ITEMS)
    ]
    yield timed(f"Add one attempt of {ASKED} answers to kept sums", _adding(attempt, kept), bench.size.tries)
    figures = timed(
        f"Live figures of {ITEMS} items", lambda: [each.moments.discrimination_index for each in kept], bench.size.tries
    )
    yield figures
    if not bench.size.is_quick and figures.p50 is not None:
        yield _within(f"Live figures of {ITEMS} items", figures.p50, LIVE)


def _adding(attempt: dict[int, float], kept: list[live.Sums]) -> Callable[[], object]:
    return lambda: [kept[item] + sums for item, sums in live.sums_of(attempt).items()]


def _memory() -> Check:
    """The most that a process of its own ever held, with the answers themselves."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.quiz_statistics"], capture_output=True, text=True, check=True, timeout=600
    ).stdout
    return Check(
        what=f"Statistics of {INSTALLATION.name}: within {MOST_MEMORY} MiB",
        has_passed=float(said) <= MOST_MEMORY,
        found=f"{float(said):.0f} MiB",
    )


if __name__ == "__main__":
    everything(Data.of(INSTALLATION))
    print(processes.most_held())
