"""Reviews: one report through the gate, one radar, and a whole campaign; computing alone, without reading answers.

A campaign as in the field notes: ten thousand subjects, each with ten raters of forty statements in eight competencies.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench import processes
from bench.bench import Bench
from bench.micro import timed
from bench.table import Check, Row
from reviews.disclosure import (
    Anonymity,
    Asked,
    Competency,
    Group,
    Policy,
    Response,
    Scale,
    Statement,
    publish,
)
from reviews.instruments import content
from reviews.instruments.content import Content, Level
from reviews.instruments.content import Scale as Levels
from reviews.radar import Line, radar
from reviews.radar import Scale as Rings
from reviews.results.concluding import conclude
from reviews.summing_up import many
from reviews.summing_up.many import Floats

SUBJECTS, COMPETENCIES, STATEMENTS, GROUPS = 10_000, 8, 40, 5
RATERS = ("self", "mentor", "peers", "peers", "peers", "peers", "reports", "reports", "reports", "mentees")
LEVELS = (1, 2, 3, 4, 5)
MOST_SECONDS, MOST_MEMORY = 60, 1024
RADAR_SECONDS, RADAR_BYTES = 0.001, 8 * 1024
POLICY = Policy()


def rows(bench: Bench) -> Iterator[Row | Check]:
    bench.say("Reviews")
    asked, (answers,) = _asked(), made_ratings(1)
    responses = _responses(answers)
    tries = max(bench.size.tries // 10, 5)
    yield timed(
        "What may be shown of one subject",
        lambda: publish(asked, responses, POLICY),
        tries,
        note=f"{len(RATERS)} raters in 5 groups, {STATEMENTS} statements in {COMPETENCIES} competencies",
    )
    yield from _radar(bench)
    found = campaign(100)
    yield Check(what="Reviews: everybody has means of all competencies", has_passed=found == 100, found=f"{found}")
    if not bench.size.is_quick:
        yield from _campaign()


def _radar(bench: Bench) -> Iterator[Row | Check]:
    axes = [f"Competency no. {n} of eight" for n in range(COMPETENCIES)]
    lines = [
        Line(name, [1 + (n * place) % 37 / 10 for place in range(COMPETENCIES)]) for n, name in enumerate(RATERS[2:7])
    ]

    def draw() -> str:
        return radar(axes, lines, Rings(low=1, high=5, rings=(2, 3, 4, 5)), title="Means by group", missing="not shown")

    row, size = (
        timed(f"Radar of {COMPETENCIES} axes and {len(lines)} groups", draw, bench.size.tries),
        len(draw().encode()),
    )
    yield row
    yield Check(what="Radar: within 8 KB", has_passed=size <= RADAR_BYTES, found=f"{size:,} bytes")
    if not bench.size.is_quick and row.p50 is not None:
        yield Check(what="Radar: within 1 ms", has_passed=row.p50 <= RADAR_SECONDS, found=f"{1000 * row.p50:.2f} ms")


@dataclass(frozen=True)
class _Done:
    seconds: float
    mebibytes: float


def _campaign() -> Iterator[Row | Check]:
    """In a process of its own, for the most that it ever held."""
    done = _Done(
        *map(
            float,
            subprocess.run(
                [sys.executable, "-m", "bench.reviews"], capture_output=True, text=True, check=True, timeout=900
            ).stdout.split(),
        )
    )
    what = f"Figures of {SUBJECTS:,} subjects"
    yield Row(what=what, rate=SUBJECTS / done.seconds, p50=done.seconds, note="gate, gaps, agreement, reliability")
    yield Check(
        what=f"{what}: within {MOST_SECONDS} s", has_passed=done.seconds <= MOST_SECONDS, found=f"{done.seconds:.1f} s"
    )
    yield Check(
        what=f"{what}: within {MOST_MEMORY} MiB",
        has_passed=done.mebibytes <= MOST_MEMORY,
        found=f"{done.mebibytes:.0f} MiB",
    )


def campaign(subjects: int) -> int:
    """All that reports of a campaign need: how many subjects have a mean of the others for each competency."""
    asked, ratings, shown = _asked(), made_ratings(subjects), 0
    asks = _content(asked)
    many.figures(ratings, LEVELS, np.arange(STATEMENTS).reshape(COMPETENCIES, -1).tolist())
    for answers in ratings:
        responses = _responses(answers)
        published = publish(asked, responses, POLICY)
        conclude(asked, asks, published)
        shown += len(published.others) == COMPETENCIES
    return shown


def _asked() -> Asked:
    named = {"self": Anonymity.NAMED, "mentor": Anonymity.ATTRIBUTED}
    keys = [str(number) for number in range(STATEMENTS)]
    size = STATEMENTS // COMPETENCIES
    return Asked(
        groups=tuple(
            Group(key=key, anonymity=named.get(key, Anonymity.ANONYMOUS), is_self=key == "self")
            for key in dict.fromkeys(RATERS)
        ),
        competencies=tuple(
            Competency(f"C{n}", tuple(map(Statement, keys[n * size : (n + 1) * size]))) for n in range(COMPETENCIES)
        ),
        scale=Scale(LEVELS),
    )


def _content(asked: Asked) -> Content:
    return Content(
        scale=Levels(levels=tuple(Level(score=score, label=str(score)) for score in LEVELS)),
        competencies=tuple(content.Competency(key=each.key, name=each.key) for each in asked.competencies),
    )


def made_ratings(subjects: int) -> Floats:
    """By subject, rater and statement; one in twenty not observed."""
    chance = np.random.default_rng(1)
    good = chance.normal(3.6, 0.4, (subjects, 1, 1))
    ratings = np.clip(np.round(good + chance.normal(0, 0.9, (subjects, len(RATERS), STATEMENTS))), 1, 5)
    ratings[chance.random(ratings.shape) < 0.05] = np.nan
    return ratings


def _responses(answers: Floats) -> list[Response]:
    return [
        Response(str(number), group, {str(n): score for n, score in enumerate(row) if score == score})
        for number, (group, row) in enumerate(zip(RATERS, answers.tolist(), strict=True))
    ]


if __name__ == "__main__":
    began = time.perf_counter()
    campaign(SUBJECTS)
    print(time.perf_counter() - began, processes.most_held())
