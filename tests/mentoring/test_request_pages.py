"""Asking a mentor, and what the home pages say while an answer is waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.mentorships import answering
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Participant, ParticipantState
from mentoring.participants.queries import participants_of
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import (
    A_DAY,
    deliver,
    designed,
    held,
    in_state,
    proposed,
    requested,
    second_kind,
    wishes,
)
from tests.mentoring.conftest import School
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState


@pytest.fixture
def asking(school: School) -> School:
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=2)
    return school


def participant(school: School, person: Enrolment) -> Participant:
    return participants_of(school.session, school.cohort)[person.id]


def address(school: School, mentor: Enrolment | None = None) -> str:
    query = f"?mentor={participant(school, mentor).public_id}" if mentor else ""
    return f"/courses/{school.course.public_id}/mentoring/requests/new{query}"


def home(school: School, visit: Visit, person: Enrolment) -> TestResponse:
    with clock.moved_to(THEN):
        return visit(person).get(f"/courses/{school.course.public_id}/")


def ask(school: School, visit: Visit, mentee: Enrolment, mentor: Enrolment, **said: str) -> TestResponse:
    with clock.moved_to(THEN):
        return visit(mentee).post(address(school, mentor), data=said, follow_redirects=True)


def test_a_mentee_chooses_a_mentor_and_writes_a_case(asking: School, visit: Visit):
    listed = words(visit(asking.leo).get(address(asking)))
    form = words(visit(asking.leo).get(address(asking, asking.maya)))
    answer = ask(asking, visit, asking.leo, asking.maya, kind="mentor", case="I would like to learn Rust")

    assert "Maya Okafor Ask : Maya Okafor" in listed
    assert "Maya Okafor has 3 days to answer." in form
    assert "Maya Okafor is asked." in words(answer)
    [made] = asking.session.scalars(select(Mentorship))
    assert (made.state, made.case_text) == (S.PROPOSED, "I would like to learn Rust")


def test_a_case_and_a_kind_have_to_be_there(asking: School, visit: Visit):
    second_kind(asking)

    answer = ask(asking, visit, asking.leo, asking.maya, case=" ")

    assert answer.status_code == 422
    assert "Choose as which kind of mentor you ask them." in words(answer)
    assert "Write what you would like help with, so that they can decide." in words(answer)


def test_what_no_rule_allows_is_refused_with_a_sentence_and_what_was_typed_stays(asking: School, visit: Visit):
    requested(asking, asking.leo, asking.maya)

    answer = ask(asking, visit, asking.leo, asking.maya, kind="mentor", case="Once more")

    assert answer.status_code == 422
    assert "Maya Okafor mentors Leo Baum already, or has been asked to." in words(answer)
    assert "Once more" in answer.text


def test_where_the_program_takes_no_requests_the_page_says_so(asking: School, visit: Visit):
    designed(asking, takes_requests=False)

    page = words(visit(asking.leo).get(address(asking)))
    answer = ask(asking, visit, asking.leo, asking.maya, kind="mentor", case="Please")

    assert "In this program mentors are not asked by mentees." in page
    assert (answer.status_code, asking.session.scalars(select(Mentorship)).all()) == (422, [])


def test_somebody_of_another_course_cannot_be_asked(asking: School, visit: Visit):
    other = asking.cast.course("Another course")
    leo_there = asking.cast.enrol(other, "Leo Baum")
    query = address(asking, asking.maya).partition("?")[2]

    answer = visit(leo_there).get(f"/courses/{other.public_id}/mentoring/requests/new?{query}")

    assert "Maya" not in answer.text


def test_a_learner_reads_at_home_who_was_asked_and_until_when(asking: School, visit: Visit):
    proposed(asking, asking.leo, asking.maya)

    said = panel(home(asking, visit, asking.leo), "your-mentor")

    assert said == (
        "Your mentor Maya Okafor Mentor · Maya Okafor was asked, and is to answer by Nov 26, 2026, 9:00 AM UTC ."
        " Ask a mentor"
    )


def test_a_mentor_reads_at_home_who_waits_for_them_the_longest_first(asking: School, visit: Visit):
    requested(asking, asking.zoe, asking.maya, at=THEN + A_DAY)
    requested(asking, asking.leo, asking.maya)

    page = home(asking, visit, asking.maya)

    assert "Leo Baum waits for your answer, which is due by Nov 26, 2026" in words(page)
    said = panel(page, "asked-of-you") or ""
    assert said.startswith("Waiting for your answer Leo Baum Answer : Leo Baum Waits since Nov 23, 2026, 9:00 AM UTC")
    assert said.index("Leo Baum") < said.index("Zoe Lind")


def test_a_question_back_is_the_mentees_next_step(asking: School, visit: Visit):
    in_state(asking, S.INFO_ASKED)

    page = words(home(asking, visit, asking.leo))

    assert "Maya Okafor waits for your answer, which is due by Nov 26, 2026, 9:00 AM UTC. Answer Maya Okafor" in page


def test_an_instructor_reads_first_who_waits_too_long_and_can_act_at_once(app: Flask, asking: School, visit: Visit):
    tom = asking.join_mentor("Tom Reed")
    wishes(asking, asking.leo, tom)
    asked = requested(asking, asking.leo, asking.maya)
    assert panel(home(asking, visit, asking.ines), "waiting-too-long") is None
    deliver(app, asking.session, at=THEN + 2 * A_DAY)

    said = panel(home(asking, visit, asking.ines), "waiting-too-long") or ""
    answer = visit(asking.ines).post(
        f"/courses/{asking.course.public_id}/mentoring/mentorships/{asked.public_id}/pass-on",
        data={"from": "home"},
        follow_redirects=True,
    )

    assert said.startswith(
        "Waiting too long Maya Okafor and Leo Baum Leo Baum has waited for Maya Okafor since Nov 23, 2026, 9:00 AM UTC"
    )
    assert ["Remind" in said, "Pass on" in said, "Take back" in said] == [True] * 3
    assert "Tom Reed is asked for Leo Baum now." in words(answer)
    assert 'id="panel-' in answer.text


def test_whoever_is_left_over_stands_on_the_instructors_home_with_why(asking: School, visit: Visit):
    asked = proposed(asking, asking.leo, asking.maya)
    answering.decline(asking.session, held(asking, asked), by=asking.maya, at=THEN, reason="no_time")
    asking.session.commit()

    said = panel(home(asking, visit, asking.ines), "waiting-too-long") or ""

    assert (
        "Nobody is asked for them any more Maya Okafor and Leo Baum Declined I have no time at present."
        " Nobody else of their wishes was left to ask."
    ) in said

    requested(asking, asking.leo, asking.maya)
    assert panel(home(asking, visit, asking.ines), "waiting-too-long") is None


def test_a_mentor_who_lets_asks_go_by_may_take_a_break_and_come_back(app: Flask, asking: School, visit: Visit):
    for n in range(3):
        requested(asking, asking.leo, asking.maya, at=THEN + 3 * n * A_DAY)
        deliver(app, asking.session, at=THEN + 3 * (n + 1) * A_DAY)
    maya = visit(asking.maya)
    rest = f"/courses/{asking.course.public_id}/mentoring/requests/break"

    offered = panel(home(asking, visit, asking.maya), "asked-of-you") or ""
    to_instructors = panel(home(asking, visit, asking.ines), "waiting-too-long") or ""
    taken = words(maya.post(rest, follow_redirects=True))
    nobody = words(visit(asking.leo).get(address(asking)))
    back = words(maya.post(rest, data={"back": "1"}, follow_redirects=True))

    assert "Take a break of thirty days" in offered
    assert "Maya Okafor let 3 questions go by in a row, and was offered a break." in to_instructors
    assert "Nobody asks you for thirty days. Your mentees stay with you." in taken
    assert "Nobody has a free place at present." in nobody
    assert "Welcome back. You may be asked again." in back


def test_a_break_is_over_on_its_day(app: Flask, asking: School, visit: Visit):
    rest = f"/courses/{asking.course.public_id}/mentoring/requests/break"
    with clock.moved_to(THEN):
        visit(asking.maya).post(rest)

    deliver(app, asking.session, at=THEN + 29 * A_DAY)
    before = participant(asking, asking.maya).state
    deliver(app, asking.session, at=THEN + 30 * A_DAY)

    assert (before, participant(asking, asking.maya).state) == (ParticipantState.PAUSED, ParticipantState.TAKING_PART)


def test_an_assistant_may_ask_and_an_observer_may_not(asking: School, visit: Visit):
    people = [asking.join("Tariq Aziz", Role.ASSISTANT), asking.join("Olga Obs", Role.OBSERVER)]

    assert [visit(each).get(address(asking)).status_code for each in people] == [200, 403]


def test_mentors_without_a_common_language_are_not_offered_and_cannot_be_asked(asking: School, visit: Visit):
    requested(asking, asking.leo, asking.join_mentor("Tom Reed"))
    participant(asking, asking.leo).languages, participant(asking, asking.maya).languages = ["de"], ["en"]
    asking.session.commit()

    listed = words(visit(asking.leo).get(address(asking)))
    answer = ask(asking, visit, asking.leo, asking.maya, kind="mentor", case="Please")

    assert "Maya Okafor" not in listed
    assert "Maya Okafor and Leo Baum have no language in common. Choose somebody else." in words(answer)
