from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lti_tool.models import Enrolment, Role
from mentoring.pairing.board import board_of
from mentoring.participants.offering import Offering
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import options, sent, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def address(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/pairing"


@pytest.fixture
def ines(school: School, visit: Visit) -> FlaskClient:
    return visit(school.ines)


def _choice(mentee: Enrolment, mentor: Enrolment) -> dict[str, str]:
    return {f"{mentee.public_id}-mentor": mentor.public_id}


def _pairs(school: School) -> list[tuple[str, str]]:
    board = board_of(school.session, school.course)
    return [(place.mentee.name, mentor.person.name) for mentor in board.mentors for place in mentor.taken]


def test_before_anybody_mentors_the_page_says_what_to_do_first(ines: FlaskClient, address: str):
    page = words(ines.get(address))

    assert "Nobody mentors in this course yet." in page
    assert "Choose mentors" in page


def test_everybody_without_a_mentor_can_be_given_one_with_a_free_place(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=3, ines=1)
    school.pair((school.zoe, school.maya))

    page = ines.get(address)

    assert options(page) == {
        f"{school.leo.public_id}-mentor": [
            "Nobody yet",
            "Ines Torres — 1 of 1 place free",
            "Maya Okafor — 2 of 3 places free",
        ],
        f"{school.maya.public_id}-mentor": ["Nobody yet", "Ines Torres — 1 of 1 place free"],
    }
    assert "1 of 2 have every mentor they need." in words(page)


def test_several_are_assigned_with_one_press(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)

    answer = ines.post(address, data=_choice(school.leo, school.maya) | _choice(school.zoe, school.maya))

    assert (answer.status_code, answer.location) == (302, address)
    assert _pairs(school) == [("Leo Baum", "Maya Okafor"), ("Zoe Lind", "Maya Okafor")]
    assert "2 people have a mentor now." in words(ines.get(address))


def test_what_can_be_assigned_is_and_the_rest_is_told_and_kept(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=1, ines=1)

    answer = ines.post(address, data=_choice(school.leo, school.maya) | _choice(school.zoe, school.maya))

    sentence = "Maya Okafor has no free place left: the last one went to Leo Baum. Choose another mentor for Zoe Lind."
    assert answer.status_code == 422
    assert _pairs(school) == [("Leo Baum", "Maya Okafor")]
    assert words(answer).count(sentence) == 2
    assert "Maya Okafor now mentors Leo Baum." in words(answer)
    assert f'href="#{school.zoe.public_id}-mentor"' in answer.text


def test_an_invalid_choice_saves_nothing_and_keeps_the_others(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)

    answer = ines.post(address, data=_choice(school.leo, school.maya) | {f"{school.zoe.public_id}-mentor": "nobody"})

    assert answer.status_code == 422
    assert _pairs(school) == []
    assert sent(answer)[f"{school.leo.public_id}-mentor"] == school.maya.public_id
    assert "Choose a mentor for Zoe Lind from the list." in words(answer)


def test_pressing_without_a_choice_asks_for_one(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)

    answer = ines.post(address, data={f"{school.leo.public_id}-mentor": ""})

    assert answer.status_code == 422
    assert "Choose a mentor for at least one person, then assign." in words(answer)


def test_a_stale_page_is_told_who_came_first(school: School, ines: FlaskClient, address: str):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    school.mentors(maya=2, ines=1)
    school.pair((school.leo, school.maya), by=tom)
    school.zoe.is_active = False
    school.session.commit()

    answer = ines.post(address, data=_choice(school.leo, school.ines) | _choice(school.zoe, school.ines))

    assert answer.status_code == 422
    assert _pairs(school) == [("Leo Baum", "Maya Okafor")]
    assert "Leo Baum already has a mentor: Tom Reed assigned Maya Okafor. End that pair first." in words(answer)
    assert "Zoe Lind is no longer in the course, so nobody was assigned." in words(answer)


def test_nobody_is_assigned_to_themselves(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)

    answer = ines.post(address, data=_choice(school.maya, school.maya))

    assert answer.status_code == 422
    assert "Maya Okafor cannot mentor themselves. Choose somebody else." in words(answer)


def test_a_pair_is_ended_and_can_be_made_again(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    end = f"/courses/{school.course.public_id}/mentoring/mentorships/{mentorship.public_id}/end"
    assert f'action="{end}"' in ines.get(address).text

    answer = ines.post(end)

    assert (answer.status_code, answer.location, _pairs(school)) == (302, address, [])
    assert "Maya Okafor and Leo Baum are no longer paired. To undo this, assign them again." in words(ines.get(address))
    ines.post(address, data=_choice(school.leo, school.maya))
    assert _pairs(school) == [("Leo Baum", "Maya Okafor")]


def test_ending_twice_is_no_harm(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    end = f"/courses/{school.course.public_id}/mentoring/mentorships/{mentorship.public_id}/end"

    ines.post(end)
    ines.get(address)
    answer = ines.post(end)

    assert answer.status_code == 302
    assert "Maya Okafor and Leo Baum were no longer paired already." in words(ines.get(address))


def test_a_pair_whose_mentor_left_stays_in_sight_until_it_is_ended(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=2)
    school.pair((school.leo, school.maya))
    school.maya.is_active = False
    school.session.commit()

    page = ines.get(address)

    assert "Maya Okafor No longer in the course End these pairs and choose other mentors." in words(page)
    assert options(page) == {}


def test_the_search_narrows_both_sides_and_stays_after_assigning(school: School, ines: FlaskClient, address: str):
    school.offers(Offering(school.maya, 2), Offering(school.ines, 2))
    school.join("Leonie Graf")

    page = ines.get(f"{address}?q=leo")
    answer = ines.post(f"{address}?q=leo", data=_choice(school.leo, school.maya))

    assert set(options(page)) == {
        f"{gap.mentee.public_id}-mentor"
        for gap in board_of(school.session, school.course).gaps
        if gap.mentee.name == "Leonie Graf"
    } | {f"{school.leo.public_id}-mentor"}
    assert answer.location == f"{address}?q=leo"


def test_a_large_class_is_shown_a_hundred_at_a_time_and_whole_on_request(
    school: School, ines: FlaskClient, address: str
):
    school.mentors(maya=1)
    for n in range(103):
        school.join(f"Learner {n:03d}")

    # Maya, who mentors, may be given a mentor too: she comes on top.
    first, whole = ines.get(address), ines.get(f"{address}?all=1")

    assert (len(options(first)), len(options(whole))) == (101, 106)
    assert "5 more people are not shown." in words(first)


def test_preview_students_are_not_on_the_board(school: School, ines: FlaskClient, address: str):
    school.mentors(maya=1)
    school.join("Student View", is_test=True)

    page = words(ines.get(address))

    assert "Student View" not in page
    assert "0 of 2 have every mentor they need." in page


def test_the_number_of_queries_does_not_grow_with_the_class(
    school: School, ines: FlaskClient, address: str, counting: Counting
):
    school.mentors(ines=10, maya=60)
    counts = []
    for joining in (1, 2, 27):
        people = [school.join(f"Learner {joining} {n}") for n in range(2 * joining)]
        school.pair(*((person, school.maya) for person in people[::2]))
        school.offers(*(Offering(person, 2) for person in people[1::2]))
        with counting() as queries:
            assert ines.get(address).status_code == 200
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
