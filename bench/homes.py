"""Home pages in the middle of a term: a class of a hundred, everybody with a mentor or mentees, the quiz taken.

Each visitor launches and then opens the page they are led to; only the page is measured. All of them open it at the
same time, as classes do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import cycle, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench.bench import Bench
from bench.browsers import PlainBrowser, closed_loop
from bench.launches import Traveller
from bench.rounds import Round, nothing_failed, summary, take_round, who_worked
from bench.servers import Phase, Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from campus.testing import launch
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment, Role
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from quizzes import closing, offering, starting
from quizzes.drawing import SEED_BYTES

MOST = 40
"""CPU ms that a home page may take."""
PEOPLE, EXTRAS = 100, 64
"""Beside the campus's own thirty-six."""
MENTORS, PLACES = 12, 5
TEACHER = "ines"
LONGEST_DRAIN = 120.0


@dataclass
class Class:
    """The class on one stage."""

    stage: Stage
    rounds: list[Round] = field(default_factory=list)

    def play(self, each: int, _keys: Sequence[str]) -> Mapping[str, Phase]:
        return {who: self._visit(list(islice(cycle(keys), each))) for who, keys in VISITORS.items()}

    def _visit(self, keys: Sequence[str]) -> Phase:
        travellers = [Traveller(self.stage.visitor(key)) for key in keys]
        closed_loop(travellers, Traveller.travel, browsers=self.stage.browsers)
        return self.stage.measure([each for each in travellers if each.home], Traveller.look_around)


VISITORS = {
    "a learner": [f"extra{number}" for number in range(MENTORS + 1, EXTRAS + 1)],
    "a mentor": [f"extra{number}" for number in range(1, MENTORS + 1)],
    "an instructor": [TEACHER, "tariq"],
}


def rows(bench: Bench) -> Iterator[Row | Check]:
    size = bench.size
    with ExitStack() as opened:
        classes = [Class(stage) for stage in _stages(bench, opened)]
        for each in classes:
            bench.say(f"Home pages on {each.stage.name}: pairs and quiz results of {PEOPLE} people")
            yield from set_scene(each.stage)
            each.play(size.browsers, ())
        for turn in range(size.rounds):
            for each in classes:
                bench.say(f"Home pages on {each.stage.name}: round {turn + 1} of {size.rounds}")
                each.rounds.append(take_round(partial(each.play, size.launches // 4), ()))
        for each in classes:
            yield from _told(each, None if size.is_quick else MOST)


def _stages(bench: Bench, opened: ExitStack) -> Iterator[Stage]:
    setup = Setup(people=EXTRAS, browsers=bench.size.browsers, workers=1, page_size=PEOPLE)
    yield opened.enter_context(sqlite_stage(setup))
    if server := bench.scratch_postgres(opened):
        yield opened.enter_context(postgres_stage(server, replace(setup, workers=2)))


def _told(each: Class, most: float | None) -> Iterator[Row | Check]:
    on, rounds = each.stage.name, each.rounds
    for who in VISITORS:
        row = summary(f"Home page of {who}, {on}", rounds, who, "page", note=who_worked(rounds, who))
        yield row
        if most:
            what = f"Home page of {who}, {on}: at most {most} CPU ms"
            yield Check(what=what, has_passed=(row.cpu_ms or most + 1) <= most, found=f"{row.cpu_ms or 0:.1f}")
    yield nothing_failed(f"Home pages, {on}: nothing fails", rounds)


def set_scene(stage: Stage) -> Iterator[Check]:
    """Everybody is there, has a mentor or mentees and has handed in the quiz; the grades have arrived."""
    for placement in ("mentoring", "quiz"):
        launched = launch(stage.visitor(TEACHER), placement, PlainBrowser())
        assert launched.answer.status == 303, launched.answer.text
    stage.flask("roster", "refresh")
    app = create_app(Config.from_env(stage.env), (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        people = {each.person.name: each for each in db.session.scalars(select(Enrolment).join(Enrolment.person))}
        with transaction() as session:
            _pair(session, people)
            handed_in = _take_quiz(session, people)
        yield Check(
            what=f"Home pages, {stage.name}: a class of {PEOPLE}",
            has_passed=len(people) == PEOPLE,
            found=str(len(people)),
        )
        db.engine.dispose()
    _drain(stage, handed_in)


def _extra(people: Mapping[str, Enrolment], number: int) -> Enrolment:
    return people[f"Extra Learner {number:04}"]


def _pair(session: Session, people: Mapping[str, Enrolment]) -> None:
    at = clock.now() - timedelta(days=12)
    cohort = ensure(session, session.scalars(select(Course)).one(), at=at)
    mentors = [_extra(people, number) for number in range(1, MENTORS + 1)]
    mentees = [_extra(people, number) for number in range(MENTORS + 1, EXTRAS + 1)]
    assert offer(session, cohort, [Offering(mentor, PLACES) for mentor in mentors], at=at) == []
    kind = cohort.version.kinds[0]
    pairs = [Pair(mentee, mentor, kind) for mentee, mentor in zip(mentees, cycle(mentors), strict=False)]
    teacher = next(each for each in people.values() if each.role == Role.INSTRUCTOR)
    assert assign(session, cohort, pairs, by=teacher, at=at).refused == []


def _take_quiz(session: Session, people: Mapping[str, Enrolment]) -> int:
    """How many have handed in: all the extra learners, each with a score of their own."""
    at = clock.now() - timedelta(minutes=40)
    quiz = offering.offer(session, session.scalars(select(Course)).one(), at=at)
    for number in range(1, EXTRAS + 1):
        seed = number.to_bytes(SEED_BYTES, "big")
        attempt = starting.start(session, quiz, _extra(people, number), seed=seed, at=at)
        right = {answer.place: answer.version.right_answer for answer in attempt.answers if answer.place <= number % 21}
        closing.hand_in(session, attempt, right, at=at + timedelta(minutes=14))
    return EXTRAS


def _drain(stage: Stage, wanted: int) -> None:
    """Until nothing is on its way any more, so that the pages have the machine for themselves."""
    deadline = time.monotonic() + LONGEST_DRAIN
    while len(stage.campus_state()["gradebook"]) < wanted and time.monotonic() < deadline:
        time.sleep(0.25)
