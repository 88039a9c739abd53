"""A course in the middle of its term: who mentors whom, and how the quiz went. For pictures, and for tests of pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from campus.testing import CampusInHand, FlaskBrowser, launch
from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment
from lti_tool.running.delivering import drain
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from quizzes import closing, offering, starting
from quizzes.drawing import SEED_BYTES
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


def _happen(keys: Mapping[str, str], at: datetime) -> None:
    with transaction() as session:
        people, quiz = _people(keys), offering.offer(session, _course(), at=at)
        _pair(people, at - timedelta(days=12))
        for key, attempts in RIGHT.items():
            for right in attempts:
                _take(quiz, people[key], right, at - timedelta(minutes=40))


def _begin(keys: Mapping[str, str], at: datetime) -> None:
    """After the grades were delivered, because whoever delivers closes attempts that have run out by then."""
    with transaction() as session:
        people, quiz = _people(keys), offering.offer(session, _course(), at=at)
        for key in RUNNING:
            _start(quiz, people[key], at - timedelta(minutes=12))


def _course() -> Course:
    return db.session.scalars(select(Course)).one()


def _people(keys: Mapping[str, str]) -> dict[str, Enrolment]:
    enrolled = db.session.scalars(select(Enrolment).join(Enrolment.person))
    return {keys[each.person.subject]: each for each in enrolled if each.person.subject in keys}


def _pair(people: Mapping[str, Enrolment], at: datetime) -> None:
    cohort = ensure(db.session, _course(), at=at)
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


def _choice(answer: Answer, right: int) -> list[str]:
    if answer.place <= right:
        return answer.version.right
    wrong = [option for option in answer.version.options if option not in answer.version.right]
    return [] if answer.place == right + 1 else wrong[:1]
