"""The directory of mentors."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lti_tool.models import Enrolment, Role
from mentoring.participants.models import Participant, ParticipantState, Shows
from mentoring.participants.said import About, Offered
from mentoring.participants.saying import say_offer
from mentoring.programs.models import Cohort
from tests.cast import THEN
from tests.mentoring import asking
from tests.mentoring.conftest import Counting, School
from tests.mentoring.people_parts import OFFER, designed
from tests.mentoring.reading import options, words

Visit = Callable[[Enrolment], FlaskClient]
EVERYTHING = [each.value for each in Shows]


@pytest.fixture
def address(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/directory"


def _offers(
    school: School, cohort: Cohort, person: Enrolment, *, shows: list[str] | None = None, **said: object
) -> Participant:
    offered = Offered(**({"capacity": 2, "skills": ["SQL"], "shows": shows} | said))  # type: ignore[arg-type]
    about = About(languages=["en", "pt"], team="Sales", interests=["Chess"], hours=[36, 37], timezone="Europe/Lisbon")
    participant = say_offer(school.session, cohort, person, offered, about, at=THEN)
    school.session.commit()
    return participant


def test_everybody_sees_what_a_mentor_shows_and_nothing_else(school: School, visit: Visit, address: str):
    cohort = designed(school)
    _offers(school, cohort, school.maya, shows=["name", "skills"], words="Pass it on.", kinds=["technical"])
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)

    pages = [words(visit(person).get(address)) for person in (school.leo, tariq, school.ines)]

    for page in pages:
        assert "1 mentor Maya Okafor Has places left Skills SQL" in page
        shown = page.partition("1 mentor")[2]
        assert [
            word for word in ("Technical", "Portuguese", "Sales", "Chess", "Pass it on", "2") if word in shown
        ] == []


def test_who_was_never_asked_shows_the_usual(school: School, visit: Visit, address: str):
    cohort = designed(school)
    _offers(school, cohort, school.maya, words="Pass it on.", kinds=["technical"])

    page = words(visit(school.leo).get(address))

    assert "Kind of mentor Technical mentor Skills SQL Languages English, Portuguese" in page
    assert "Pass it on" not in page


def test_everything_can_be_shown(school: School, visit: Visit, address: str):
    cohort = designed(school)
    said = {"words": "Pass it on.", "experience": 12, "topics": ["Prepare to lead"]}
    _offers(school, cohort, school.maya, shows=EVERYTHING, **said)

    page = words(visit(school.leo).get(address))

    assert (
        "Maya Okafor Has places left Kind of mentor Team mentor, Technical mentor Skills SQL Helps with Prepare to lead"
        " Experience 12 years Why mentor Pass it on. Languages English, Portuguese"
        " Free Monday, 6:00\xa0PM to 7:00\xa0PM Time zone Europe/Lisbon Interests Chess Team Sales"
    ).replace("\xa0", " ") in page


def test_the_light_changes_with_the_places_left_and_never_tells_how_many(school: School, visit: Visit, address: str):
    cohort = designed(school)
    _offers(school, cohort, school.maya)
    leo, lights = visit(school.leo), []

    for mentee in (school.leo, school.zoe, None):
        page = words(leo.get(address))
        lights.append(page.partition("Maya Okafor ")[2].partition(" Kind")[0])
        if mentee:
            school.pair((mentee, school.maya))

    assert lights == ["Has places left", "One place left", "Full"]


def test_who_pauses_left_hides_or_has_no_places_is_absent(school: School, visit: Visit, address: str):
    cohort = designed(school)
    people = {name: school.join(name) for name in ("Pauses", "Left", "Waits", "Hides", "Not this term", "Gone", "Here")}
    parts = {name: _offers(school, cohort, person) for name, person in people.items()}
    parts["Pauses"].state, parts["Left"].state = ParticipantState.PAUSED, ParticipantState.LEFT
    parts["Waits"].state, parts["Hides"].shows = ParticipantState.WAITING_LIST, ["skills"]
    assert parts["Not this term"].offer is not None
    parts["Not this term"].offer.capacity, people["Gone"].is_active = 0, False
    school.session.commit()

    page = words(visit(school.leo).get(address)).partition("Show")[2]

    assert [name for name in people if name in page] == ["Here"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Maya Okafor", "Zoe Lind"]),
        ("?skill=SQL", ["Maya Okafor"]),
        ("?skill=Negotiating", ["Zoe Lind"]),
        ("?kind=team", ["Maya Okafor"]),
        ("?language=pt", ["Maya Okafor", "Zoe Lind"]),
        ("?language=de", []),
        ("?topic=Prepare+to+lead", []),
        ("?name=zo", ["Zoe Lind"]),
        ("?name=zo&skill=SQL", []),
    ],
)
def test_mentors_are_found_by_what_they_show(school: School, visit: Visit, address: str, asked: str, found: list[str]):
    """Maya shows no goals, so by her goal nobody finds her."""
    cohort = designed(school)
    _offers(school, cohort, school.maya, topics=["Prepare to lead"])
    _offers(school, cohort, school.zoe, kinds=["technical"], skills=["Negotiating"])

    page = words(visit(school.leo).get(address + asked)).partition("Show")[2]

    assert [name for name in ("Maya Okafor", "Zoe Lind") if name in page] == found
    assert ("No mentor shows all of this." in page) == (not found)


def test_before_anybody_mentors_the_page_says_what_will_stand_there(school: School, visit: Visit, address: str):
    assert "Mentors will stand here." in words(visit(school.leo).get(address))


def test_a_mentee_adds_a_mentor_to_their_wishes_and_a_mentor_sees_themselves_as_others_do(
    school: School, visit: Visit, address: str
):
    cohort = designed(school)
    _offers(school, cohort, school.maya)

    assert "Add to my wishes : Maya Okafor" in words(visit(school.leo).get(address))
    assert "This is how others see you. Change it" in words(visit(school.maya).get(address))


def test_a_mentor_with_a_place_left_is_asked_from_the_directory_where_the_program_takes_requests(
    school: School, visit: Visit, address: str
):
    cohort = designed(school, takes_requests=True)
    _offers(school, cohort, school.maya)
    _offers(school, cohort, school.zoe, capacity=1)
    school.paired(school.join("Noor Saleh"), school.zoe)
    leo = visit(school.leo)

    page = leo.get(address)
    links = re.findall(r'href="([^"]*/requests/new[^"]*)"', page.text)

    assert "Ask : Maya Okafor" in words(page)
    assert "Ask : Zoe Lind" not in words(page)
    assert [words(leo.get(link)).count("What is it about?") for link in links] == [1]
    assert "Ask : " not in words(visit(school.ines).get(address))
    asking.designed(school, takes_requests=False)
    assert "Ask : " not in words(leo.get(address))


def test_three_hundred_mentors_take_as_many_queries_as_three_and_stand_on_six_pages(
    school: School, visit: Visit, address: str, counting: Counting
):
    cohort, leo, counts = designed(school), visit(school.leo), []
    for many in (3, 297):
        for n in range(many):
            person = school.join(f"Mentor {many} {n:03}")
            offered, about = Offered(capacity=1, shows=EVERYTHING), About(languages=["en"])
            say_offer(school.session, cohort, person, offered, about, at=THEN)
        school.session.commit()
        with counting() as queries:
            page = leo.get(address)
        counts.append(len(queries))

    last = words(leo.get(f"{address}?page=6&name=mentor"))
    assert counts[0] == counts[1]
    assert page.text.count('class="card"') == 50
    assert "300 mentors · page 1 of 6" in words(page)
    assert ("Mentor 3 002" in last, "Previous" in last, "Next" in last) == (True, True, False)
    assert "page 6 of 6" in words(leo.get(f"{address}?page=99"))


def test_only_what_can_be_told_apart_is_a_filter(school: School, visit: Visit, address: str):
    cohort = designed(school)
    _offers(school, cohort, school.maya)

    assert options(visit(school.leo).get(address)) == {
        "kind": ["Any", "Team mentor", "Technical mentor"],
        "skill": ["Any", "Negotiating", "Public speaking", "SQL"],
        "topic": ["Any", "Find my way around", "Prepare to lead"],
        "language": ["Any", "English", "Portuguese"],
    }


def test_a_name_is_shown_as_text(school: School, visit: Visit, address: str):
    cohort = designed(school)
    _offers(school, cohort, school.join("<script>alert(1)</script>"))

    assert "<script>alert(1)" not in visit(school.leo).get(address).text


def test_what_my_own_form_hides_is_hidden(school: School, visit: Visit, address: str):
    designed(school)
    maya = visit(school.maya)

    maya.post(f"/courses/{school.course.public_id}/mentoring/mine/offer", data=OFFER | {"shows": []})

    assert "Mentors will stand here." in words(visit(school.leo).get(address))
