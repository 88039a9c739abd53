"""What the sections are given: how big to measure, and the stages they measure on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property

from bench.servers import Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from tools import postgres
from tools.trouble import Trouble

WARMING = 16
"""People beyond those measured, who come first and warm everything up."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    launches: int
    """Learners who launch in each round; each round has its own."""
    attempts: int
    """Learners who take the quiz in each round."""
    tries: int
    """Repetitions of what takes microseconds."""
    browsers: int = 8

    @property
    def is_quick(self) -> bool:
        """Too little of everything for its figures to be held against a promise."""
        return self.rounds == 1

    @property
    def people(self) -> int:
        return max(self.launches, self.attempts) * self.rounds + WARMING

    def learners(self, each: int, turn: int) -> list[str]:
        """The campus's keys of those whose turn it is."""
        return [f"extra{number}" for number in range(turn * each + 1, (turn + 1) * each + 1)]

    @property
    def warmers(self) -> list[str]:
        return [f"extra{number}" for number in range(self.people - WARMING + 1, self.people + 1)]


FULL = Size(rounds=5, launches=100, attempts=30, tries=2000)
QUICK = Size(rounds=1, launches=8, attempts=8, tries=50)


@dataclass
class Bench:
    size: Size
    only_sqlite: bool = False
    open: ExitStack = field(default_factory=ExitStack)
    left_out: list[str] = field(default_factory=list)

    @cached_property
    def stages(self) -> list[Stage]:
        """Every database there is, each with a tool and a campus; started when first asked for."""
        size = self.size
        self.say("Starting the tool and the campus on SQLite")
        setup = Setup(people=size.people, browsers=size.browsers, workers=1)
        stages = [self.open.enter_context(sqlite_stage(setup))]
        if server := self.scratch_postgres(self.open):
            self.say("Starting them on PostgreSQL, with two web processes")
            stages.append(self.open.enter_context(postgres_stage(server, replace(setup, workers=2))))
        return stages

    def scratch_postgres(self, opened: ExitStack, settings: Sequence[str] = postgres.UNSAFE_BUT_QUICK) -> str:
        """The address of an empty PostgreSQL that runs as long as this is open; nothing where there is to be none."""
        if self.only_sqlite:
            return ""
        try:
            return opened.enter_context(postgres.scratch_server(settings))
        except Trouble as trouble:
            self.leave_out(f"the rows on PostgreSQL. {trouble}")
            return ""

    def leave_out(self, what: str) -> None:
        """Say it above the table, once."""
        said = f"Left out: {what}"
        if said not in self.left_out:
            self.left_out.append(said)

    def say(self, progress: str) -> None:
        print(f"{progress} ...", file=sys.stderr, flush=True)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A promise of speed and how it is measured; later issues add theirs to sections.SECTIONS."""

    key: str
    title: str
    measure: Callable[[Bench], Iterator[Row | Check]]
