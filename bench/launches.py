"""Launches: learners arrive from the campus, each in a browser of their own; the home page apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bench.bench import Bench
from bench.browsers import PlainBrowser, Stopwatch, closed_loop, gone_to
from bench.rounds import Round, nothing_failed, summary, take_round, who_worked
from bench.servers import Phase, Stage
from bench.table import Check, Row
from campus.testing import Answer, FormPost, Visitor

PLACEMENT = "mentoring"
"""The link in the course page that leads to the home page."""
CAMPUS_PAGES = ("pages.start", "oidc.auth")


@dataclass
class Traveller:
    """A learner at a browser, on the way from the campus into the tool."""

    visitor: Visitor
    initiation: FormPost | None = None
    redirect: str = ""
    form: FormPost | None = None
    home: str = ""

    @property
    def browser(self) -> PlainBrowser:
        assert isinstance(self.visitor.browser, PlainBrowser)
        return self.visitor.browser

    def leave(self, watch: Stopwatch, placement: str = PLACEMENT) -> None:
        with watch.leg("campus"):
            self.initiation = self.visitor.start(placement)

    def log_in(self, watch: Stopwatch) -> None:
        assert self.initiation is not None
        with watch.leg("login"):
            answer = self.initiation.sent_by(self.browser)
        self.redirect = gone_to(answer)

    def be_vouched_for(self, watch: Stopwatch) -> None:
        with watch.leg("campus"):
            self.form = self.visitor.authorize(self.redirect)

    def arrive(self, watch: Stopwatch) -> None:
        assert self.form is not None
        with watch.leg("launch"):
            answer = self.form.sent_by(self.browser)
        self.home = gone_to(answer)

    def travel(self, watch: Stopwatch, placement: str = PLACEMENT) -> None:
        self.leave(watch, placement)
        self.log_in(watch)
        self.be_vouched_for(watch)
        self.arrive(watch)

    def look_around(self, watch: Stopwatch) -> Answer:
        with watch.leg("page"):
            answer = self.browser.send("GET", self.home)
        assert answer.status == 200, f"{self.home} answered {answer.status}"
        return answer


def rows(bench: Bench) -> Iterator[Row | Check]:
    """By turns on every database: a round of learners on one, then on the next."""
    size = bench.size
    rounds: dict[str, list[Round]] = {stage.name: [] for stage in bench.stages}
    for stage in bench.stages:
        bench.say(f"Launches on {stage.name}: warming up")
        warm = closed_loop(size.warmers, partial(_visit, stage), browsers=size.browsers)
        yield Check(
            what=f"Launches, {stage.name}: nobody is refused right after a start",
            has_passed=not warm.problems,
            found="; ".join([f"{len(warm.problems)} of {len(size.warmers)} were", *warm.problems[:1]]),
        )
    for turn in range(size.rounds):
        for stage in bench.stages:
            bench.say(f"Launches on {stage.name}: round {turn + 1} of {size.rounds}")
            rounds[stage.name].append(take_round(partial(_play, stage), size.learners(size.launches, turn)))
    for stage in bench.stages:
        yield from _told(stage, rounds[stage.name], size.launches)


def _visit(stage: Stage, key: str, watch: Stopwatch) -> None:
    traveller = Traveller(stage.visitor(key))
    traveller.travel(watch)
    traveller.look_around(watch)


def _play(stage: Stage, keys: Sequence[str]) -> Mapping[str, Phase]:
    """First visits whole, the home page, then visits again with the campus's part done beforehand."""
    first = [Traveller(stage.visitor(key)) for key in keys]
    phases = {"visit": stage.measure(first, Traveller.travel), "home": stage.measure(first, Traveller.look_around)}
    again = [Traveller(stage.visitor(key)) for key in keys]
    phases["start"] = stage.measure(again, Traveller.leave)
    phases["login"] = stage.measure(again, Traveller.log_in)
    phases["sign"] = stage.measure(again, Traveller.be_vouched_for)
    phases["launch"] = stage.measure(again, Traveller.arrive)
    return phases


def _told(stage: Stage, rounds: Sequence[Round], each: int) -> Iterator[Row | Check]:
    on = stage.name
    yield summary(
        f"First visit: login and launch, {on}",
        *(rounds, "visit", "login", "launch"),
        note="the campus's part is in the rate, not in the times; " + who_worked(rounds, "visit"),
    )
    yield summary(
        f"First visit: the campus's part, {on}",
        *(rounds, "visit", "campus"),
        part=lambda spent: spent.campus,
        note=f"two pages, {1000 * _seconds_inside(stage):.1f} ms inside the campus",
    )
    yield summary(f"Visit again: login, {on}", rounds, "login", "login", note=who_worked(rounds, "login"))
    yield summary(
        f"Visit again: launch, {on}",
        *(rounds, "launch", "launch"),
        note="signed beforehand; " + who_worked(rounds, "launch"),
    )
    yield summary(f"Home page of a learner, {on}", rounds, "home", "page", note=who_worked(rounds, "home"))
    wanted = each * len(rounds)
    arrived = [sum(turn.phases[name].done for turn in rounds) for name in ("visit", "home", "launch")]
    yield nothing_failed(f"Launches, {on}: nothing fails", rounds)
    yield Check(
        what=f"Launches, {on}: everybody arrives",
        has_passed=arrived == [wanted] * 3,
        found=f"{wanted} learners: {arrived[0]} first visits, {arrived[1]} home pages, {arrived[2]} visits again",
    )


def _seconds_inside(stage: Stage) -> float:
    """What the campus itself counts for its two pages of one launch."""
    asked = stage.campus_state()["requests"]
    return float(sum(asked[page]["seconds"] / asked[page]["requests"] for page in CAMPUS_PAGES))
