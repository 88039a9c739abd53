"""The list of who has not answered in a campaign about three thousand people, with six asked about each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import median

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench import servers
from bench.bench import Bench
from bench.browsers import Stopwatch
from bench.figures import number
from bench.launches import Traveller
from bench.rounds import Round, nothing_failed, summary, take_round, who_worked
from bench.servers import Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, table, transaction
from lti_tool.models import Course, Enrolment, Person, Role
from reviews.campaigns import making
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import EXTERNAL, PEER, CampaignKind
from reviews.instruments import versions
from reviews.instruments.ready_made import ready_made

MOST = 0.15
"""Seconds that the page may take."""
PEOPLE, PEERS = 3_000, 5
LOOKS = 20
TEACHER, LEG = "ines", "page"


@dataclass
class _List:
    stage: Stage
    teacher: Traveller
    url: str
    rounds: list[Round] = field(default_factory=list)

    def play(self, _keys: Sequence[str]) -> dict[str, servers.Phase]:
        return {LEG: self.stage.measure([self.teacher] * LOOKS, self._look)}

    def _look(self, traveller: Traveller, watch: Stopwatch) -> None:
        with watch.leg(LEG):
            answer = traveller.browser.send("GET", self.url)
        assert answer.status == 200, f"{self.url} answered {answer.status}"


def rows(bench: Bench) -> Iterator[Row | Check]:
    people = PEOPLE // 30 if bench.size.is_quick else PEOPLE
    with ExitStack() as opened:
        found = []
        for stage in _stages(bench, opened):
            bench.say(f"Who has not answered, on {stage.name}: {people} people are asked about")
            found.append(_asked(stage, people))
        for turn in range(bench.size.rounds):
            for each in found:
                bench.say(f"Who has not answered, on {each.stage.name}: round {turn + 1} of {bench.size.rounds}")
                each.rounds.append(take_round(each.play, ()))
        for each in found:
            yield from _told(each, people * (PEERS + 1), None if bench.size.is_quick else MOST)


def _stages(bench: Bench, opened: ExitStack) -> Iterator[Stage]:
    setup = Setup(people=2, browsers=1, workers=1)
    yield opened.enter_context(sqlite_stage(setup))
    if server := bench.scratch_postgres(opened):
        yield opened.enter_context(postgres_stage(server, replace(setup, workers=2)))


def _asked(stage: Stage, people: int) -> _List:
    teacher = Traveller(stage.visitor(TEACHER))
    teacher.travel(Stopwatch())
    app = create_app(Config.from_env(stage.env), (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        with transaction() as session:
            campaign = _campaign(session, people)
            course, public_id = campaign.course.public_id, campaign.public_id
        db.engine.dispose()
    return _List(stage, teacher, f"{stage.tool}/courses/{course}/reviews/campaigns/{public_id}/reminders")


def _campaign(session: Session, people: int) -> Campaign:
    """Everybody is asked about five others, and somebody outside about everybody; a fifth of it is answered."""
    now, course = clock.now(), session.scalars(select(Course)).one()
    version = versions.take_over(session, course, ready_made()["mentoring_competencies"], at=now).newest
    design = Design(kind=CampaignKind.REVIEW, title="Spring round", version=version, closes=now + timedelta(days=14))
    campaign = making.make(session, course, design, by=None, at=now)
    session.flush()
    campaign.phase, campaign.started = Phase.COLLECTING, now
    enrolled = _joined(session, course, people)
    session.execute(
        insert(table(Target)),
        [{"campaign_id": campaign.id, "key": f"person:{each}", "enrolment_id": each} for each in enrolled],
    )
    targets = session.scalars(select(Target.id).where(Target.campaign_id == campaign.id).order_by(Target.id)).all()
    peer, outside = campaign.group(PEER).id, campaign.group(EXTERNAL).id
    told = {"invited": now, "reminded": now - timedelta(days=2)}
    states = (AssignmentState.SUBMITTED, *[AssignmentState.INVITED] * 3, AssignmentState.STARTED)
    session.execute(
        insert(table(Assignment)),
        [
            {
                "target_id": target,
                "group_id": peer if step else outside,
                "rater_id": enrolled[(place + step) % people] if step else None,
                "name": "" if step else f"Client {place}",
                "mail": None if step else f"client{place}@firm.example",
                "state": states[(place + step) % len(states)],
                **told,
            }
            for place, target in enumerate(targets)
            for step in range(PEERS + 1)
        ],
    )
    return campaign


def _joined(session: Session, course: Course, people: int) -> Sequence[int]:
    platform, now = course.deployment.platform_id, clock.now()
    session.execute(
        insert(table(Person)),
        [
            {"platform_id": platform, "subject": f"bench-{n}", "name": f"Learner {n:05}", "created": now}
            for n in range(people)
        ],
    )
    persons = session.scalars(select(Person.id).where(Person.subject.startswith("bench-")).order_by(Person.id)).all()
    first = 1 + (session.scalar(select(func.max(Enrolment.number)).where(Enrolment.course_id == course.id)) or 0)
    session.execute(
        insert(table(Enrolment)),
        [
            {
                "course_id": course.id,
                "person_id": each,
                "role": Role.LEARNER,
                "number": number,
                "created": now,
            }
            for number, each in enumerate(persons, start=first)
        ],
    )
    wanted = select(Enrolment.id).where(Enrolment.person_id.in_(persons)).order_by(Enrolment.id)
    return session.scalars(wanted).all()


def _told(each: _List, asked: int, most: float | None) -> Iterator[Row | Check]:
    what = f"Who has not answered of {asked:,}, {each.stage.name}"
    yield summary(what, each.rounds, LEG, LEG, note=who_worked(each.rounds, LEG))
    if most:
        seconds = median([taken for turn in each.rounds for taken in turn.phases[LEG].seconds(LEG)])
        yield Check(
            what=f"{what}: within {1000 * most:.0f} ms",
            has_passed=seconds <= most,
            found=f"{number(1000 * seconds)} ms",
        )
    yield nothing_failed(f"{what}: nothing fails", each.rounds)
