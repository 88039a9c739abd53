"""Every page has somebody who may open it and somebody who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.models import Enrolment, Role
from mentoring.pairing.board import board_of
from tests.mentoring.conftest import School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
PAGES = ["mentors", "pairing"]


@pytest.mark.parametrize("page", PAGES)
def test_instructors_open_the_pages_and_nobody_else_does(school: School, visit: Visit, page: str):
    address = f"/courses/{school.course.public_id}/mentoring/{page}"
    people = {role: school.join(role.value, role) for role in Role if role not in (Role.INSTRUCTOR, Role.LEARNER)}

    answers = {role.value: visit(person).get(address).status_code for role, person in people.items()}

    assert visit(school.ines).get(address).status_code == 200
    assert visit(school.leo).get(address).status_code == 403
    assert answers == {"assistant": 403, "designer": 403, "observer": 403, "guest": 403}


@pytest.mark.parametrize("page", [*PAGES, "mentorships/abc/end"])
def test_only_instructors_change_anything(school: School, visit: Visit, page: str):
    address = f"/courses/{school.course.public_id}/mentoring/{page}"
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)

    assert [visit(person).post(address).status_code for person in (school.leo, school.maya, tariq)] == [403] * 3


@pytest.mark.parametrize("page", PAGES)
def test_another_course_is_a_plain_404(school: School, visit: Visit, page: str):
    other = school.cast.course("Another course")

    answer = visit(school.ines).get(f"/courses/{other.public_id}/mentoring/{page}")

    assert answer.status_code == 404


def test_a_pair_of_another_course_cannot_be_ended(school: School, visit: Visit):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    other = school.cast.course("Another course")
    stranger = school.cast.enrol(other, "Tom Reed", Role.INSTRUCTOR)

    answer = visit(stranger).post(f"/courses/{other.public_id}/mentoring/mentorships/{mentorship.public_id}/end")

    assert answer.status_code == 404
    assert board_of(school.session, school.course).pairs == 1


def test_people_of_another_course_cannot_be_assigned(school: School, visit: Visit):
    school.mentors(maya=2)
    other = school.cast.course("Another course")
    stranger = school.cast.enrol(other, "Somebody Else")
    client, address = visit(school.ines), f"/courses/{school.course.public_id}/mentoring/pairing"

    as_mentee = client.post(address, data={f"{stranger.public_id}-mentor": school.maya.public_id})
    as_mentor = client.post(address, data={f"{school.leo.public_id}-mentor": stranger.public_id})

    assert (as_mentee.status_code, as_mentor.status_code) == (422, 422)
    assert "Choose a mentor for Leo Baum from the list." in words(as_mentor)
    assert board_of(school.session, school.course).pairs == 0


def test_people_of_another_course_cannot_be_made_mentors(school: School, visit: Visit):
    other = school.cast.course("Another course")
    stranger = school.cast.enrol(other, "Somebody Else")
    key = stranger.public_id

    visit(school.ines).post(
        f"/courses/{school.course.public_id}/mentoring/mentors",
        data={f"mentors-{key}": "y", f"places-{key}": "2", f"was-{key}": "0"},
    )

    assert board_of(school.session, school.course).mentors == []


def test_a_request_without_the_forms_token_changes_nothing(app: Flask, school: School, visit: Visit):
    app.config["WTF_CSRF_ENABLED"] = True
    school.mentors(maya=1)

    answer = visit(school.ines).post(
        f"/courses/{school.course.public_id}/mentoring/pairing",
        data={f"{school.leo.public_id}-mentor": school.maya.public_id},
    )

    assert answer.status_code == 400
    assert board_of(school.session, school.course).pairs == 0
