"""What has changed since a draft was made: person by person, and on its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from lti_tool.models import Enrolment, Role
from mentoring.pairing.aging import Change, changes
from mentoring.pairing.matching.people import Mentor
from mentoring.pairing.runs.keeping import plain_person
from mentoring.participants.models import ParticipantState
from tests.mentoring.classes import mentee, mentor
from tests.mentoring.conftest import School
from tests.mentoring.people_parts import part
from tests.mentoring.reading import words
from tests.mentoring.test_draft_pages import Desk

Visit = Callable[[Enrolment], FlaskClient]

WINTER, SUMMER, OTHER = frozenset({20, 21}), frozenset({18, 19}), frozenset({40})
MAYA = Mentor(key="maya", kinds=frozenset({"mentor"}), capacity=2, hours=(WINTER, SUMMER), languages=frozenset({"en"}))


def test_who_is_as_before_has_not_changed():
    assert changes([plain_person(MAYA)], [MAYA]) == {}


def test_who_came_and_who_went_is_told_by_key():
    tom = replace(MAYA, key="tom")

    assert changes([plain_person(MAYA)], [tom]) == {"maya": Change.GONE, "tom": Change.COME}


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ({"is_ready": False}, Change.UNREADY),
        ({"is_ready": False, "skills": frozenset({"SQL"})}, Change.UNREADY),
        ({"load": 1}, Change.PLACES),
        ({"capacity": 3, "interests": frozenset({"Chess"})}, Change.PLACES),
        ({"skills": frozenset({"SQL"})}, Change.SAID),
        ({"wishes": ("leo",)}, Change.SAID),
        ({"values": {"pace": "In leaps"}}, Change.SAID),
        ({"hours": (OTHER,)}, Change.SAID),
        ({"hours": ()}, Change.SAID),
        ({"refuses": frozenset({"leo"})}, Change.BARRED),
        ({"hours": (SUMMER,)}, None),
        ({"clock": 60}, None),
    ],
)
def test_what_somebody_is_now_is_held_against_what_they_were(now: dict[str, Any], change: Change | None):
    found = changes([plain_person(MAYA)], [replace(MAYA, **now)])

    assert found == ({"maya": change} if change else {})


def test_who_can_be_matched_now_and_could_not_is_ready():
    assert changes([plain_person(replace(MAYA, is_ready=False))], [MAYA]) == {"maya": Change.READY}


def test_what_a_run_of_before_did_not_keep_is_not_taken_for_a_change():
    kept = {name: value for name, value in plain_person(MAYA).items() if name != "experience"}

    assert changes([kept], [replace(MAYA, experience=4)]) == {}


@pytest.fixture
def desk(school: School, visit: Visit) -> Desk:
    """Maya mentors with two places, Leo and Zoe seek, and a draft is made."""
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 2, skills=["Python"]),
            mentee(school.cohort, school.leo, skills=["Python"]),
            mentee(school.cohort, school.zoe, skills=["Drawing"]),
        ]
    )
    school.session.commit()
    desk = Desk(school, visit(school.ines))
    desk.suggest()
    return desk


def test_a_draft_of_how_things_stand_says_nothing_of_its_age(desk: Desk):
    assert "This draft is out of date" not in words(desk.client.get(desk.url))


def test_a_draft_says_what_has_changed_since_and_is_made_anew_at_a_click(desk: Desk, visit: Visit):
    school = desk.school
    school.join("Amir Shah", Role.LEARNER)
    tom = school.join("Tom Ray", Role.ASSISTANT)
    school.session.add(mentor(school.cohort, tom, 1))
    leo, zoe, maya = (part(school.session, school.cohort, each) for each in (school.leo, school.zoe, school.maya))
    leo.interests = ["Chess"]
    zoe.state = ParticipantState.PAUSED
    assert maya.offer is not None
    maya.offer.capacity = 1
    school.session.commit()

    page = words(desk.client.get(desk.url))

    assert "This draft is out of date" in page
    assert (
        "Since then: Zoe Lind cannot be matched any more. Leo Baum has changed what they say."
        " Amir Shah looks for somebody now."
    ) in page
    assert "Tom Ray mentors now. Maya Okafor has another number of free places." in page
    assert page.count("Suggest again") == 2, "The sentence and its button."
    assert "This draft is out of date" not in desk.suggest()


def test_many_are_counted_after_a_few_names(desk: Desk):
    for number in range(6):
        desk.school.join(f"New {number}", Role.LEARNER)
    desk.school.session.commit()

    assert "New 0, New 1, New 2, New 3, and 2 more look for somebody now." in words(desk.client.get(desk.url))


def test_who_may_not_be_matched_is_told_without_names(desk: Desk):
    first = desk.run
    kept = dict(first.inputs)
    kept["mentees"] = [{**each, "refuses": ["somebody"]} for each in kept["mentees"]]
    first.inputs = kept
    desk.school.session.commit()

    page = words(desk.client.get(desk.url))

    assert "Since then: Some who could be matched with each other can be no longer, or the other way round." in page


def test_a_program_that_changed_is_said(desk: Desk):
    first = desk.run
    first.inputs = {**first.inputs, "design": {**first.inputs["design"], "least_minutes": 60}}
    desk.school.session.commit()

    assert "The program says something else about matching." in words(desk.client.get(desk.url))


def test_a_draft_of_somebody_who_was_erased_says_so(desk: Desk):
    desk.run.inputs = {}
    desk.school.session.commit()

    assert "Somebody who was part of it has been erased." in words(desk.client.get(desk.url))


def test_what_was_published_is_not_out_of_date(desk: Desk):
    desk.post("publish")
    desk.school.join("Amir Shah", Role.LEARNER)
    desk.school.session.commit()

    assert "This draft is out of date" not in words(desk.client.get(desk.url))
