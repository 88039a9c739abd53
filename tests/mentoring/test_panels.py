from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.models import Enrolment, Placement, Role
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.runs.beginning import begin
from mentoring.participants.offering import Offering
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import designed, in_state
from tests.mentoring.classes import mentee
from tests.mentoring.conftest import School
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]
Home = Callable[[Enrolment], TestResponse]


@pytest.fixture
def home(school: School, visit: Visit) -> Home:
    return lambda person: visit(person).get(f"/courses/{school.course.public_id}/")


def test_a_learner_sees_their_mentor_and_since_when(school: School, home: Home):
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))

    page = home(school.leo)

    assert panel(page, "your-mentor") == "Your mentor Maya Okafor Mentor · since November 23, 2026 , not met yet"
    assert (
        "You and Maya Okafor are a pair. Arrange a first meeting, and say when you have met."
        " Open your page with Maya Okafor"
    ) in words(page)


def test_two_who_have_met_are_not_told_to_meet(school: School, home: Home):
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=2)
    in_state(school, MentorshipState.ACTIVE)

    for person in (school.leo, school.maya):
        assert "not met yet" not in words(home(person))
        assert "Arrange a first meeting" not in words(home(person))


def test_a_learner_who_may_ask_a_mentor_is_told_so_when_nothing_else_is_to_be_said(school: School, home: Home):
    designed(school, takes_requests=True)
    school.session.add(mentee(school.cohort, school.leo))
    school.session.commit()

    page = home(school.leo)

    assert "You have no mentor yet, and may ask one yourself. Ask a mentor" in words(page)
    assert (
        f'<a class="button is-primary" href="/courses/{school.course.public_id}/mentoring/requests/new">' in page.text
    )


def test_a_learner_without_a_mentor_is_told_what_will_happen(school: School, home: Home):
    assert panel(home(school.leo), "your-mentor") == (
        "Your mentor You have no mentor yet. Your instructor chooses one for you."
        " Their name will stand here as soon as that is done."
    )


def test_a_mentor_sees_their_mentees_and_free_places(school: School, home: Home):
    school.mentors(maya=3)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))

    page = home(school.maya)

    assert panel(page, "your-mentees") == (
        "Your mentees Leo Baum since November 23, 2026, not met yet Zoe Lind since November 23, 2026, not met yet"
        " You have one free place left. How it goes for you"
    )
    assert panel(page, "your-mentor") is None


def test_a_mentor_without_mentees_is_told_what_will_happen(school: School, home: Home):
    school.mentors(maya=2)

    assert panel(home(school.maya), "your-mentees") == (
        "Your mentees You have no mentees yet, and 2 free places. Your instructor chooses who comes to you."
        " Their names will stand here as soon as that is done."
    )


def test_somebody_who_mentors_and_is_mentored_sees_both(school: School, home: Home):
    school.mentors(maya=1, leo=1)
    school.pair((school.leo, school.maya), (school.zoe, school.leo))

    page = home(school.leo)

    assert "Maya Okafor" in (panel(page, "your-mentor") or "")
    assert "Zoe Lind" in (panel(page, "your-mentees") or "")


def test_nobody_sees_other_peoples_pairs(school: School, home: Home):
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))

    page = home(school.zoe)

    assert "Leo Baum" not in page.text
    assert "Maya Okafor" not in page.text


def test_a_mentorship_that_ended_is_no_longer_shown_to_either(school: School, home: Home, visit: Visit):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    address = f"/courses/{school.course.public_id}/mentoring/mentorships/{mentorship.public_id}/end"

    visit(school.ines).post(address)

    assert "Maya Okafor" not in (panel(home(school.leo), "your-mentor") or "")
    assert "Leo Baum" not in (panel(home(school.maya), "your-mentees") or "")


def test_the_mentor_of_another_course_is_not_shown_here(school: School, visit: Visit):
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))
    other = school.cast.course("Another course")
    leo_there = school.cast.enrol(other, "Leo Baum")

    page = visit(leo_there).get(f"/courses/{other.public_id}/")

    assert "You have no mentor yet." in (panel(page, "your-mentor") or "")


def test_an_assistant_who_mentors_sees_their_mentees_and_no_pairing(school: School, home: Home):
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)
    assert panel(home(tariq), "your-mentees") is None
    school.offers(Offering(tariq, 1))
    school.pair((school.leo, tariq))

    page = home(tariq)

    assert "Leo Baum" in (panel(page, "your-mentees") or "")
    assert panel(page, "pairing") is None


def test_a_preview_student_sees_the_page_as_a_learner_would(school: School, home: Home):
    preview = school.join("Student View", is_test=True)

    assert "You have no mentor yet." in (panel(home(preview), "your-mentor") or "")


def test_an_instructor_begins_with_a_checklist_and_one_next_step(school: School, home: Home):
    school.course.roster_url = "https://campus.example/nrps"
    school.session.commit()

    page = home(school.ines)

    said = panel(page, "pairing") or ""
    assert said.startswith("Pairing 3 still need a mentor 0 mentors with free places 0 pairs Getting started")
    assert "Getting started Design the program Choose a ready-made one" in said
    assert "Read the class list Read it now : Read the class list" in said
    assert "Nobody mentors in this course yet. Say who does, and how many mentees they can take." in words(page)
    assert f'<a class="button is-primary" href="/courses/{school.course.public_id}/mentoring/mentors">' in page.text


def test_while_somebody_waits_and_a_place_is_free_the_next_step_is_to_assign(school: School, home: Home):
    school.mentors(maya=2)

    page = home(school.ines)

    assert "2 people still need a mentor. Assign mentors" in words(page)
    assert f'<a class="button is-primary" href="/courses/{school.course.public_id}/mentoring/pairing">' in page.text


def test_while_a_draft_waits_the_next_step_is_to_open_it(school: School, home: Home):
    school.mentors(maya=1)
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()

    page = home(school.ines)

    assert "A draft of pairs waits for you." in words(page)
    assert f'/mentoring/pairing/runs/{run.public_id}">Open the draft</a>' in page.text


def test_when_every_place_is_taken_the_next_step_is_to_find_more(school: School, home: Home):
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))

    assert (
        "One person still needs a mentor. Every place is taken. Say who else mentors, or let mentors have more places."
        " Find more places"
    ) in words(home(school.ines))


def test_fewer_places_than_people_who_wait_are_said_before_the_last_is_taken(school: School, visit: Visit, home: Home):
    school.mentors(maya=1)
    sentence = (
        "2 people still need a mentor. Only one place is free. Say who else mentors, or let mentors have more places."
        " Find more places"
    )

    assert f"Next for you {sentence}" in words(home(school.ines))
    assert f"Too few places {sentence}" in words(
        visit(school.ines).get(f"/courses/{school.course.public_id}/mentoring/pairing")
    )

    begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()

    assert f"Too few places {sentence}" in (panel(home(school.ines), "pairing") or "")


def test_nothing_is_said_of_places_while_there_are_enough(school: School, visit: Visit, home: Home):
    school.mentors(maya=2)

    assert "place" not in (panel(home(school.ines), "pairing") or "").replace("free places", "")
    assert "Too few places" not in words(
        visit(school.ines).get(f"/courses/{school.course.public_id}/mentoring/pairing")
    )


def test_the_checklist_disappears_when_all_is_done(school: School, home: Home):
    school.mentors(maya=2)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))
    course = school.course
    school.session.add(
        Placement(
            deployment_id=course.deployment_id,
            course_id=course.id,
            resource_link_id="quiz-1",
            activity="quiz",
            created=THEN,
        )
    )
    school.session.commit()

    assert panel(home(school.ines), "pairing") == "Pairing 0 still need a mentor 0 mentors with free places 2 pairs"


def test_the_pages_stand_in_the_navigation_of_instructors_only(school: School, home: Home):
    address = f'href="/courses/{school.course.public_id}/mentoring/pairing"'

    assert address in home(school.ines).text
    assert address not in home(school.leo).text
