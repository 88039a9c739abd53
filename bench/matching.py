"""Matching: how long the best arrangement takes, with its proof; then who is placed, beside what others do.

On one processor: the solvers use one thread. From what people have said to pairs, proof and what stands in the way of
everybody left over: rules and scores of all pairs are part of it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np

from bench import placement, processes, speed
from bench.bench import Bench
from bench.figures import work
from bench.table import Check, Row
from mentoring.pairing.matching.people import Design, Kind, Mentee, Mentor, Question
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Run, problem_of, propose
from mentoring.pairing.matching.single import arrange, is_proved

PLACES = 3
"""Of each mentor, as in the field notes."""
WEIGHTS = {Question.SKILLS: 2, Question.GOALS: 1, Question.HOURS: 1}


@dataclass(frozen=True)
class Size:
    """A class to be matched, and what is promised of it."""

    mentees: int
    mentors: int
    seconds: float
    kinds: int = 1

    @property
    def name(self) -> str:
        return f"{self.mentees:,} x {self.mentors:,}" + (f", {self.kinds} kinds" if self.kinds > 1 else "")


SIZES = (
    Size(30, 12, 0.05),
    Size(300, 120, 0.2),
    Size(3_000, 1_200, 3.0),
    Size(10_000, 4_000, 20.0),
    Size(300, 120, 2.0, kinds=2),
)
MOST_MEMORY = 600
"""MiB for the largest of them."""


def rows(bench: Bench) -> Iterator[Row | Check]:
    for size in SIZES[:2] if bench.size.is_quick else SIZES:
        bench.say(f"Matching {size.name}")
        yield from measured(bench, size)
    if not bench.size.is_quick:
        yield _memory(SIZES[3])
    yield from placement.rows(bench)


def measured(bench: Bench, size: Size) -> Iterator[Row | Check]:
    pool, rounds = _pool(size, seed=1), 1 if bench.size.is_quick else 3
    index, seconds, cpu = speed.index(), [], []
    for _round in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        run = propose(pool)
        seconds.append(time.perf_counter() - began)
        cpu.append(1000 * (time.process_time() - worked))
    levels = run.solution.levels
    yield Row(
        what=f"Match {size.name}",
        p50=median(seconds),
        p95=max(seconds),
        cpu_ms=median(cpu),
        work=work(median(cpu), index),
        note=f"{levels.filled:,} placed, {len(run.leftovers):,} left over, lowest mean {float(levels.lowest):.0f}",
    )
    yield Check(what=f"Matching {size.name}: the best there is", has_passed=_is_best(pool, run))
    if not bench.size.is_quick:
        yield Check(
            what=f"Matching {size.name}: within {size.seconds:g} s",
            has_passed=median(seconds) <= size.seconds,
            found=f"{median(seconds):.3f} s",
        )


def _is_best(pool: Pool, run: Run) -> bool:
    """Said by the engine; and for one kind shown by the proof, which looks at every pair."""
    if len(pool.design.kinds) > 1:
        return run.solution.is_best
    problem = problem_of(pool)
    about = problem.scores[0], problem.free, problem.load, problem.capacity
    return run.solution.is_best and is_proved(arrange(*about), *about)


def _pool(size: Size, seed: int) -> Pool:
    """20 skills, 5 goals, 8 languages and 42 weekly hours, as in the field notes."""
    chance = np.random.default_rng(seed)
    kinds = tuple(Kind(key=f"kind {number}") for number in range(size.kinds))
    design = Design(kinds=kinds, weights=WEIGHTS, least_minutes=30)
    mentees = [
        Mentee(
            key=f"mentee {number}",
            needs={kind.key: 1 for kind in kinds},
            wanted=_some(chance, "skill", 20, 0.2),
            goals=frozenset({f"goal {chance.integers(5)}"}),
            languages=_some(chance, "language", 8, 0.25),
            hours=(_half_hours(chance),),
        )
        for number in range(size.mentees)
    ]
    mentors = [
        Mentor(
            key=f"mentor {number}",
            kinds=frozenset(kind.key for kind in kinds if size.kinds == 1 or chance.random() < 0.6),
            capacity=PLACES * size.kinds,
            skills=_some(chance, "skill", 20, 0.3),
            goals=frozenset({f"goal {chance.integers(5)}"}),
            languages=_some(chance, "language", 8, 0.3),
            hours=(_half_hours(chance),),
        )
        for number in range(size.mentors)
    ]
    return Pool(design, mentees, mentors)


def _some(chance: np.random.Generator, what: str, things: int, often: float) -> frozenset[str]:
    return frozenset(f"{what} {each}" for each in np.flatnonzero(chance.random(things) < often))


def _half_hours(chance: np.random.Generator) -> frozenset[int]:
    """Some of 42 times of a week: six a day."""
    return frozenset(8 * int(each) for each in np.flatnonzero(chance.random(42) < 0.15))


def _memory(size: Size) -> Check:
    """The most that a process of its own ever held, the tool's modules and the scores included."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.matching"], capture_output=True, text=True, check=True, timeout=600
    ).stdout
    return Check(
        what=f"Matching {size.name}: within {MOST_MEMORY} MiB",
        has_passed=float(said) <= MOST_MEMORY,
        found=f"{float(said):.0f} MiB",
    )


if __name__ == "__main__":
    propose(_pool(SIZES[3], seed=1))
    print(processes.most_held())
