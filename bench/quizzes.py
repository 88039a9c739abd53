"""Quizzes: a class starts, reads, hands in and sees its result; then every grade and statement is counted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from bench import counting
from bench.bench import Bench
from bench.browsers import Stopwatch, gone_to
from bench.figures import work
from bench.forms import QuizForm
from bench.launches import Traveller
from bench.processes import Spent
from bench.rounds import Round, nothing_failed, summary, take_round, who_worked
from bench.servers import Phase, Stage
from bench.table import Check, Row
from campus.testing import Answer

LONGEST_DRAIN = 120.0
PAUSE = 0.25


@dataclass
class Learner:
    """One learner's way through one attempt."""

    traveller: Traveller
    page: Answer | None = None
    form: QuizForm | None = None
    attempt: str = ""
    handed_in: float = 0.0
    """When the answer to it came, in seconds since the epoch."""

    def arrive(self, watch: Stopwatch) -> None:
        self.traveller.travel(watch, "quiz")

    def read_quiz(self, watch: Stopwatch) -> None:
        self.page = self.traveller.look_around(watch)

    def start(self, watch: Stopwatch) -> None:
        assert self.form is not None
        with watch.leg("post"):
            answer = self.traveller.browser.send("POST", self.form.url, self.form.hidden)
        self.attempt = gone_to(answer)

    def read(self, watch: Stopwatch) -> None:
        """The attempt's page: its questions before, its result afterwards."""
        with watch.leg("page"):
            self.page = self.traveller.browser.send("GET", self.attempt)
        assert self.page.status == 200, f"{self.attempt} answered {self.page.status}"

    def hand_in(self, watch: Stopwatch) -> None:
        assert self.form is not None
        with watch.leg("post"):
            answer = self.traveller.browser.send("POST", self.form.url, self.form.first_choices())
        self.handed_in = time.time()
        assert gone_to(answer) == self.attempt, f"Handing in led to {answer.goes_to}"

    def parse(self, form_id: str | None = None) -> None:
        """Apart from what is timed: it takes the browsers longer than the tool."""
        assert self.page is not None
        self.form = QuizForm(self.page, form_id)


@dataclass(frozen=True)
class Drained:
    """How the grades of one round came to the gradebook."""

    seconds: float
    """From the last answer to a learner to the arrival of the last grade."""
    cpu_ms: float
    """Of the delivery loop, for each grade."""


@dataclass
class Class:
    """Everybody who takes the quiz on one stage."""

    stage: Stage
    handed_in: list[str] = field(default_factory=list)
    """The campus's keys of those who did."""
    rounds: list[Round] = field(default_factory=list)
    drained: list[Drained] = field(default_factory=list)
    """One for each round."""

    def play(self, keys: Sequence[str]) -> Mapping[str, Phase]:
        measure = self.stage.measure
        learners = [Learner(Traveller(self.stage.visitor(key))) for key in keys]
        phases = {"arrive": measure(learners, Learner.arrive), "quiz": measure(learners, Learner.read_quiz)}
        _parse(learners)
        phases["start"] = measure(learners, Learner.start)
        phases["attempt"] = measure(learners, Learner.read)
        _parse(learners, "answers")
        before = self.stage.spent()
        phases["hand in"] = measure(learners, Learner.hand_in)
        self.handed_in += [key for key, learner in zip(keys, learners, strict=True) if learner.handed_in]
        self._drain(learners, before)
        phases["result"] = measure(learners, Learner.read)
        return phases

    def _drain(self, learners: Sequence[Learner], before: Spent) -> None:
        """Wait until the campus has a grade of everybody; whether it has the right ones is counted at the end."""
        deadline = time.monotonic() + LONGEST_DRAIN
        while len(cells := self.stage.campus_state()["gradebook"]) < len(self.handed_in):
            if time.monotonic() > deadline:
                break
            time.sleep(PAUSE)
        last = max(learner.handed_in for learner in learners)
        arrived = max((datetime.fromisoformat(cell["arrived"]).timestamp() for cell in cells), default=last)
        delivery = (self.stage.spent() - before).delivery
        self.drained.append(Drained(max(0.0, arrived - last), 1000 * delivery / len(learners)))


def _parse(learners: Sequence[Learner], form_id: str | None = None) -> None:
    for learner in learners:
        if learner.page is not None:
            learner.parse(form_id)


def rows(bench: Bench) -> Iterator[Row | Check]:
    size = bench.size
    classes = [Class(stage) for stage in bench.stages]
    for each in classes:
        bench.say(f"Quizzes on {each.stage.name}: warming up")
        each.play(size.warmers)
        each.drained.clear()
    for turn in range(size.rounds):
        keys = size.learners(size.attempts, turn)
        for each in classes:
            bench.say(f"Quizzes on {each.stage.name}: round {turn + 1} of {size.rounds}")
            each.rounds.append(take_round(each.play, keys))
    for each in classes:
        yield from _told(each)
        yield from counting.checks(each.stage, each.handed_in, wanted=size.attempts * size.rounds + len(size.warmers))


def _told(each: Class) -> Iterator[Row | Check]:
    on, rounds = each.stage.name, each.rounds
    yield summary(f"Login and launch into the quiz, {on}", rounds, "arrive", "login", "launch")
    yield summary(f"Page before the quiz, {on}", rounds, "quiz", "page")
    yield summary(f"Start an attempt, {on}", rounds, "start", "post", note=who_worked(rounds, "start"))
    yield summary(f"Page of {counting.QUESTIONS} questions, {on}", rounds, "attempt", "page")
    yield summary(
        f"Hand in {counting.QUESTIONS} answers, {on}", rounds, "hand in", "post", note=who_worked(rounds, "hand in")
    )
    yield summary(f"Page of the result, {on}", rounds, "result", "page")
    yield _grades(each)
    yield nothing_failed(f"Quizzes, {on}: nothing fails", rounds)


def _grades(each: Class) -> Row:
    seconds = [drained.seconds for drained in each.drained]
    costs = [drained.cpu_ms for drained in each.drained]
    works = [work(cost, turn.index) for cost, turn in zip(costs, each.rounds, strict=True)]
    return Row(
        what=f"From the last hand-in to the last grade, {each.stage.name}",
        p50=median(seconds),
        p95=max(seconds),
        cpu_ms=median(costs),
        work=median(works),
        note="the slowest round stands under p95; CPU of the delivery loop for one grade",
    )
