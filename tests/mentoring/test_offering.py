from __future__ import annotations

import pytest

from lti_tool.models import Role
from mentoring.participants.offering import Offering, offer
from mentoring.participants.queries import class_of
from tests.cast import THEN
from tests.mentoring.conftest import School


def _capacities(school: School) -> dict[str, int]:
    rows = class_of(school.session, school.course, school.cohort)
    return {row.person.name: row.capacity for row in rows}


def test_anybody_in_the_course_may_mentor_instructors_and_assistants_included(school: School):
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)

    school.offers(Offering(school.ines, 1), Offering(tariq, 2), Offering(school.maya, 3))

    assert _capacities(school) == {
        "Ines Torres": 1,
        "Leo Baum": 0,
        "Maya Okafor": 3,
        "Tariq Aziz": 2,
        "Zoe Lind": 0,
    }


def test_a_capacity_can_be_changed_and_taken_back(school: School):
    school.mentors(maya=3)

    school.mentors(maya=0, zoe=2)

    assert _capacities(school) == {"Ines Torres": 0, "Leo Baum": 0, "Maya Okafor": 0, "Zoe Lind": 2}


@pytest.mark.parametrize(
    ("capacity", "sentence"),
    [
        (1, "Maya Okafor has 2 mentees already. Leave 2 places or more, or end a pair first."),
        (
            0,
            "Maya Okafor has 2 mentees. End those pairs on the pairing page first, then take the tick away.",
        ),
    ],
)
def test_a_capacity_below_the_load_is_refused_and_nothing_else_is_saved_either(
    school: School, capacity: int, sentence: str
):
    school.mentors(maya=3)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))
    cohort = school.cohort

    refused = offer(school.session, cohort, [Offering(school.ines, 4), Offering(school.maya, capacity)], at=THEN)
    school.session.commit()

    assert [(each.offering.person, each.sentence) for each in refused] == [(school.maya, sentence)]
    assert _capacities(school) == {"Ines Torres": 0, "Leo Baum": 0, "Maya Okafor": 3, "Zoe Lind": 0}


def test_a_capacity_may_come_down_to_the_load(school: School):
    school.mentors(maya=3)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))

    school.mentors(maya=2)

    assert _capacities(school)["Maya Okafor"] == 2


def test_somebody_who_left_the_course_cannot_start_to_mentor(school: School):
    school.zoe.is_active = False

    refused = offer(school.session, school.cohort, [Offering(school.zoe, 1)], at=THEN)

    assert [each.sentence for each in refused] == [
        "Zoe Lind is no longer in the course and cannot mentor. Take the tick away."
    ]


def test_preview_students_and_onlookers_are_not_in_the_class(school: School):
    school.join("Student View", is_test=True)
    school.join("A Parent", Role.OBSERVER)
    school.join("Gone Already", is_active=False)

    assert list(_capacities(school)) == ["Ines Torres", "Leo Baum", "Maya Okafor", "Zoe Lind"]


def test_the_class_stands_by_name_without_regard_to_accents_and_the_nameless_last(school: School):
    for name in ("Émile Zola", "eva Ahn", "", "Ángel Ruiz"):
        school.join(name)

    assert list(_capacities(school)) == [
        "Ángel Ruiz",
        "Émile Zola",
        "eva Ahn",
        "Ines Torres",
        "Leo Baum",
        "Maya Okafor",
        "Zoe Lind",
        "Participant 7",
    ]
