"""What instructors see and say of single people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lti_tool.models import Enrolment, Role
from mentoring.participants.excluding import barred
from mentoring.participants.models import Came, ParticipantState
from mentoring.programs.choices import Manner
from mentoring.programs.models import TrainingItem
from mentoring.training.gate import tick
from tests.cast import THEN
from tests.mentoring.conftest import Counting, School
from tests.mentoring.people_parts import NEED, OFFER, designed, part
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def pages(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring"


@pytest.fixture
def ines(school: School, visit: Visit) -> FlaskClient:
    return visit(school.ines)


def test_an_instructor_puts_somebody_down_and_says_what_they_offer_and_need(
    school: School, visit: Visit, ines: FlaskClient, pages: str
):
    cohort, address = designed(school, needs_consent=True), f"{pages}/people/{school.zoe.public_id}"

    ines.post(address, data={"mentors": "y", "seeks": "y"})
    ines.post(f"{address}/offer", data=OFFER)
    ines.post(f"{address}/need", data=NEED)

    theirs = part(school.session, cohort, school.zoe)
    assert (theirs.as_mentor, theirs.as_mentee, theirs.came, theirs.state) == (
        True,
        True,
        Came.ADDED,
        ParticipantState.TAKING_PART,
    )
    assert (theirs.consented, theirs.shows) == (None, [])
    assert (theirs.capacity, theirs.offer.skills, theirs.need.skills) == (
        2,
        ["SQL", "Public speaking"],
        ["Negotiating"],
    )
    assert "Nobody is matched with you before you agree to it." in (
        panel(visit(school.zoe).get(f"/courses/{school.course.public_id}/"), "your-part") or ""
    )
    shown = words(ines.get(address))
    assert "Learner · Takes part Has not agreed They are asked on their home page, and not matched before." in shown
    assert "Looks for Kind of mentor Team mentor Skills to learn Negotiating" in shown


def test_what_an_instructor_may_not_say_for_somebody_is_not_asked(school: School, ines: FlaskClient, pages: str):
    designed(school)

    page = words(ines.get(f"{pages}/people/{school.maya.public_id}/offer"))

    assert "What Maya Okafor offers" in page
    assert "The directory may show" not in page


def test_an_instructor_cannot_leave_fewer_places_than_mentees(school: School, ines: FlaskClient, pages: str):
    designed(school)
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))

    answer = ines.post(f"{pages}/people/{school.maya.public_id}/offer", data=OFFER | {"capacity": "0"})

    assert answer.status_code == 422
    assert "There is a mentee already. Leave one place or more, or end the pair first." in words(answer)


def test_who_has_left_the_course_cannot_be_put_down(school: School, ines: FlaskClient, pages: str):
    designed(school)
    gone = school.join("Tom Reed", is_active=False)

    answer = ines.post(f"{pages}/people/{gone.public_id}", data={"mentors": "y"}, follow_redirects=True)

    assert "Tom Reed is no longer in the course and cannot take part." in words(answer)


def test_the_checklist_is_ticked_by_instructors_and_never_shown_to_the_mentor(
    school: School, visit: Visit, ines: FlaskClient, pages: str
):
    cohort, address = designed(school), f"{pages}/people/{school.maya.public_id}"
    ines.post(f"{address}/offer", data=OFFER)

    ines.post(f"{address}/checklist", data={"checked": ["dedicated", "trust"]})
    wrong = ines.post(f"{address}/checklist", data={"checked": ["humble"]})

    theirs = part(school.session, cohort, school.maya)
    assert theirs.offer.checked == ["dedicated", "trust"]
    assert wrong.status_code == 422
    mine = visit(school.maya)
    assert [
        page for page in ("mine", "mine/offer", "directory") if "edicated" in mine.get(f"{pages}/{page}").text
    ] == []


def test_instructors_keep_two_people_apart_say_why_and_take_it_back(school: School, ines: FlaskClient, pages: str):
    designed(school)
    address = f"{pages}/people/{school.maya.public_id}"

    ines.post(f"{address}/not-with", data={"whom": school.leo.public_id, "source": "grader", "reason": "Marks essays."})

    [exclusion] = barred(school.session, school.course, at=THEN)
    assert (exclusion.source, exclusion.reason, exclusion.said_by_id) == ("grader", "Marks essays.", school.ines.id)
    assert "Leo Baum One grades or assesses the other · said by Ines Torres Marks essays." in words(ines.get(address))
    answer = ines.post(f"{pages}/not-with/{exclusion.public_id}/remove", data={"person": school.maya.public_id})
    assert answer.location == address
    assert barred(school.session, school.course, at=THEN) == []


def test_an_instructor_of_another_course_takes_nothing_back(
    school: School, visit: Visit, ines: FlaskClient, pages: str
):
    designed(school)
    ines.post(
        f"{pages}/people/{school.maya.public_id}/not-with", data={"whom": school.leo.public_id, "source": "grader"}
    )
    [exclusion] = barred(school.session, school.course, at=THEN)
    other = school.cast.course("Another course")
    tom = visit(school.cast.enrol(other, "Tom Reed", Role.INSTRUCTOR))

    answer = tom.post(f"/courses/{other.public_id}/mentoring/not-with/{exclusion.public_id}/remove")

    assert answer.status_code == 404
    assert barred(school.session, school.course, at=THEN) == [exclusion]


@pytest.mark.parametrize(
    "wrong", [{"source": "grader"}, {"whom": "nobody", "source": "grader"}, {"whom": "leo", "source": "asked"}]
)
def test_only_people_and_sources_from_the_lists_are_taken(
    school: School, ines: FlaskClient, pages: str, wrong: dict[str, str]
):
    designed(school)
    data = wrong | ({"whom": school.leo.public_id} if wrong.get("whom") == "leo" else {})

    answer = ines.post(f"{pages}/people/{school.maya.public_id}/not-with", data=data)

    assert answer.status_code == 422
    assert barred(school.session, school.course, at=THEN) == []


def test_whoever_waits_stands_first_and_is_let_in(school: School, visit: Visit, ines: FlaskClient, pages: str):
    cohort = designed(school)
    ines.post(f"{pages}/participants", data={"keeps": "y"})
    visit(school.zoe).post(f"{pages}/mine/offer", data=OFFER)

    page = words(ines.get(f"{pages}/participants"))
    ines.post(f"{pages}/people/{school.zoe.public_id}/let-in")
    again = ines.post(f"{pages}/people/{school.zoe.public_id}/let-in", follow_redirects=True)

    assert "1 person stands on the waiting list." in page
    assert page.index("Zoe Lind") < page.index("Leo Baum")
    assert part(school.session, cohort, school.zoe).capacity == 2
    assert "Zoe Lind does not stand on the waiting list." in words(again)


def test_ticking_a_mentor_who_waits_lets_them_in(school: School, visit: Visit, pages: str):
    cohort = designed(school)
    cohort.keeps_waiting_list = True
    school.session.commit()
    visit(school.maya).post(f"{pages}/mine/offer", data=OFFER)

    school.mentors(maya=3)

    assert part(school.session, cohort, school.maya).capacity == 3


def test_the_training_is_shown_with_how_far_somebody_has_come(school: School, ines: FlaskClient, pages: str):
    cohort = designed(school)
    item = TrainingItem(key="intro", is_for_mentors=True, place=1, title="Introduction", manner=Manner.IN_PERSON)
    cohort.version.training.append(item)
    school.session.commit()
    address = f"{pages}/people/{school.maya.public_id}"
    ines.post(f"{address}/offer", data=OFFER)
    said = []

    for is_done in (False, True):
        tick(school.session, cohort, item, {school.maya: is_done}, by=school.ines, at=THEN)
        school.session.commit()
        said.append(words(ines.get(address)).partition("Training of mentors: ")[2].partition(" Takes")[0])

    assert said == ["Not done", "Done"]


def test_everybody_is_listed_with_as_many_queries_however_many_they_are(
    school: School, ines: FlaskClient, pages: str, counting: Counting
):
    designed(school)
    ines.get(f"{pages}/participants")
    counts = []
    for joining in (1, 30):
        for n in range(joining):
            person = school.join(f"Learner {joining} {n}")
            ines.post(f"{pages}/people/{person.public_id}/need", data=NEED, follow_redirects=True)
        with counting() as queries:
            assert ines.get(f"{pages}/participants").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["participants", "people/PERSON", "people/PERSON/offer", "people/PERSON/need"])
def test_instructors_open_the_pages_and_nobody_else_does(school: School, visit: Visit, pages: str, page: str):
    designed(school)
    address = f"{pages}/{page.replace('PERSON', school.leo.public_id)}"
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)

    assert [visit(person).get(address).status_code for person in (school.ines, tariq, school.leo, school.maya)] == [
        200,
        403,
        403,
        403,
    ]
