"""A home page with every panel on it asks the database as often in a large class as in a small one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import cycle

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.gradebook.models import Grade, Trouble
from lti_tool.models import Course, Enrolment, Role
from lti_tool.roster.readings import Change, How, RosterChange, RosterReading
from mentoring.mentorships import answering
from mentoring.mentorships.requesting import request
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.models import ProgramVersion
from mentoring.programs.starting import ensure
from quizzes import closing, offering, starting
from quizzes.drawing import SEED_BYTES
from tests.cast import Cast

SIZES = (2, 9)
"""Learners of the small class and of the large one; as many again ask for a mentor."""


def lived_in(session: Session, cast: Cast, learners: int) -> dict[str, Enrolment]:
    """Ines and Maya mentor half of the class each, the quiz is taken and its grades are stuck."""
    course = cast.course(f"Class of {learners}")
    ines, maya = cast.enrol(course, "Ines", Role.INSTRUCTOR), cast.enrol(course, "Maya")
    class_ = [cast.enrol(course, f"Learner {number}") for number in range(learners)]
    asking = [cast.enrol(course, f"Asking {number}") for number in range(2 * learners)]
    with transaction():
        _pair(session, course, ines, (ines, maya), class_)
        _ask(session, course, (maya, ines), asking)
        _take_quiz(session, course, [maya, *class_])
        _read_roster(session, course, class_)
    with transaction():
        session.execute(update(Grade).values(trouble=Trouble.REFUSED))
    return {"an instructor": ines, "a mentor": maya, "a learner": class_[0], "a learner who asks": asking[0]}


def _pair(
    session: Session, course: Course, by: Enrolment, mentors: Sequence[Enrolment], class_: Iterable[Enrolment]
) -> None:
    cohort = ensure(session, course, at=clock.now())
    kind = cohort.version.kinds[0]
    assert offer(session, cohort, [Offering(mentor, 20) for mentor in mentors], at=clock.now()) == []
    pairs = [Pair(mentee, mentor, kind) for mentee, mentor in zip(class_, cycle(mentors), strict=False)]
    assert assign(session, cohort, pairs, by=by, at=clock.now()).refused == []


def _ask(session: Session, course: Course, mentors: Sequence[Enrolment], asking: Sequence[Enrolment]) -> None:
    """Half of them wait for answers too long, each of one mentor in a small class and of two in a large one, and the
    other half were told no."""
    cohort = ensure(session, course, at=clock.now())
    session.execute(update(ProgramVersion).where(ProgramVersion.id == cohort.version_id).values(takes_requests=True))
    session.refresh(cohort.version)
    kind = cohort.version.kinds[0]
    for number, mentee in enumerate(asking):
        for mentor in mentors if len(asking) > 2 * SIZES[0] else [mentors[number % 2]]:
            asked = request(session, cohort, mentor, kind, "Please", by=mentee, at=clock.now())
            asked.nudged = clock.now()
            if number >= len(asking) / 2:
                answering.decline(session, asked, by=mentor, at=clock.now(), reason="no_time")


def _take_quiz(session: Session, course: Course, class_: Iterable[Enrolment]) -> None:
    quiz = offering.offer(session, course, at=clock.now())
    for number, learner in enumerate(class_):
        attempt = starting.start(session, quiz, learner, seed=number.to_bytes(SEED_BYTES, "big"), at=clock.now())
        closing.hand_in(session, attempt, {}, at=clock.now() + timedelta(minutes=number))


def _read_roster(session: Session, course: Course, class_: Iterable[Enrolment]) -> None:
    for each in class_:
        reading = RosterReading(course_id=course.id, at=clock.now(), how=How.NIGHT)
        session.add(reading)
        session.flush()
        session.add(RosterChange(reading_id=reading.id, enrolment_id=each.id, change=Change.JOINED))


PANELS = {
    "an instructor": [
        "waiting-too-long",
        "asked-of-you",
        "pairing",
        "your-mentees",
        "your-part",
        "quiz-results",
        "progress",
        "people",
        "gradebook",
        "notices",
    ],
    "a mentor": ["asked-of-you", "your-mentees", "your-part", "quiz", "notices"],
    "a learner": ["your-mentor", "your-goals", "quiz", "notices"],
    "a learner who asks": ["your-mentor", "your-part", "quiz"],
}


@pytest.mark.parametrize("who", PANELS)
def test_a_home_page_with_all_its_panels_costs_the_same_however_many_they_tell_of(
    app: Flask, session: Session, cast: Cast, who: str
):
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _x, said, *_rest: asked.append(said))
    costs, shown = [], []
    for learners in SIZES:
        me = lived_in(session, cast, learners)[who]
        client = cast.visit(app.test_client(), me)
        session.expunge_all()
        asked.clear()
        page = client.get(f"/courses/{me.course.public_id}/")
        costs.append(len(asked))
        shown.append(re.findall(r'<section class="panel" id="panel-([\w-]+)"', page.text))

    assert shown[0] == shown[1]
    assert sorted(shown[0]) == sorted(PANELS[who])
    assert costs[0] == costs[1], f"{costs} queries"
