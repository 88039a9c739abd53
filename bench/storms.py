"""Storms on a quiz: a whole course starts at once, and then answers all the time.

Learners are written straight into the database, each with a visit of their own: how they launch is measured elsewhere.
Rates are kept whether or not the tool keeps up, and times count from the moment at which somebody wanted something.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from urllib.parse import urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench.bench import Bench
from bench.browsers import Act, Item, KeepingBrowser, Stopwatch, gone_to, open_loop
from bench.figures import duration, number, percentile
from bench.launches import Traveller
from bench.rounds import shares
from bench.servers import SECRET, Phase, Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.arrivals.sessions import BrowserSession, Visit, hashed
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment, Person, Role
from quizzes import offering
from quizzes.kinds import CHOSEN
from quizzes.models import Answer, Attempt
from tools.postgres import DURABLE

BROWSERS = 64
SETUP = Setup(people=1, browsers=BROWSERS, workers=2, threads=4)
ON_DISK = "PostgreSQL with every commit on the disk"
CSRF = "0" * 40


@dataclass(frozen=True)
class Weather:
    """How much of everything."""

    first: int = 20
    """Starts one after the other, before anything is measured: a process's own first one takes 190 CPU ms, in which it
    puts its statements together."""
    steady: int = 1000
    """Starts at a steady rate."""
    at_once: int = 1000
    seconds: int = 60
    """That answers come in at their highest rate; a sixth of that at the lower one."""
    is_measured: bool = True
    """Whether the figures are held against the promises."""

    @property
    def learners(self) -> int:
        return self.first + self.steady + self.at_once


FAIR, QUICK = Weather(), Weather(first=2, steady=10, at_once=20, seconds=1, is_measured=False)
STARTS, ANSWERS, MOST_ANSWERS = 100.0, 200.0, 500.0
"""A second."""


@dataclass
class Learner:
    """One of the course, at a browser of their own."""

    browser: KeepingBrowser
    quiz: str
    token: str
    attempt: str = ""
    options: Sequence[str] = ()
    """The first of each question."""
    seq: int = 0
    kept: dict[int, int] = field(default_factory=dict)
    """By question the number of the answer that was told to be kept last."""

    def start(self, watch: Stopwatch) -> None:
        answer = self.browser.send("POST", f"{self.quiz}/attempts", {"csrf_token": self.token})
        self.attempt = gone_to(answer)

    def answer(self, watch: Stopwatch) -> None:
        self.seq += 1
        place, seq = self.seq % len(self.options) + 1, self.seq
        batch = json.dumps({"answers": [[place, seq, {CHOSEN: [self.options[place - 1]]}]]})
        said = self.browser.send("POST", f"{self.attempt}/batch", {"csrf_token": self.token, "batch": batch})
        assert said.status == 200, f"An answer was told {said.status}: {said.text[:200]}"
        self.kept[place] = max(seq, self.kept.get(place, 0))


@dataclass
class Storm:
    stage: Stage
    weather: Weather
    app: Flask
    learners: Sequence[Learner]

    def blow(self, items: Sequence[Item], act: Act[Item], rate: float | None) -> Phase:
        before = self.stage.spent()
        ran = open_loop(items, act, rate=rate, browsers=min(BROWSERS, len(items)))
        return Phase(ran, self.stage.spent() - before)


def rows(bench: Bench) -> Iterator[Row | Check]:
    weather = QUICK if bench.size.is_quick else FAIR
    with ExitStack() as opened:
        for stage in _stages(bench, opened):
            bench.say(f"Storms on {stage.name}: {weather.learners} learners are written")
            yield from _told(bench, _gathered(stage, weather))


def durable_rows(bench: Bench) -> Iterator[Row | Check]:
    """The same on a PostgreSQL that tells nobody of a commit before it is on the disk."""
    weather = QUICK if bench.size.is_quick else FAIR
    with ExitStack() as opened:
        if server := bench.scratch_postgres(opened, DURABLE):
            stage = opened.enter_context(postgres_stage(server, SETUP, ON_DISK))
            bench.say(f"Storms on {stage.name}: {weather.learners} learners are written")
            yield from _told(bench, _gathered(stage, weather))


def _stages(bench: Bench, opened: ExitStack) -> Iterator[Stage]:
    yield opened.enter_context(sqlite_stage(SETUP))
    if server := bench.scratch_postgres(opened):
        yield opened.enter_context(postgres_stage(server, SETUP))


def _gathered(stage: Stage, weather: Weather) -> Storm:
    """Everybody in the course with a visit of their own, as if they had just launched."""
    traveller = Traveller(stage.visitor("extra1"))
    traveller.travel(Stopwatch(), "quiz")
    app = create_app(Config.from_env(stage.env), (mentoring, quizzes, reviews, xapi))
    with app.app_context(), transaction() as session:
        course = session.scalars(select(Course)).one()
        # The campus knows none of those who are written here: its roster would take the course away from them.
        course.roster_url = None
        quiz = offering.offer(session, course, at=clock.now())
        cookies = _enrolled(session, course, weather.learners)
        there = f"{stage.tool}/courses/{course.public_id}/quizzes/{quiz.public_id}"
    signed = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(CSRF)
    return Storm(stage, weather, app, [_learner(stage, cookie, there, signed) for cookie in cookies])


def _enrolled(session: Session, course: Course, count: int) -> list[str]:
    at, cookies = clock.now(), []
    for n in range(count):
        person = Person(platform_id=course.platform.id, subject=f"storm{n}", name=f"Storm {n}", created=at)
        session.add(person)
        session.flush()
        # No roster knows them: whoever has just launched stays all the same.
        seat = {"role": Role.LEARNER, "number": course.next_number + n, "last_launch": at, "created": at}
        learner = Enrolment(course_id=course.id, person_id=person.id, **seat)
        cookie = f"storm-{n:06}-{'x' * 24}"
        expires = at + timedelta(hours=6)
        visit = BrowserSession(key=hashed(cookie), person_id=person.id, data={"csrf_token": CSRF}, expires=expires)
        session.add_all([learner, visit])
        session.flush()
        session.add(Visit(session_id=visit.id, enrolment_id=learner.id))
        cookies.append(cookie)
    course.next_number += count
    return cookies


def _learner(stage: Stage, cookie: str, quiz: str, token: str) -> Learner:
    browser = KeepingBrowser()
    browser.be_given(urlsplit(stage.tool).netloc, {"mentoring": cookie})
    return Learner(browser, quiz, token)


def _told(bench: Bench, storm: Storm) -> Iterator[Row | Check]:
    on, weather = storm.stage.name, storm.weather
    first, later = storm.learners[: weather.first], storm.learners[weather.first :]
    steady, rest = later[: weather.steady], later[weather.steady :]
    storm.blow(first, Learner.start, 10.0)

    bench.say(f"Storms on {on}: {len(steady)} starts, {STARTS:.0f} a second")
    phase = storm.blow(steady, Learner.start, STARTS)
    yield from _held("Starts at a steady rate", on, phase, {99: 0.15} if weather.is_measured else {})

    bench.say(f"Storms on {on}: {len(rest)} starts at once")
    phase = storm.blow(rest, Learner.start, None)
    # One writer at a time: the promise of all at once is PostgreSQL's.
    is_promised = weather.is_measured and on.startswith("PostgreSQL")
    yield from _held("Starts all at once", on, phase, {95: 2.0, 100: 3.0} if is_promised else {})

    _read_options(storm)
    for what, rate, seconds, most in (
        ("Answers at a steady rate", ANSWERS, weather.seconds / 6, {95: 0.25}),
        ("Answers at their highest rate", MOST_ANSWERS, weather.seconds, {}),
    ):
        count = max(10, int(rate * seconds))
        bench.say(f"Storms on {on}: {count} answers, {rate:.0f} a second")
        # Whose start failed is told above, and has nothing to answer.
        turns = list(islice(cycle([learner for learner in storm.learners if learner.options]), count))
        phase = storm.blow(turns, Learner.answer, rate)
        yield from _held(what, on, phase, most if weather.is_measured else {})
        if weather.is_measured:
            reached = phase.done / phase.ran.seconds
            yield Check(what=f"{what}, {on}: kept up", has_passed=reached >= 0.98 * rate, found=f"{number(reached)}/s")
    yield _all_there(storm)


def _held(what: str, on: str, phase: Phase, promised: Mapping[int, float]) -> Iterator[Row | Check]:
    times = phase.seconds("due")
    if times:
        yield Row(
            what=f"{what}, {on}",
            rate=phase.done / phase.ran.seconds,
            p50=percentile(times, 50),
            p95=percentile(times, 95),
            cpu_ms=1000 * phase.spent.web / phase.done,
            note=f"p99 {duration(percentile(times, 99))}, the last {duration(max(times))}; {shares([phase])}",
        )
    problems = phase.ran.problems
    first = f", first: {problems[0]}" if problems else ""
    yield Check(
        what=f"{what}, {on}: nothing fails",
        has_passed=not problems,
        found=f"{len(problems)} of {phase.done + len(problems)} failed{first}",
    )
    for percent, most in promised.items():
        found = percentile(times, percent) if times else float("inf")
        yield Check(
            what=f"{what}, {on}: {percent} % within {duration(most)}", has_passed=found <= most, found=duration(found)
        )


def _read_options(storm: Storm) -> None:
    """What a page would have shown each of them."""
    with storm.app.app_context():
        found: dict[str, list[str]] = {}
        rows = db.session.scalars(select(Answer).join(Answer.attempt).order_by(Answer.attempt_id, Answer.place))
        for answer in rows:
            found.setdefault(answer.attempt.public_id, []).append(answer.options[0].id)
        db.session.rollback()
    for learner in storm.learners:
        learner.options = found.get(learner.attempt.rpartition("/")[2], ())
        learner.attempt = f"{storm.stage.tool}{urlsplit(learner.attempt).path}"


def _all_there(storm: Storm) -> Check:
    with storm.app.app_context():
        wanted = select(Attempt.public_id, Answer.place, Answer.seq).join(Answer.attempt)
        stored = {(attempt, place): seq for attempt, place, seq in db.session.execute(wanted)}
        db.session.rollback()
        db.engine.dispose()
    told = {
        (learner.attempt.rpartition("/")[2], place): seq
        for learner in storm.learners
        for place, seq in learner.kept.items()
    }
    lost = sum(stored[key] < seq for key, seq in told.items())
    return Check(
        what=f"Storms, {storm.stage.name}: every answer that was told to be kept is there",
        has_passed=not lost,
        found=f"{lost} of {len(told)} lost",
    )
