"""Beside others: the same people launch by turns into our tool, into the plain example of its library and into ltijs.

All have two processes behind the same campus, with a new connection for every request. Counted is the CPU time of the
tool for login and launch; what comes after the launch is another page with each of them and takes no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from statistics import median

from bench.bench import Bench
from bench.browsers import Ran, Stopwatch, closed_loop
from bench.launches import Traveller
from bench.peers.stages import ltijs_stage, plain_stage
from bench.rounds import Round, nothing_failed, ratios, summary, take_round_together, who_worked, works
from bench.servers import Phase, Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from tools.trouble import Trouble

WORKERS, THREADS = 2, 4
MOST_OF_PLAIN, MOST_OF_LTIJS = 0.9, 0.4
OURS, OURS_ON_POSTGRES, PLAIN, LTIJS = "Ours on SQLite", "Ours on PostgreSQL", "Plain example", "ltijs"
CROWD = 8
"""So many times one person clicks at once."""
FIRST, AGAIN = VISITS = ("first visit", "visit again")
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
        """Everybody launches for the first time, and again in another browser."""
        return {
            visit: self.stage.measure([Traveller(self.stage.visitor(key)) for key in keys], self.launch)
            for visit in VISITS
        }

    def crowd(self, key: str) -> Mapping[str, Phase]:
        """One person, so many times at once."""
        crowd = [Traveller(self.stage.visitor(key)) for _ in range(CROWD)]
        return {
            "to the door": self.stage.measure(crowd, self.come_to_the_door),
            "at once": self.stage.measure(crowd, self.go_in),
        }

    def warm_up(self, keys: Sequence[str], *, browsers: int) -> Ran:
        """The first that is asked of a cold tool is one person at once, whom it does not know; then the others."""
        crowd = [keys[0]] * CROWD
        return closed_loop([*crowd, *keys[1:]], self._visit, browsers=browsers)

    def _visit(self, key: str, watch: Stopwatch) -> None:
        self.launch(Traveller(self.stage.visitor(key)), watch)

    def asked_for_keys(self) -> int:
        return int(self.stage.campus_state()["requests"].get(JWKS, {"requests": 0})["requests"])


def rows(bench: Bench) -> Iterator[Row | Check]:
    """A few people to one, then to the next, and so on."""
    size = bench.size
    with ExitStack() as opened:
        parties = _parties(bench, opened)
        for party in parties:
            bench.say(f"{party.name}: warming up")
            warm = party.warm_up(size.warmers, browsers=size.browsers)
            if party.is_ours:
                yield _nobody_refused(party, warm)
        before = [party.asked_for_keys() for party in parties]
        for turn in range(size.rounds):
            bench.say(f"All of them by turns: round {turn + 1} of {size.rounds}")
            _take_round(parties, size.learners(size.launches, turn), turn)
        for party, asked in zip(parties, before, strict=True):
            party.keys_fetched = party.asked_for_keys() - asked
    for party in parties:
        yield from _told(party)
    by_name = {party.name: party for party in parties}
    for mine, other, most in ((OURS, PLAIN, MOST_OF_PLAIN), (OURS, LTIJS, MOST_OF_LTIJS)):
        if other in by_name:
            yield from compared(by_name[mine], by_name[other], None if size.is_quick else most)
    for other in (PLAIN, LTIJS):
        if OURS_ON_POSTGRES in by_name and other in by_name:
            yield from compared(by_name[OURS_ON_POSTGRES], by_name[other], None)


def _take_round(parties: Sequence[Party], keys: Sequence[str], turn: int) -> None:
    rounds = take_round_together([party.play for party in parties], keys, turn=turn)
    for party, taken in zip(parties, rounds, strict=True):
        party.rounds.append(replace(taken, phases={**taken.phases, **party.crowd(keys[0])}))


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
    launches = sum(turn.phases[phase].done for turn in rounds for phase in (*VISITS, "at once"))
    fetched = f"keys fetched {party.keys_fetched} times in {launches} launches"
    for visit in VISITS:
        note = f"{failed.found}; {fetched}; " if visit == FIRST else ""
        yield summary(
            f"{name}, {visit}: login and launch",
            *(rounds, visit, "login", "launch"),
            note=note + who_worked(rounds, visit),
        )
        if party.stage.database_pid:
            yield summary(f"{name}, {visit}: its database, apart", rounds, visit, part=lambda spent: spent.database)
    if party.is_ours:
        yield failed
        yield Check(
            what=f"{name}: no launch fetches keys once they are known", has_passed=not party.keys_fetched, found=fetched
        )


def compared(mine: Party, other: Party, most: float | None) -> Iterator[Row | Check]:
    """Within each round. The promise is about first visits, where there is most to write down."""
    for visit in VISITS:
        found = ratios(works(mine.rounds, visit), works(other.rounds, visit))
        if not found:
            continue
        what, limit = f"{mine.name} / {other.name}, {visit}", most if visit == FIRST else None
        spread = f"median of {len(found)} rounds, {min(found):.2f} to {max(found):.2f}"
        yield Row(what=what, work=median(found), note=spread + (f"; at most {limit}" if limit else ""))
        if limit:
            yield Check(
                what=f"{what}: at most {limit}",
                has_passed=median(found) <= limit,
                found=f"{median(found):.2f}, {spread}",
            )
