"""The pairing board and a draft of pairs for three hundred mentees, opened by the instructor who then publishes it.

Everybody has said what they offer and need, so that there are reasons to tell for every pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from random import Random
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench.bench import Bench
from bench.browsers import Stopwatch, gone_to
from bench.figures import number
from bench.forms import QuizForm
from bench.launches import Traveller
from bench.rounds import Round, nothing_failed, summary, take_round, who_worked
from bench.servers import Phase, Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment, Role
from mentoring.pairing.runs.beginning import begin
from mentoring.participants.joining import join
from mentoring.participants.models import MenteeNeed, MentorOffer, Participant
from mentoring.programs.models import Cohort
from mentoring.programs.starting import ensure

MOST = 0.3
"""Seconds that a page may take."""
LONGEST_PUBLISHING = 5.0
"""Seconds: what takes longer is no work for a page."""
MENTEES, MENTORS, PLACES = 300, 110, 3
TEACHER = "ines"
LOOKS = 10
SKILLS = [f"Skill {number}" for number in range(12)]
TOPICS = [f"Goal {number}" for number in range(6)]
LANGUAGES = ["de", "en", "es", "fr"]


@dataclass
class Desk:
    """The instructor of one stage, with the pages they work on."""

    stage: Stage
    teacher: Traveller
    pages: dict[str, str]
    rounds: list[Round] = field(default_factory=list)
    last: list[Round] = field(default_factory=list)
    """Of publishing, which can be done once."""

    def play(self, _keys: Sequence[str]) -> dict[str, Phase]:
        return {name: self.stage.measure([url] * LOOKS, self._look) for name, url in self.pages.items()}

    def publish(self, _keys: Sequence[str]) -> dict[str, Phase]:
        return {"publish": self.stage.measure([self.pages["draft"]], self._publish)}

    def _publish(self, url: str, watch: Stopwatch) -> None:
        form = QuizForm(self.teacher.browser.send("GET", url), to="/publish")
        with watch.leg("page"):
            gone_to(self.teacher.browser.send("POST", form.url, form.hidden))

    def _look(self, url: str, watch: Stopwatch) -> None:
        with watch.leg("page"):
            answer = self.teacher.browser.send("GET", url)
        assert answer.status == 200, f"{url} answered {answer.status}"


def rows(bench: Bench) -> Iterator[Row | Check]:
    with ExitStack() as opened:
        desks = []
        for stage in _stages(bench, opened):
            bench.say(f"Boards on {stage.name}: what {MENTEES} mentees need and {MENTORS} mentors offer")
            desks.append(_desk(stage))
        for turn in range(bench.size.rounds):
            for each in desks:
                bench.say(f"Boards on {each.stage.name}: round {turn + 1} of {bench.size.rounds}")
                each.rounds.append(take_round(each.play, ()))
        for each in desks:
            bench.say(f"Boards on {each.stage.name}: publishing")
            each.last.append(take_round(each.publish, ()))
        for each in desks:
            yield from _told(each, None if bench.size.is_quick else MOST)


def _stages(bench: Bench, opened: ExitStack) -> Iterator[Stage]:
    # One browser: an instructor looks at one page after the other.
    setup = Setup(people=MENTEES + MENTORS, browsers=1, workers=1, page_size=500)
    yield opened.enter_context(sqlite_stage(setup))
    if server := bench.scratch_postgres(opened):
        yield opened.enter_context(postgres_stage(server, replace(setup, workers=2)))


def _desk(stage: Stage) -> Desk:
    teacher = Traveller(stage.visitor(TEACHER))
    teacher.travel(Stopwatch())
    stage.flask("roster", "refresh")
    app = create_app(Config.from_env(stage.env), (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        with transaction() as session:
            course = session.scalars(select(Course)).one()
            cohort = ensure(session, course, at=clock.now())
            _say(session, cohort)
        with transaction() as session:
            run = begin(session, cohort, by=None, at=clock.now(), seed=1)
            base = f"{stage.tool}/courses/{course.public_id}/mentoring/pairing"
            draft = f"{base}/runs/{run.public_id}"
        someone = db.session.scalars(select(Participant.public_id).where(Participant.as_mentee).limit(1)).one()
        db.engine.dispose()
    pages = {"board": base, "draft": draft, "whole draft": f"{draft}?all=1", "person": f"{draft}/people/{someone}"}
    return Desk(stage, teacher, pages)


def _say(session: Session, cohort: Cohort) -> None:
    """Everybody extra offers or needs something, drawn from a seed."""
    random, at = Random(7), clock.now()
    people = session.scalars(
        select(Enrolment)
        .join(Enrolment.person)
        .where(Enrolment.course_id == cohort.course.id, Enrolment.role == Role.LEARNER)
        .order_by(Enrolment.id)
    ).all()
    extras = [each for each in people if each.person.name.startswith("Extra")]
    join(session, cohort, extras, at=at)
    ours = {each.enrolment_id: each for each in session.scalars(select(Participant))}
    for place, person in enumerate(extras):
        participant = ours[person.id]
        participant.languages = random.sample(LANGUAGES, random.choice((1, 2)))
        said = {"skills": random.sample(SKILLS, 3), "topics": random.sample(TOPICS, 2), "created": at, "changed": at}
        if place < MENTORS:
            participant.as_mentor, participant.offer = True, MentorOffer(capacity=PLACES, **said)
        else:
            participant.as_mentee, participant.need = True, MenteeNeed(**said)


def _told(desk: Desk, most: float | None) -> Iterator[Row | Check]:
    on = desk.stage.name
    for name in desk.pages:
        yield summary(
            f"Pairing, {name}: {MENTEES} mentees, {on}", desk.rounds, name, "page", note=who_worked(desk.rounds, name)
        )
        if most:
            seconds = median([each for turn in desk.rounds for each in turn.phases[name].seconds("page")])
            yield Check(
                what=f"Pairing, {name}, {on}: within {1000 * most:.0f} ms",
                has_passed=seconds <= most,
                found=f"{number(1000 * seconds)} ms",
            )
    yield summary(f"Pairing, publishing {MENTEES} pairs, {on}", desk.last, "publish", "page", note="once")
    if most:
        [seconds] = desk.last[0].phases["publish"].seconds("page") or [LONGEST_PUBLISHING]
        yield Check(
            what=f"Pairing, publishing, {on}: within {LONGEST_PUBLISHING:.0f} s",
            has_passed=seconds < LONGEST_PUBLISHING,
            found=f"{number(seconds)} s",
        )
    yield nothing_failed(f"Pairing, {on}: nothing fails", [*desk.rounds, *desk.last])
