"""A mentor's last place, and two who say yes to it at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import OPEN, MentorshipState
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import designed, requested
from tests.mentoring.at_once import at_once
from tests.mentoring.conftest import School

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState


@pytest.fixture
def asking(school: School) -> School:
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    return school


def act(client: FlaskClient, mentorship: Mentorship, what: str, **said: str) -> Callable[[], TestResponse]:
    course = mentorship.cohort.course.public_id
    address = f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}/{what}"
    return lambda: client.post(address, data=said)


def statuses(*acts: Callable[[], TestResponse]) -> list[int]:
    """What they are answered who act at once."""
    with clock.moved_to(THEN):
        return [answer.status_code for answer in at_once(*acts)]


@pytest.mark.parametrize("round_", range(5))
def test_two_tabs_of_a_mentor_say_yes_to_two_people_and_one_place_is_given(
    app: Flask, asking: School, visit: Visit, round_: int
):
    asking.mentors(maya=1)
    asks = [requested(asking, asking.leo, asking.maya), requested(asking, asking.zoe, asking.maya)]

    answers = statuses(*(act(visit(asking.maya), ask, "accept") for ask in asks))

    for ask in asks:
        asking.session.refresh(ask)
    assert answers == [302, 302]
    assert sorted(ask.state for ask in asks) == [S.ACCEPTED, S.PROPOSED]
    assert asking.session.scalar(select(func.count()).select_from(Place)) == 1


@pytest.mark.parametrize("round_", range(5))
def test_two_mentors_say_yes_to_one_mentee_and_one_is_theirs(app: Flask, asking: School, visit: Visit, round_: int):
    asking.mentors(maya=1)
    tom = asking.join_mentor("Tom Reed")
    asks = [requested(asking, asking.leo, asking.maya), requested(asking, asking.leo, tom)]

    answers = statuses(
        *(act(visit(mentor), ask, "accept") for mentor, ask in zip((asking.maya, tom), asks, strict=True))
    )

    for ask in asks:
        asking.session.refresh(ask)
    assert answers == [302, 302]
    assert sorted(ask.state for ask in asks) == [S.ACCEPTED, S.SUPERSEDED]


@pytest.mark.parametrize("round_", range(5))
def test_an_instructor_assigns_the_place_while_the_mentor_says_yes_to_somebody_else(
    app: Flask, asking: School, visit: Visit, round_: int
):
    designed(asking, must_agree=MustAgree.NOBODY)
    asking.mentors(maya=1)
    ask = requested(asking, asking.leo, asking.maya)
    ines = visit(asking.ines)
    board = f"/courses/{asking.course.public_id}/mentoring/pairing"
    data = {f"{asking.zoe.public_id}-mentor": asking.maya.public_id}

    statuses(act(visit(asking.maya), ask, "accept"), lambda: ines.post(board, data=data))

    assert asking.session.scalar(select(func.count()).select_from(Place)) == 1


def test_a_yes_and_a_withdrawal_at_once_leave_one_of_the_two(app: Flask, asking: School, visit: Visit):
    asking.mentors(maya=1)
    ask = requested(asking, asking.leo, asking.maya)

    answers = statuses(act(visit(asking.maya), ask, "accept"), act(visit(asking.leo), ask, "withdraw"))

    asking.session.refresh(ask)
    assert answers == [302, 302]
    assert ask.state in (S.ACCEPTED, S.WITHDRAWN)
    assert asking.session.scalar(select(func.count()).select_from(Place)) == (ask.state is S.ACCEPTED)


def test_many_at_once_never_give_more_places_than_there_are_and_nobody_stumbles(
    app: Flask, asking: School, visit: Visit
):
    """Yes, no, and instructors who pass on, all at the same moment, over the same few people."""
    tom = asking.join("Tom Reed", Role.INSTRUCTOR)
    asking.mentors(maya=2)
    mentees = [asking.join(f"Mentee {n}") for n in range(5)]
    asks = [requested(asking, mentee, asking.maya) for mentee in mentees]
    whats = ["accept", "accept", "accept", "decline", "withdraw"]
    clients = [visit(asking.maya), visit(asking.maya), visit(asking.maya), visit(asking.maya), visit(tom)]

    answers = statuses(
        *(act(client, ask, what, reason="no_time") for client, ask, what in zip(clients, asks, whats, strict=True))
    )

    for ask in asks:
        asking.session.refresh(ask)
    assert answers == [302] * 5
    assert [ask.state for ask in asks].count(S.ACCEPTED) == 2
    assert len([ask for ask in asks if ask.state in OPEN]) == 1
    assert asking.session.scalar(select(func.count()).select_from(Place)) == 2
