from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lti_tool.models import Enrolment, Role
from mentoring.participants.offering import Offering
from mentoring.participants.queries import class_of
from mentoring.programs.starting import current
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import sent, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def address(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/mentors"


@pytest.fixture
def ines(school: School, visit: Visit) -> FlaskClient:
    return visit(school.ines)


def _mentoring(school: School) -> dict[str, int]:
    rows = class_of(school.session, school.course, current(school.session, school.course))
    return {row.person.name: row.capacity for row in rows if row.capacity}


def _ticked(person: Enrolment, places: str = "") -> dict[str, str]:
    return {f"mentors-{person.public_id}": "y", f"places-{person.public_id}": places}


def test_several_people_are_made_mentors_with_one_save(school: School, ines: FlaskClient, address: str):
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)
    form = sent(ines.get(address))

    answer = ines.post(address, data=form | _ticked(school.maya, "2") | _ticked(tariq) | _ticked(school.ines, "1"))

    assert (answer.status_code, answer.location) == (302, address)
    assert _mentoring(school) == {"Ines Torres": 1, "Maya Okafor": 2, "Tariq Aziz": 3}
    assert "Saved the changes for 3 people." in words(ines.get(address))


def test_the_page_shows_what_is_saved(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)

    page = ines.get(address)

    key = school.maya.public_id
    assert {name: value for name, value in sent(page).items() if key in name} == {
        f"mentors-{key}": "y",
        f"places-{key}": "2",
        f"was-{key}": "2",
    }
    assert "1 person mentors · 2 places" in words(page)


def test_looking_at_the_page_makes_no_program(school: School, ines: FlaskClient, address: str):
    ines.get(address)

    assert current(school.session, school.course) is None


@pytest.mark.parametrize("places", ["0", "-1", "101", "many", "2.5", "9" * 40, "9" * 400])
def test_a_number_that_is_none_is_told_by_its_row_and_nothing_is_lost(
    school: School, ines: FlaskClient, address: str, places: str
):
    form = sent(ines.get(address))

    answer = ines.post(address, data=form | _ticked(school.maya, places) | _ticked(school.zoe, "4"))

    assert answer.status_code == 422
    assert "Give Maya Okafor a whole number of places from 1 to 100." in words(answer)
    assert {name: value for name, value in sent(answer).items() if name.startswith(("mentors-", "places-"))} == {
        **{f"places-{person.public_id}": "" for person in (school.ines, school.leo)},
        **_ticked(school.maya, places),
        **_ticked(school.zoe, "4"),
    }
    assert _mentoring(school) == {}


def test_a_number_without_a_tick_is_asked_about(school: School, ines: FlaskClient, address: str):
    form = sent(ines.get(address))

    answer = ines.post(address, data=form | {f"places-{school.maya.public_id}": "2"})

    assert answer.status_code == 422
    assert "Tick Maya Okafor as a mentor too, or clear the number." in words(answer)


def test_taking_the_tick_away_is_enough_to_stop(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)
    form = sent(ines.get(address))
    del form[f"mentors-{school.maya.public_id}"]

    answer = ines.post(address, data=form)

    assert answer.status_code == 302
    assert _mentoring(school) == {}
    assert "Maya Okafor does not mentor any more." in words(ines.get(address))


def test_a_capacity_below_the_load_is_refused_by_its_row(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))
    form = sent(ines.get(address))

    answer = ines.post(address, data=form | _ticked(school.maya, "1"))

    sentence = "Maya Okafor has 2 mentees already. Leave 2 places or more, or end a pair first."
    assert answer.status_code == 422
    assert words(answer).count(sentence) == 2
    assert sent(answer)[f"places-{school.maya.public_id}"] == "1"
    assert _mentoring(school) == {"Maya Okafor": 2}


def test_a_page_opened_before_somebody_elses_change_leaves_that_change_alone(
    school: School, ines: FlaskClient, address: str
):
    stale = sent(ines.get(address))
    school.mentors(maya=5)

    ines.post(address, data=stale | _ticked(school.zoe, "1"))

    assert _mentoring(school) == {"Maya Okafor": 5, "Zoe Lind": 1}


def test_people_are_found_by_part_of_their_name_and_only_they_are_saved(
    school: School, ines: FlaskClient, address: str
):
    school.mentors(maya=2)
    angel = school.join("Ángel Ruiz")

    page = ines.get(f"{address}?q=angel")
    answer = ines.post(f"{address}?q=angel", data=sent(page) | _ticked(angel, "1"))

    of_rows = {name for name in sent(page) if "-" in name}
    assert of_rows == {f"places-{angel.public_id}", f"was-{angel.public_id}"}
    assert answer.location == f"{address}?q=angel"
    assert _mentoring(school) == {"Ángel Ruiz": 1, "Maya Okafor": 2}


def test_a_search_that_finds_nobody_says_so(ines: FlaskClient, address: str):
    assert "Nobody in this course is called that." in words(ines.get(f"{address}?q=nemo"))


def test_saving_nothing_says_that_nothing_was_changed(ines: FlaskClient, address: str):
    ines.post(address, data=sent(ines.get(address)))

    assert "Nothing was changed, so there was nothing to save." in words(ines.get(address))


def test_names_are_shown_as_text(school: School, ines: FlaskClient, address: str):
    school.join("<script>alert(1)</script>")

    page = ines.get(address)

    assert "<script>alert(1)" not in page.text
    assert "<script>alert(1)</script>" in words(page)


def test_the_number_of_queries_does_not_grow_with_the_class(
    school: School, ines: FlaskClient, address: str, counting: Counting
):
    counts = []
    for joining in (1, 2, 27):
        people = [school.join(f"Learner {joining} {n}") for n in range(joining)]
        school.offers(*(Offering(person, 2) for person in people))
        with counting() as queries:
            assert ines.get(address).status_code == 200
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
