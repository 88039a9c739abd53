"""Which web server: our application by turns under each, and what each does in awkward moments.

All of it on SQLite, with nothing beside the web server. What follows from it stands in docs/decisions/0006-server.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from bench import awkward, processes
from bench.bench import Bench
from bench.browsers import KeepingBrowser, PlainBrowser
from bench.launches import Traveller
from bench.rounds import Round, nothing_failed, summary, take_round_together
from bench.served import SERVERS, SLOWNESS
from bench.servers import Phase, Setup, Stage, sqlite_stage
from bench.table import Check, Row

CHOSEN = "gunicorn"
"""What `flask serve` starts: it alone can fail the bench."""
WORKERS, THREADS = 2, 4
IDLE, SHORTLY_IDLE = 70, 3
"""Seconds: longer than reverse proxies keep an idle connection, and longer than gunicorn would by itself."""
BROWSERS: Mapping[str, type[PlainBrowser]] = {"new connections": PlainBrowser, "kept connections": KeepingBrowser}


@dataclass
class Candidate:
    """One web server with our application."""

    name: str
    stage: Stage
    rounds: list[Round] = field(default_factory=list)

    def play(self, keys: Sequence[str]) -> Mapping[str, Phase]:
        return {
            kind: self.stage.measure([Traveller(self.stage.visitor(key, browser())) for key in keys], Traveller.travel)
            for kind, browser in BROWSERS.items()
        }


def rows(bench: Bench) -> Iterator[Row | Check]:
    size = bench.size
    setup = Setup(people=size.people, browsers=size.browsers, workers=WORKERS, threads=THREADS)
    with ExitStack() as opened:
        bench.say("Starting the tool under " + ", ".join(SERVERS))
        found = [
            Candidate(name, opened.enter_context(sqlite_stage(replace(setup, served_by=name)))) for name in SERVERS
        ]
        for each in found:
            each.play(size.warmers)
        for turn in range(size.rounds):
            bench.say(f"All of them by turns: round {turn + 1} of {size.rounds}")
            keys = size.learners(size.launches, turn)
            rounds = take_round_together([each.play for each in found], keys, turn=turn)
            for each, taken in zip(found, rounds, strict=True):
                each.rounds.append(taken)
        yield from _told(found)
        yield from _awkward(bench, found)


def _told(found: Sequence[Candidate]) -> Iterator[Row | Check]:
    running = processes.processes()
    for each in found:
        memory = processes.tree_memory(running, each.stage.tool_pid)
        for kind in BROWSERS:
            only = [Round(turn.index, {kind: turn.phases[kind]}) for turn in each.rounds]
            yield summary(
                f"{each.name}, {kind}: login and launch",
                *(only, kind, "login", "launch"),
                note=f"{nothing_failed('', only).found}; {memory:.0f} MiB in all",
            )
        if each.name == CHOSEN:
            yield nothing_failed(f"{each.name}, {WORKERS} processes on SQLite: nothing fails", each.rounds)


def _awkward(bench: Bench, found: Sequence[Candidate]) -> Iterator[Row | Check]:
    """Each server's answers to the same three questions, in the order of the harm they do."""
    seconds = SHORTLY_IDLE if bench.size.is_quick else IDLE
    bench.say(f"Idle connections, for {seconds} seconds")
    serving = awkward.survive_idling([each.stage for each in found], seconds)
    for each, still_serves in zip(found, serving, strict=True):
        bench.say(f"{each.name}: a worker dies, then the server is stopped")
        lost = awkward.lose_a_worker(each.stage, bench.size.warmers)
        stopped = awkward.stop_amid_a_page(each.stage)
        idle = f"a connection {'still serves' if still_serves else 'is closed'} after {seconds} idle seconds"
        page = f"a page of {SLOWNESS:.0f} s under way is {'answered' if stopped.is_answered else 'lost'}"
        died = f"{lost.failed} of {lost.tried} launches fail after a worker was killed"
        yield Row(what=f"{each.name}: another worker in the place of a killed one", p50=lost.seconds, note=died)
        yield Row(what=f"{each.name}: from SIGTERM to its end", p50=stopped.seconds, note=f"{page}; {idle}")
        if each.name == CHOSEN:
            yield Check(what=f"{each.name}: {idle}", has_passed=still_serves)
            yield Check(what=f"{each.name}: stopped amid a page", has_passed=stopped.is_answered, found=page)
