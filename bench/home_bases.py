"""The page of a mentorship with two years behind it: two hundred meetings, five hundred notes, and all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench.bench import Bench
from bench.browsers import Stopwatch
from bench.figures import number
from bench.launches import Traveller
from bench.rounds import Round, nothing_failed, summary, take_round, who_worked
from bench.servers import Phase, Setup, Stage, postgres_stage, sqlite_stage
from bench.table import Check, Row
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, new_public_id, transaction
from lti_tool.models import Course, Enrolment, Role
from mentoring.mentorships import living
from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Mentorship
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.choices import Channel
from mentoring.programs.starting import ensure
from mentoring.together.conversation.models import Message
from mentoring.together.goals.models import Goal, GoalStep, HowFar, StepKind
from mentoring.together.meetings.models import Meeting, MeetingEntry, MeetingState
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.notes.models import Note, Visibility
from mentoring.together.resources.models import Resource

MOST = 0.15
"""Seconds that the page may take."""
MEETINGS, NOTES, MESSAGES, ENTRIES, GOALS, STEPS, RESOURCES = 200, 500, 500, 100, 10, 20, 50
YEARS = timedelta(days=2 * 365)
LOOKS = 20
MENTOR, MENTEE, TEACHER = "extra1", "extra2", "ines"


@dataclass
class HomeBase:
    """The mentorship on one stage, and whoever opens its page."""

    stage: Stage
    visitors: dict[str, Traveller]
    url: str
    rounds: list[Round] = field(default_factory=list)

    def play(self, _keys: Sequence[str]) -> dict[str, Phase]:
        return {who: self.stage.measure([traveller] * LOOKS, self._look) for who, traveller in self.visitors.items()}

    def _look(self, traveller: Traveller, watch: Stopwatch) -> None:
        with watch.leg("page"):
            answer = traveller.browser.send("GET", self.url)
        assert answer.status == 200, f"{self.url} answered {answer.status}"


def rows(bench: Bench) -> Iterator[Row | Check]:
    with ExitStack() as opened:
        found = []
        for stage in _stages(bench, opened):
            bench.say(f"Home bases on {stage.name}: two years of a mentorship are written")
            found.append(_home_base(stage))
        for turn in range(bench.size.rounds):
            for each in found:
                bench.say(f"Home bases on {each.stage.name}: round {turn + 1} of {bench.size.rounds}")
                each.rounds.append(take_round(each.play, ()))
        for each in found:
            yield from _told(each, None if bench.size.is_quick else MOST)


def _stages(bench: Bench, opened: ExitStack) -> Iterator[Stage]:
    # One browser: people look at one page after the other.
    setup = Setup(people=2, browsers=1, workers=1)
    yield opened.enter_context(sqlite_stage(setup))
    if server := bench.scratch_postgres(opened):
        yield opened.enter_context(postgres_stage(server, replace(setup, workers=2)))


def _home_base(stage: Stage) -> HomeBase:
    visitors = {}
    for who, key in (("the instructor", TEACHER), ("the mentor", MENTOR), ("the mentee", MENTEE)):
        visitors[who] = Traveller(stage.visitor(key))
        visitors[who].travel(Stopwatch())
    app = create_app(Config.from_env(stage.env), (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        with transaction() as session:
            mentorship = _paired(session)
            _live(session, mentorship)
            course, public_id = mentorship.cohort.course.public_id, mentorship.public_id
        db.engine.dispose()
    return HomeBase(stage, visitors, f"{stage.tool}/courses/{course}/mentoring/mentorships/{public_id}")


def _paired(session: Session) -> Mentorship:
    """The two extra people, under way for two years."""
    begun = clock.now() - YEARS
    cohort = ensure(session, session.scalars(select(Course)).one(), at=begun)
    people = {each.person.name: each for each in session.scalars(select(Enrolment).join(Enrolment.person))}
    mentor, mentee = people["Extra Learner 0001"], people["Extra Learner 0002"]
    teacher = next(each for each in people.values() if each.role == Role.INSTRUCTOR)
    assert offer(session, cohort, [Offering(mentor, 1)], at=begun) == []
    [made] = assign(session, cohort, [Pair(mentee, mentor, cohort.version.kinds[0])], by=teacher, at=begun).made
    hold_people(session, [made.id])
    [mentorship] = lock(session, [made.id])
    living.begin(session, mentorship, by=mentee, at=begun + timedelta(days=3))
    mentorship.planned_end = clock.now() + timedelta(days=100)
    return mentorship


def _live(session: Session, mentorship: Mentorship) -> None:
    """What two years leave behind."""
    mentor, mentee, now = mentorship.mentor, mentorship.mentee, clock.now()
    words = "What the week was like, what went well and what did not, and what comes of it until the next time. " * 3
    for place in range(MEETINGS):
        starts = now - YEARS + (place + 1) * YEARS / (MEETINGS + 1)
        meeting = Meeting(
            mentorship_id=mentorship.id,
            state=MeetingState.HELD,
            starts=starts,
            minutes=45,
            timezone="UTC",
            channel=Channel.VIDEO,
            planned_by=mentor,
            created=starts,
            changed=starts,
        )
        for one in (mentor, mentee):
            said = {"has_attended": True, "topics": words, "actions": words, "written": starts, "changed": starts}
            meeting.entries.append(MeetingEntry(participant=one, **said))
        session.add(meeting)
    for place in range(NOTES):
        note = Note(mentorship_id=mentorship.id, author_id=(mentor, mentee)[place % 2].enrolment_id, written=now)
        note.say(words, list(Visibility)[place % 3], at=now)
        session.add(note)
    for place in range(GOALS):
        moments = {"due": now + timedelta(days=30), "created": now - YEARS, "moved": now}
        goal = Goal(mentorship_id=mentorship.id, participant=mentee, statement=f"Goal {place}", **moments)
        progress = {"kind": StepKind.PROGRESS, "far": HowFar.BEGUN, "words": words, "at": now}
        goal.steps = [GoalStep(by=mentee, **progress) for _step in range(STEPS)]
        session.add(goal)
    for place in range(MESSAGES):
        told = {"token": new_public_id(), "words": words, "written": now, "told": now}
        session.add(Message(mentorship_id=mentorship.id, by=(mentor, mentee)[place % 2], **told))
    for place in range(RESOURCES):
        link = {"title": f"Link {place}", "url": "https://example.org/", "token": new_public_id(), "created": now}
        session.add(Resource(mentorship_id=mentorship.id, by_id=mentor.enrolment_id, **link))
    for _place in range(ENTRIES):
        entry = NotebookEntry(person_id=mentee.enrolment.person_id, written=now)
        entry.say(words, at=now)
        entry.share(mentorship, at=now)
        session.add(entry)
    session.flush()


def _told(each: HomeBase, most: float | None) -> Iterator[Row | Check]:
    on = each.stage.name
    for who in each.visitors:
        yield summary(f"Home base, {who}, {on}", each.rounds, who, "page", note=who_worked(each.rounds, who))
        if most:
            seconds = median([taken for turn in each.rounds for taken in turn.phases[who].seconds("page")])
            yield Check(
                what=f"Home base, {who}, {on}: within {1000 * most:.0f} ms",
                has_passed=seconds <= most,
                found=f"{number(1000 * seconds)} ms",
            )
    yield nothing_failed(f"Home bases, {on}: nothing fails", each.rounds)
