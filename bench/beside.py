"""Beside others: the same people launch by turns into our tool, into the plain example of its library and into ltijs.

All have two processes behind the same campus, with a new connection for every request. Counted is the CPU time of the
tool for login and launch; what comes after the launch is another page with each of them and takes no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from bench.bench import Bench
from bench.browsers import Ran, Stopwatch, closed_loop
from bench.launches import Traveller
from bench.peers.stages import ltijs_stage, plain_stage
from bench.rounds import Round, nothing_failed, ratios, summary, take_round, who_worked, works
from bench.servers import Phase, Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from tools.trouble import Trouble

WORKERS, THREADS = 2, 4
MOST_OF_PLAIN, MOST_OF_LTIJS = 0.9, 0.4
OURS, OURS_ON_POSTGRES, PLAIN, LTIJS = "Ours on SQLite", "Ours on PostgreSQL", "Plain example", "ltijs"
CROWD = 8
"""So many times one person clicks at once."""
JWKS = "keys.jwks"
"""Where a tool fetches the keys, as the campus counts it."""


@dataclass
class Party:
    """One tool among those compared."""

    name: str
    stage: Stage
    answers: int
    """The status of a launch that went well: the plain example shows its page at once, the others lead to one."""
    rounds: list[Round] = field(default_factory=list)
    keys_fetched: int = 0
    """How often its campus was asked for keys in all rounds."""

    @property
    def is_ours(self) -> bool:
        return self.name in (OURS, OURS_ON_POSTGRES)

    def launch(self, traveller: Traveller, watch: Stopwatch) -> None:
        self.come_to_the_door(traveller, watch)
        self.go_in(traveller, watch)

    def come_to_the_door(self, traveller: Traveller, watch: Stopwatch) -> None:
        traveller.leave(watch)
        traveller.log_in(watch)
        traveller.be_vouched_for(watch)

    def go_in(self, traveller: Traveller, watch: Stopwatch) -> None:
        assert traveller.form is not None
        with watch.leg("launch"):
            answer = traveller.form.sent_by(traveller.browser)
        assert answer.status == self.answers, f"The launch answered {answer.status}: {answer.text[:200]}"

    def play(self, keys: Sequence[str]) -> Mapping[str, Phase]:
        """Everybody launches; then one of them so many times at once."""
        before = self._asked_for_keys()
        phases = {"launch": self.stage.measure([Traveller(self.stage.visitor(key)) for key in keys], self.launch)}
        crowd = [Traveller(self.stage.visitor(keys[0])) for _ in range(CROWD)]
        phases["crowd"] = self.stage.measure(crowd, self.come_to_the_door)
        phases["at once"] = self.stage.measure(crowd, self.go_in)
        self.keys_fetched += self._asked_for_keys() - before
        return phases

    def warm_up(self, keys: Sequence[str], *, browsers: int) -> Ran:
        """The first that is asked of a cold tool is one person at once, whom it does not know; then the others."""
        crowd = [keys[0]] * CROWD
        return closed_loop([*crowd, *keys[1:]], partial(self._visit), browsers=browsers)

    def _visit(self, key: str, watch: Stopwatch) -> None:
        self.launch(Traveller(self.stage.visitor(key)), watch)

    def _asked_for_keys(self) -> int:
        return int(self.stage.campus_state()["requests"].get(JWKS, {"requests": 0})["requests"])


def rows(bench: Bench) -> Iterator[Row | Check]:
    """A round of one, then of the next; each round begins with another."""
    size = bench.size
    with ExitStack() as opened:
        parties = _parties(bench, opened)
        for party in parties:
            bench.say(f"{party.name}: warming up")
            warm = party.warm_up(size.warmers, browsers=size.browsers)
            if party.is_ours:
                yield _nobody_refused(party, warm)
        for turn in range(size.rounds):
            keys, first = size.learners(size.launches, turn), turn % len(parties)
            for party in [*parties[first:], *parties[:first]]:
                bench.say(f"{party.name}: round {turn + 1} of {size.rounds}")
                party.rounds.append(take_round(party.play, keys))
    for party in parties:
        yield from _told(party)
    by_name = {party.name: party for party in parties}
    for mine, other, most in ((OURS, PLAIN, MOST_OF_PLAIN), (OURS, LTIJS, MOST_OF_LTIJS)):
        if other in by_name:
            yield from compared(by_name[mine], by_name[other], None if size.is_quick else most)
    for other in (PLAIN, LTIJS):
        if OURS_ON_POSTGRES in by_name and other in by_name:
            yield from compared(by_name[OURS_ON_POSTGRES], by_name[other], None)


def _parties(bench: Bench, opened: ExitStack) -> list[Party]:
    setup = Setup(people=bench.size.people, browsers=bench.size.browsers, workers=WORKERS, threads=THREADS)
    bench.say("Starting our tool, the plain example and ltijs, each with a campus")
    parties = [
        Party(OURS, opened.enter_context(sqlite_stage(setup)), 303),
        Party(PLAIN, opened.enter_context(plain_stage(setup)), 200),
    ]
    if server := bench.scratch_postgres(opened):
        parties.insert(1, Party(OURS_ON_POSTGRES, opened.enter_context(postgres_stage(server, setup)), 303))
    if server := bench.scratch_postgres(opened):
        try:
            parties.append(Party(LTIJS, opened.enter_context(ltijs_stage(server, setup)), 302))
        except Trouble as trouble:
            bench.leave_out(f"ltijs. {trouble}")
    return parties


def _nobody_refused(party: Party, warm: Ran) -> Check:
    tried = len(warm.watches) + len(warm.problems)
    return Check(
        what=f"{party.name}, {WORKERS} processes: one person {CROWD} times at once right after a start",
        has_passed=not warm.problems,
        found="; ".join([f"{len(warm.problems)} of {tried} launches failed", *warm.problems[:1]]),
    )


def _told(party: Party) -> Iterator[Row | Check]:
    rounds, name = party.rounds, party.name
    failed = nothing_failed(f"{name}, {WORKERS} processes: no launch fails, nor one person's {CROWD} at once", rounds)
    launches = sum(turn.phases[phase].done for turn in rounds for phase in ("launch", "at once"))
    fetched = f"keys fetched {party.keys_fetched} times in {launches} launches"
    yield summary(
        f"{name}: login and launch",
        *(rounds, "launch", "login", "launch"),
        note=f"{failed.found}; {fetched}; {who_worked(rounds, 'launch')}",
    )
    if party.stage.database_pid:
        yield summary(f"{name}: its database, apart", rounds, "launch", part=lambda spent: spent.database)
    if party.is_ours:
        yield failed
        yield Check(
            what=f"{name}: no launch fetches keys once they are known", has_passed=not party.keys_fetched, found=fetched
        )


def compared(mine: Party, other: Party, most: float | None) -> Iterator[Row | Check]:
    """Work for work within each round; a limit only where there were enough rounds for one."""
    found = ratios(works(mine.rounds, "launch"), works(other.rounds, "launch"))
    if not found:
        return
    what = f"{mine.name} / {other.name}"
    spread = f"median of {len(found)} rounds, {min(found):.2f} to {max(found):.2f}"
    yield Row(what=what, work=median(found), note=spread + (f"; at most {most}" if most else ""))
    if most:
        yield Check(
            what=f"{what}: at most {most}", has_passed=median(found) <= most, found=f"{median(found):.2f}, {spread}"
        )
