"""Interleaved rounds: everything compared is measured by turns, each turn with the speed of its moment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from bench import speed
from bench.figures import middle, number, percentile, work
from bench.processes import Spent
from bench.servers import Phase
from bench.table import Check, Row

SLICE = 10
"""People who go before it is the next one's turn, where several are compared within one round."""

Part = Callable[[Spent], float]


def web(spent: Spent) -> float:
    return spent.web


@dataclass(frozen=True)
class Round:
    """Phases by name, between two looks at the speed of the machine."""

    index: float
    phases: Mapping[str, Phase]


Play = Callable[[Sequence[str]], Mapping[str, Phase]]
"""What people do, by their keys in the campus."""


def take_round(play: Play, keys: Sequence[str]) -> Round:
    """Let these people play, by their keys in the campus."""
    before = speed.index()
    phases = play(keys)
    return Round(mean([before, speed.index()]), phases)


def take_round_together(plays: Sequence[Play], keys: Sequence[str], *, turn: int) -> list[Round]:
    """A round of several at once, a few people at a time: a machine that slows down slows down all of them alike.

    Each slice begins with another. They share one index, so the ratio of two is one of CPU times.
    """
    indexes, played = [speed.index()], [dict[str, Phase]() for _ in plays]
    for first, start in enumerate(range(0, len(keys), SLICE), start=turn):
        for which in (*range(first % len(plays), len(plays)), *range(first % len(plays))):
            for name, phase in plays[which](keys[start : start + SLICE]).items():
                played[which][name] = played[which][name] + phase if name in played[which] else phase
        indexes.append(speed.index())
    return [Round(mean(indexes), phases) for phases in played]


def summary(
    what: str,
    rounds: Sequence[Round],
    name: str,
    *legs: str,
    part: Part = web,
    note: str = "",
) -> Row:
    """One row over all rounds of a phase: medians of rounds, percentiles over everybody.

    Times are those of these legs together, and left out where none is named; the rate is that of the whole loop.
    """
    counted = [(each.phases[name], each.index) for each in rounds if each.phases[name].done]
    costs = [(1000 * part(phase.spent) / phase.done, index) for phase, index in counted]
    times = [seconds for phase, _ in counted if legs for seconds in phase.seconds(*legs)]
    return Row(
        what=what,
        rate=middle([phase.done / phase.ran.seconds for phase, _ in counted]),
        p50=percentile(times, 50) if times else None,
        p95=percentile(times, 95) if times else None,
        cpu_ms=middle([cost for cost, _ in costs]),
        work=middle([work(cost, index) for cost, index in costs]),
        note=note,
    )


def works(rounds: Sequence[Round], name: str, part: Part = web) -> list[float | None]:
    """What one cost in each round, in work; None for a round in which nobody got to the end."""
    phases = [(each.phases[name], each.index) for each in rounds]
    return [work(1000 * part(phase.spent) / phase.done, index) if phase.done else None for phase, index in phases]


def ratios(ours: Sequence[float | None], theirs: Sequence[float | None]) -> list[float]:
    """Ours as a share of theirs, of each round that both have been through."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True) if mine is not None and other]


def nothing_failed(what: str, rounds: Iterable[Round]) -> Check:
    phases = [phase for each in rounds for phase in each.phases.values()]
    problems = [problem for phase in phases for problem in phase.ran.problems]
    first = f", first: {problems[0]}" if problems else ""
    tried = sum(phase.done for phase in phases) + len(problems)
    return Check(what=what, has_passed=not problems, found=f"{len(problems)} of {tried} acts failed{first}")


def who_worked(rounds: Sequence[Round], name: str) -> str:
    """How busy everybody was in this phase, in percent of one core: what limits the rate."""
    return shares([each.phases[name] for each in rounds])


def shares(phases: Sequence[Phase]) -> str:
    """The same of these phases, the median of each share."""

    def share(part: Part) -> str:
        return number(median(100 * part(phase.spent) / phase.ran.seconds for phase in phases)) + " %"

    parts: dict[str, Part] = {
        "tool": lambda spent: spent.web + spent.delivery,
        "database": lambda spent: spent.database,
        "campus": lambda spent: spent.campus,
        "browsers": lambda spent: spent.browsers,
        "others on the machine": lambda spent: spent.strangers,
    }
    told = ", ".join(f"{who} {share(part)}" for who, part in parts.items())
    return f"of {100 * (os.cpu_count() or 1)} % CPU: {told}"
