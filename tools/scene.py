"""A course in the middle of its term: who mentors whom, and how the quiz went. For pictures, and for tests of pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as clock_time
from itertools import chain

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.seed import CAST, CLASS
from campus.testing import CampusInHand, FlaskBrowser, launch
from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment
from lti_tool.models import Role as EnrolmentRole
from lti_tool.running.delivering import drain
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.standing import Terms
from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Mentorship
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.runs.beginning import begin
from mentoring.participants.models import USUALLY_SHOWN, Came, Participant, Shows, TrainingDone
from mentoring.participants.offering import Offering, offer
from mentoring.participants.said import About, Needed, Offered
from mentoring.participants.saying import lists_of, say_need, say_offer
from mentoring.participants.week import Usual, Window, hours_of
from mentoring.programs import versions
from mentoring.programs.choices import Channel
from mentoring.programs.models import Cohort
from mentoring.programs.ready_made import READY_MADE
from mentoring.programs.starting import ensure
from mentoring.programs.versions import NOTHING_YET
from mentoring.together.conversation import writing as conversation
from mentoring.together.goals import acts as goals
from mentoring.together.goals.acts import Progress, Wording
from mentoring.together.goals.models import HowFar
from mentoring.together.meetings import attending, scheduling
from mentoring.together.meetings.attending import Log
from mentoring.together.meetings.scheduling import Plan
from mentoring.together.notes import writing as notes
from mentoring.together.notes.models import Visibility
from mentoring.together.resources.sharing import Found, share_with
from quizzes import closing, offering, starting
from quizzes.drawing import SEED_BYTES
from quizzes.kinds import CHOSEN, Response
from quizzes.models import Answer, Attempt, Quiz

TEACHES = "ines"
PLACES = {"maya": 3, "anouk": 4, "amara": 2, "oysten": 3, "rosa": 3, "ada": 2}
"""Who mentors, and how many places they have; by their keys on the campus."""
MENTORS = {
    "leo": "maya",
    "chloe": "maya",
    "mei": "anouk",
    "haruto": "oysten",
    "layla": "rosa",
    "noam": "rosa",
    "siobhan": "anouk",
    "maximiliane": "ada",
    "jisoo": "ada",
    "noname": "oysten",
    "somchai": "anouk",
    "joao": "rosa",
    "tendai": "maya",
}
RIGHT = {
    "leo": (11,),
    "chloe": (18,),
    "mei": (20,),
    "haruto": (15,),
    "layla": (17,),
    "noam": (9, 16),
    "maximiliane": (19,),
    "siobhan": (14,),
    "noname": (13, 12),
    "liwei1": (16,),
    "zeynep": (18,),
    "olena": (20,),
    "rosa": (17,),
    "tendai": (10,),
}
"""How many questions they answered rightly, attempt by attempt; the next one they left open, the rest they missed."""
RUNNING = ("jisoo", "eleni")
"""Who has begun and not handed in."""


def set_scene(app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None:
    """Let all this have happened in the campus's first course by this moment; the grades have arrived."""
    at = at or clock.now()
    ines = FlaskBrowser(app.test_client())
    for placement in ("mentoring", "quiz"):
        launched = launch(campus.visitor(TEACHES), placement, ines)
        assert launched.answer.status == 303, launched.answer.text
    keys = {person.id: person.key for person in campus.people()}
    with app.app_context():
        _happen(keys, at)
    drain(app)
    with app.app_context():
        _begin(keys, at)


def set_designed_scene(app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None:
    """Let the course have the ready-made program for students, and everybody a say: Leo and Maya are under way, and
    a draft waits for the others. It is the same draft each time."""
    at = at or clock.now()
    with app.test_request_context(), program_begun(app, campus, "students", at - timedelta(days=14)) as begun:
        session, cohort, people = begun
        _pair_under_way(session, cohort, people, at - timedelta(days=12))
        begin(session, cohort, by=people[TEACHES], at=at - timedelta(hours=1), seed=1)
    drain(app)


@contextmanager
def program_begun(
    app: Flask, campus: CampusInHand, ready_made: str, at: datetime
) -> Iterator[tuple[Session, Cohort, dict[str, Enrolment]]]:
    """In one transaction: a run of this ready-made program in which everybody takes part."""
    launched = launch(campus.visitor(TEACHES), "mentoring", FlaskBrowser(app.test_client()))
    assert launched.answer.status == 303, launched.answer.text
    keys = {person.id: person.key for person in campus.people()}
    with transaction() as session:
        people, course = people_by_key(keys), the_course()
        design = READY_MADE[ready_made].design()
        saved = versions.save(session, course, lambda _before: design, seen=NOTHING_YET, by=people[TEACHES], at=at)
        assert saved.version is not None, saved.problems
        cohort = ensure(session, course, at=at)
        _take_part(session, cohort, people, at)
        yield session, cohort, people


def _take_part(session: Session, cohort: Cohort, people: Mapping[str, Enrolment], at: datetime) -> None:
    """Everybody has said what there is to say and done their training."""
    of = {person.id: key for key, person in people.items()}
    for participant in chain(*offer_and_need(session, cohort, people, at=at)):
        # Ties are broken by these and the seed: with others, other people would be paired.
        participant.public_id = f"{of[participant.enrolment_id]:a<16}"[:16]
        participant.training += [
            TrainingDone(item=item.key, done=at, said_by=participant.enrolment) for item in cohort.version.training
        ]
    session.flush()


def _pair_under_way(session: Session, cohort: Cohort, people: Mapping[str, Enrolment], at: datetime) -> None:
    """Leo and Maya have signed what they agree on and met, the next time is booked, and two of their tasks are done."""
    pair = Pair(people["leo"], people["maya"], cohort.version.kinds[0])
    [made] = assign(session, cohort, [pair], by=people[TEACHES], at=at).made
    hold_people(session, [made.id])
    [made] = lock(session, [made.id])
    mentor, mentee, day = made.mentor, made.mentee, timedelta(days=1)
    terms = Terms(
        mentor_expects="That you say when something is unclear, also for the third time.",
        mentee_expects="Somebody who tells me honestly how I am doing.",
        boundaries="What we talk about stays between us. No messages at the weekend.",
        rhythm_days=14,
        channel=Channel.VIDEO,
        ends=made.planned_end or at + 90 * day,
    )
    signing.propose(session, made, terms, by=mentee, at=at + day)
    signing.sign(session, made, seen=1, by=mentor, at=at + 2 * day)
    link = "https://video.example.org/maya-and-leo"
    plan = Plan(
        day=(at + 4 * day).date(), clock=clock_time(15), zone="UTC", minutes=45, channel=Channel.VIDEO, place=link
    )
    [met] = scheduling.book(session, made, plan, by=mentor, at=at + 2 * day)
    log = Log(
        has_attended=True,
        topics="How the first weeks went, who sits where, and what the exam is like.",
        actions="Leo reads the handbook. Maya introduces him to Chloé.",
    )
    attending.say(session, met, log, by=mentee, at=at + 5 * day)
    plan = replace(plan, day=(at + 14 * day).date(), agenda="The handbook: what is still unclear?")
    scheduling.book(session, made, plan, by=mentee, at=at + 5 * day)
    for task, days in zip(made.tasks, (2, 5), strict=False):
        task.tick(True, by=mentor, at=at + days * day)
    _work_on(session, made, at + 5 * day)


def _work_on(session: Session, pair: Mentorship, at: datetime) -> None:
    """A goal that has moved, a link, messages to and fro, and a note of the mentor's for both."""
    mentor, mentee, day = pair.mentor, pair.mentee, timedelta(days=1)
    wording = Wording(statement="I can say without looking it up who helps with what.", due=at + 40 * day)
    goal = goals.set_goal(session, pair, wording, by=mentee, at=at)
    progress = Progress(words="Talked to Chloé and to Mei for half an hour each.", far=HowFar.BEGUN)
    goals.tell_progress(session, goal, progress, by=mentee, at=at + 3 * day)
    link = Found(title="Handbook for new students", url="https://example.org/handbook", token="handbook")
    share_with(session, pair, link, file=None, by=mentor, at=at)
    for who, words in ((mentee, "I shall be ten minutes late on Wednesday."), (mentor, "No hurry. Bring the plan.")):
        at += day
        conversation.write(session, pair, words, token=f"scene-{at:%d}", by=who, at=at)
    text = "Ask about the exam dates before the end of the month."
    notes.write(session, pair, text, Visibility.PAIR, by=mentor.enrolment, at=at)


def _happen(keys: Mapping[str, str], at: datetime) -> None:
    with transaction() as session:
        people, quiz = people_by_key(keys), offering.offer(session, the_course(), at=at)
        _pair(people, at - timedelta(days=12))
        for key, attempts in RIGHT.items():
            for right in attempts:
                _take(quiz, people[key], right, at - timedelta(minutes=40))


def _begin(keys: Mapping[str, str], at: datetime) -> None:
    """After the grades were delivered, because whoever delivers closes attempts that have run out by then."""
    with transaction() as session:
        people, quiz = people_by_key(keys), offering.offer(session, the_course(), at=at)
        for key in RUNNING:
            _start(quiz, people[key], at - timedelta(minutes=12))


def the_course() -> Course:
    return db.session.scalars(select(Course)).one()


def people_by_key(keys: Mapping[str, str]) -> dict[str, Enrolment]:
    """Whom the tool knows, by their keys on the campus; `keys` are those by subject."""
    enrolled = db.session.scalars(select(Enrolment).join(Enrolment.person))
    return {keys[each.person.subject]: each for each in enrolled if each.person.subject in keys}


def _pair(people: Mapping[str, Enrolment], at: datetime) -> None:
    cohort = ensure(db.session, the_course(), at=at)
    offers = [Offering(people[key], places) for key, places in PLACES.items()]
    assert offer(db.session, cohort, offers, at=at) == []
    kind = cohort.version.kinds[0]
    pairs = [Pair(people[mentee], people[mentor], kind) for mentee, mentor in MENTORS.items()]
    assert assign(db.session, cohort, pairs, by=people[TEACHES], at=at).refused == []


def _start(quiz: Quiz, person: Enrolment, at: datetime) -> Attempt:
    return starting.start(db.session, quiz, person, seed=person.number.to_bytes(SEED_BYTES, "big"), at=at)


def _take(quiz: Quiz, person: Enrolment, right: int, at: datetime) -> None:
    attempt = _start(quiz, person, at)
    choices = {answer.place: _choice(answer, right) for answer in attempt.answers}
    closing.hand_in(db.session, attempt, choices, at=at + timedelta(minutes=14))


def _choice(answer: Answer, right: int) -> Response:
    if answer.place <= right:
        return answer.version.right_answer
    wrong = [option.id for option in answer.options if option.id not in answer.version.right]
    return {} if answer.place == right + 1 else {CHOSEN: sorted(wrong)[:1]}


SPEAKS_ENGLISH_TOO = 6
"""Of so many classmates one speaks only the language of their LMS, so that somebody is hard to place."""
HABITS = {each.key: each for each in (*CAST, *CLASS)}
"""What people speak, and where they are; their LMS says so only when they come."""
FREE = ((Usual.EVENINGS,), (Usual.LUNCHTIMES, Usual.EVENINGS), (Usual.AFTERNOONS,), (Usual.WEEKEND,), tuple(Usual))


def offer_and_need(
    session: Session, cohort: Cohort, people: Mapping[str, Enrolment], *, at: datetime
) -> tuple[list[Participant], list[Participant]]:
    """Let the mentors of `PLACES` offer and the rest of the class seek, each what this program lets them choose.

    `people` are the cohort's course by their keys on the campus. The same people always say the same.
    """
    class_ = {key: person for key, person in people.items() if key in HABITS and (key in PLACES or _learns(person))}
    mentors, mentees = [], []
    for number, (key, person) in enumerate(sorted(class_.items())):
        lists, about = lists_of(cohort.version), _about(cohort, number, key)
        taken = {"skills": _some(lists.skills, number, 3), "topics": _some(lists.topics, number, 2)}
        if key in PLACES:
            kinds = _some(list(lists.kinds), number, 1) if number % 2 else []
            offered = Offered(
                capacity=PLACES[key], kinds=kinds, experience=3 + number, words=_WHY, shows=_SHOWS, **taken
            )
            mentors.append(say_offer(session, cohort, person, offered, about, at=at))
        else:
            mentees.append(say_need(session, cohort, person, Needed(words=_HOPE, **taken), about, at=at))
    for participant in (*mentors, *mentees):
        participant.came, participant.consented = Came.JOINED, at
    session.flush()
    return mentors, mentees


def _learns(person: Enrolment) -> bool:
    return person.role == EnrolmentRole.LEARNER and not person.is_test


_WHY = "Somebody took the time to show me around when I was new. I would like to pass that on."
_HOPE = "Somebody I can ask the questions I do not dare to ask in the course."
_SHOWS = [each.value for each in USUALLY_SHOWN] + [Shows.TOPICS.value, Shows.TIMES.value]


def _about(cohort: Cohort, number: int, key: str) -> About:
    on_campus = HABITS[key]
    own = on_campus.locale.partition("-")[0]
    lists = lists_of(cohort.version)
    return About(
        languages=[own] if number % SPEAKS_ENGLISH_TOO == 0 else list(dict.fromkeys([own, "en"])),
        timezone=on_campus.time_zone,
        hours=hours_of(FREE[number % len(FREE)], [Window(number % 5, 14, 16)] if number % 3 == 0 else []),
        interests=_some(lists.interests, number, 2),
        answers={each.key: each.answers[number % len(each.answers)] for each in lists.questions},
        level=1 + number % 5,
    )


def _some(choices: Sequence[str], number: int, many: int) -> list[str]:
    """A few of these, others for everybody."""
    found = {choices[(number * 3 + n * 2) % len(choices)] for n in range(many)} if choices else set()
    return [choice for choice in choices if choice in found]
