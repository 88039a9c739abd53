"""A term in which something is passed on to others: reports to managers by mail, records to a store elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, keys
from lti_tool.contacts.models import Outsider
from lti_tool.contacts.recording import Wish, record
from lti_tool.db import transaction
from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Enrolment
from quizzes import offering
from quizzes.bank import sorting
from quizzes.models import Quiz
from quizzes.reports.mailing import agreeing as quiz_agreeing
from quizzes.reports.mailing import scheduling as quiz_scheduling
from quizzes.reports.mailing.times import Rhythm as QuizRhythm
from tools.scene import TEACHES, people_by_key, set_scene, the_course
from xapi.endpoints import Endpoint
from xapi.identities import Actors
from xapi.progress.mailing import agreeing, scheduling
from xapi.progress.mailing.times import Rhythm

OUR_BANK = "Our questions"
VERA, JONAS = Outsider("Vera Stein", "vera.stein@firm.example"), Outsider("Jonas Brandt", "jonas.brandt@firm.example")
MANAGERS = {"leo": VERA, "chloe": VERA, "mei": JONAS, "haruto": JONAS, "noam": VERA, "siobhan": JONAS}
AGREED, REFUSED = ("chloe", "mei", "noam"), ("haruto",)


def set_passed_on_scene(app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None:
    """The simple scene, and then: some have managers, some of whom get reports; a store asks for mail addresses; the
    course has a bank of its own, to bring questions to."""
    at = at or clock.now()
    set_scene(app, campus, at=at)
    with app.test_request_context(), transaction() as session:
        people, course = people_by_key({person.id: person.key for person in campus.people()}), the_course()
        teacher, week = people[TEACHES], at - timedelta(days=7)
        wishes = [Wish(people[key], manager) for key, manager in MANAGERS.items()]
        assert record(session, course, wishes, by=teacher, at=week) == []
        sorting.new_bank(session, course, title=OUR_BANK, language="en", first_category="Your first week")
        session.add(
            Endpoint(
                label="Records of the school",
                url="https://records.example/xapi",
                key="mentoring",
                sealed_secret=keys.seal("only for pictures"),
                actors=Actors.MAIL,
                created=week,
            )
        )
        _reported(session, offering.offer(session, course, at=at), people, at)


def _reported(session: Session, quiz: Quiz, people: dict[str, Enrolment], at: datetime) -> None:
    teacher, week = people[TEACHES], at - timedelta(days=7)
    quiz_scheduling.arrange(session, quiz, None, QuizRhythm.WEEKLY, 0, by=teacher, at=at)
    scheduling.arrange(session, quiz.course, Rhythm.MONTHLY, 0, by=teacher, at=at)
    for key in AGREED:
        whom = hash_of(MANAGERS[key].mail)
        quiz_agreeing.agree(session, quiz, people[key], whom=whom, at=week)
        agreeing.agree(session, people[key], whom=whom, at=week)
    for key in REFUSED:
        quiz_agreeing.refuse(session, quiz, people[key], at=week)
