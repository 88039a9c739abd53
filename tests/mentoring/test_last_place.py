"""Two instructors, one last place, at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.models import Enrolment, Role
from mentoring.pairing.board import board_of
from mentoring.participants.offering import Offering
from tests.mentoring.at_once import at_once
from tests.mentoring.conftest import School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.mark.every_case
@pytest.mark.parametrize("round_", range(20))
def test_one_wins_the_last_place_and_the_other_is_told_who_took_it(
    app: Flask, school: School, visit: Visit, round_: int
):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    school.mentors(maya=2)
    amal = school.join("Amal Haddad")
    school.pair((amal, school.maya))
    answers = at_once(
        _assigning(visit(school.ines), school.leo, school.maya),
        _assigning(visit(tom), school.zoe, school.maya),
    )

    [maya] = board_of(school.session, school.course).mentors
    taker = maya.taken[1].mentee.enrolment
    winner, loser, left = ("Ines Torres", 1, "Zoe Lind") if taker == school.leo else ("Tom Reed", 0, "Leo Baum")
    assert maya.load == 2
    assert [answers[1 - loser].status_code, answers[loser].status_code] == [302, 422]
    assert (
        f"Maya Okafor has no free place left: {winner} gave the last one to {taker.name}."
        f" Choose another mentor for {left}."
    ) in words(answers[loser])


def test_two_instructors_who_give_one_person_a_mentor_at_once_give_only_one(app: Flask, school: School, visit: Visit):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    school.offers(Offering(school.maya, 2), Offering(tom, 2))

    answers = at_once(
        _assigning(visit(school.ines), school.leo, school.maya),
        _assigning(visit(tom), school.leo, tom),
    )

    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert board_of(school.session, school.course).pairs == 1


def test_lowering_a_capacity_and_assigning_at_once_never_leaves_too_many_mentees(
    app: Flask, school: School, visit: Visit
):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    school.mentors(maya=1)
    maya = school.maya.public_id
    lowering = visit(tom)

    at_once(
        _assigning(visit(school.ines), school.leo, school.maya),
        lambda: lowering.post(
            f"/courses/{school.course.public_id}/mentoring/mentors",
            data={f"places-{maya}": "1", f"was-{maya}": "1"},
        ),
    )

    for mentor in board_of(school.session, school.course).mentors:
        assert mentor.load <= mentor.capacity


def _assigning(client: FlaskClient, mentee: Enrolment, mentor: Enrolment) -> Callable[[], TestResponse]:
    address = f"/courses/{mentee.course.public_id}/mentoring/pairing"
    data = {f"{mentee.public_id}-mentor": mentor.public_id}
    return lambda: client.post(address, data=data)
