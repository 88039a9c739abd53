"""The numbers of the home page are those of the board, however the class stands."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course, Role
from mentoring.mentorships.models import Mentorship
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.board import board_of
from mentoring.pairing.numbers import Numbers, numbers_of
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from tests.cast import THEN, Cast


def of_the_board(session: Session, course: Course) -> Numbers:
    board = board_of(session, course)
    return Numbers(
        mentors=len(board.mentors),
        with_free_places=board.with_free_places,
        free=board.free,
        pairs=board.pairs,
        asked=board.asked,
        seeking=board.seeking,
        complete=board.complete,
        in_grace=board.in_grace,
    )


def test_a_course_that_nobody_has_set_up_has_its_learners_and_nothing_else(session: Session, cast: Cast):
    course = cast.course()
    cast.enrol(course, "Leo")
    cast.enrol(course, "Ines", Role.INSTRUCTOR)
    session.commit()

    assert numbers_of(session, course) == of_the_board(session, course)
    assert numbers_of(session, course).without == 1


@pytest.mark.parametrize("seed", range(8))
def test_they_are_those_of_the_board(session: Session, cast: Cast, seed: int):
    chance, course = random.Random(seed), cast.course()
    with transaction():
        cohort = ensure(session, course, at=clock.now())
        people = [cast.enrol(course, f"P{n}", chance.choice([*[Role.LEARNER] * 4, *Role])) for n in range(14)]
        session.flush()
        some = chance.sample([each for each in people if each.role in (Role.LEARNER, Role.ASSISTANT)], 4)
        offer(session, cohort, [Offering(each, chance.randrange(1, 4)) for each in some], at=THEN)
    board = board_of(session, course)
    for gap in chance.sample(list(board.gaps), min(3, len(board.gaps))):
        free = [each for each in board_of(session, course).mentors if each.free and each.person is not gap.mentee]
        if free:
            with transaction():
                assign(session, cohort, [Pair(gap.mentee, free[0].person, gap.kind)], by=people[0], at=THEN)
    with transaction():
        for each in chance.sample(people, 3):
            each.is_active = chance.random() < 0.3
        for each in chance.sample(people, 1):
            each.is_test = True
        for mentorship in session.scalars(select(Mentorship).limit(1)):
            mentorship.grace_ends = THEN

    assert numbers_of(session, course) == of_the_board(session, course)


def test_they_cost_the_same_few_queries_however_many_people_there_are(session: Session, cast: Cast):
    course = cast.course()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, said, *_rest: asked.append(said))

    def queries(people: int) -> int:
        for number in range(people):
            cast.enrol(course, f"P{people} {number}")
        session.commit()
        asked.clear()
        numbers_of(session, course)
        return len(asked)

    assert queries(1) == queries(30) <= 4
