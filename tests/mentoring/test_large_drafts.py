"""Drafts of classes too large to be solved while a page is waited for: what is asked is answered by a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.jobs import Job, JobState
from lti_tool.models import Enrolment, Role
from lti_tool.running import working
from mentoring.pairing.matching.people import Question
from mentoring.pairing.matching.solution import Unanswered
from mentoring.pairing.models import RunState
from mentoring.pairing.runs import asking, beginning, helping
from tests.mentoring.classes import mentee, mentor
from tests.mentoring.conftest import School
from tests.mentoring.test_draft_pages import Desk, key

Visit = Callable[[Enrolment], FlaskClient]

AWAITED = "You can leave this page and come back"


@pytest.fixture
def desk(app: Flask, school: School, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Maya and Tom mentor, Leo, Zoe and Noor seek; the class counts as large, and its draft is made."""
    tom, noor = school.join("Tom Ray", Role.ASSISTANT), school.join("Noor Saleh")
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 1, skills=["Python"], languages=["en"]),
            mentor(school.cohort, tom, 1, skills=["Drawing"], languages=["de", "en"]),
            mentee(school.cohort, school.leo, skills=["Python"], languages=["en"]),
            mentee(school.cohort, school.zoe, skills=["Drawing"], languages=["de"]),
            mentee(school.cohort, noor, skills=["Cooking"], languages=["en"]),
        ]
    )
    school.session.commit()
    monkeypatch.setattr(beginning, "AT_ONCE", 0)
    desk = Desk(school, visit(school.ines))
    desk.suggest()
    finish(app, desk)
    assert desk.pairs() == {("Leo Baum", "Maya Okafor"), ("Zoe Lind", "Tom Ray")}
    return desk


def finish(app: Flask, desk: Desk) -> None:
    """Whatever has been asked for is done by now."""
    working.drain(app)
    desk.school.session.rollback()


def ask(desk: Desk, name: str, inquiry: str) -> str:
    """By a button of this person's page; the page that one comes to."""
    _status, page = desk.post(f"people/{key(desk, name)}/inquiries", inquiry=inquiry)
    return page


def help_page(desk: Desk, name: str) -> str:
    return desk.client.get(f"{desk.url}/people/{key(desk, name)}/help?kind=mentor").text


def inquiries(desk: Desk) -> list[Job]:
    return list(desk.school.session.scalars(select(Job).where(Job.kind == asking.JOB)))


def test_what_would_place_somebody_is_asked_left_and_come_back_to(app: Flask, desk: Desk):
    before = help_page(desk, "Noor")
    asked = ask(desk, "Noor", "help:mentor")
    ask(desk, "Noor", "help:mentor")
    finish(app, desk)
    page = help_page(desk, "Noor")

    assert ("Work it out" in before, AWAITED in asked, AWAITED in page) == (True, True, False)
    assert len(inquiries(desk)) == 1
    assert "One more place with Maya Okafor." in page
    assert "Then: Noor Saleh with Maya Okafor." in page
    _status, page = desk.post(f"people/{key(desk, 'Noor')}/help", deed=f"place:{key(desk, 'Maya')}")
    assert "has 2 places now." in page
    finish(app, desk)
    assert ("Noor Saleh", "Maya Okafor") in desk.pairs()


def test_what_is_certain_is_said_before_anything_is_solved(desk: Desk):
    page = help_page(desk, "Noor")

    assert "One more place with any of these would do" in page
    assert "Maya Okafor and Tom Ray" in page


def test_an_answer_to_another_state_of_things_is_not_shown(app: Flask, desk: Desk):
    ask(desk, "Noor", "help:mentor")
    finish(app, desk)
    desk.act(f"lock:{desk.match('Leo').public_id}")

    stale = help_page(desk, "Noor")
    ask(desk, "Noor", "help:mentor")
    finish(app, desk)
    desk.school.maya.is_active = False
    desk.school.session.commit()

    assert ("Things have changed since this was worked out." in stale, "Then:" in stale) == (True, False)
    assert "Things have changed since this was worked out." in help_page(desk, "Noor")
    assert [job.state for job in inquiries(desk)] == [JobState.DONE, JobState.DONE]


def test_what_changes_while_an_answer_is_found_makes_it_one_to_what_was_before(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    ask(desk, "Noor", "help:mentor")
    search = helping.search

    def search_while_somebody_locks(*told: object, **how: object) -> object:
        desk.act(f"lock:{desk.match('Leo').public_id}")
        return search(*told, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(asking, "search", search_while_somebody_locks)
    finish(app, desk)

    assert "Things have changed since this was worked out." in help_page(desk, "Noor")


def test_what_a_pair_would_cost_is_answered_beside_the_mentor(app: Flask, desk: Desk):
    leo, tom = key(desk, "Leo"), key(desk, "Tom")
    before = desk.client.get(f"{desk.url}/people/{leo}").text

    asked = ask(desk, "Leo", f"with:{tom}:mentor")
    finish(app, desk)
    page = desk.client.get(f"{desk.url}/people/{leo}?with={tom}&kind=mentor").text

    assert (f"with:{tom}:mentor" in before, AWAITED in asked, AWAITED in page) == (True, True, False)
    assert "If the two were together:" in page
    assert "would have a score of" in page


def test_news_of_an_answer_are_asked_for_until_it_is_there(app: Flask, desk: Desk):
    url = f"{desk.url}/people/{key(desk, 'Noor')}/inquiries?kind=mentor"
    ask(desk, "Noor", "help:mentor")

    waiting = desk.client.get(url, headers={"HX-Request": "true"})
    finish(app, desk)
    done = desk.client.get(url, headers={"HX-Request": "true"})
    by_hand = desk.client.get(url, follow_redirects=True).text

    assert ("Being worked out" in waiting.text, waiting.headers.get("HX-Refresh")) == (True, None)
    assert done.headers.get("HX-Refresh") == "true"
    assert "One more place with Maya Okafor." in by_hand


def test_how_far_it_has_come_is_a_bar_with_words(desk: Desk):
    ask(desk, "Noor", "help:mentor")
    [job] = inquiries(desk)
    job.state, job.done, job.total = JobState.RUNNING, 2, 7
    desk.school.session.commit()

    page = help_page(desk, "Noor")

    assert "2 of 7 arrangements are solved." in page
    assert '<progress id="engine-progress" value="2" max="7">' in page


def test_a_work_loop_that_stands_still_is_said(desk: Desk):
    ask(desk, "Noor", "help:mentor")

    with clock.moved_to(clock.now() + timedelta(minutes=3)):
        page = help_page(desk, "Noor")

    assert "Nobody has begun with this." in page


def test_where_the_engine_gives_up_there_is_no_answer_but_a_sentence(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def give_up(*_told: object, **_how: object) -> None:
        raise Unanswered("too hard")

    monkeypatch.setattr("mentoring.pairing.runs.helping.propose", give_up)
    monkeypatch.setattr("mentoring.pairing.runs.comparing.propose", give_up)
    leo, tom = key(desk, "Leo"), key(desk, "Tom")
    ask(desk, "Noor", "help:mentor")
    ask(desk, "Leo", f"with:{tom}:mentor")
    finish(app, desk)

    assert "As things stand now there is no arrangement at all." in help_page(desk, "Noor")
    assert (
        "The two cannot be together at all" in desk.client.get(f"{desk.url}/people/{leo}?with={tom}&kind=mentor").text
    )


@pytest.mark.parametrize("inquiry", ["", "help:", "help:nothing", "with:nobody:mentor", "with:", "explode:mentor:x"])
def test_a_question_about_nobody_is_not_asked(desk: Desk, inquiry: str):
    page = ask(desk, "Noor", inquiry)

    assert "Things have changed meanwhile, so nothing was done." in page
    assert inquiries(desk) == []


def test_somebody_who_was_given_a_mentor_meanwhile_is_not_asked_about(desk: Desk):
    noor = desk.school.session.scalars(select(Enrolment).where(Enrolment.person.has(name="Noor Saleh"))).one()
    desk.school.pair((noor, desk.school.maya))

    page = ask(desk, "Noor", "help:mentor")

    assert "Things have changed meanwhile, so nothing was done." in page
    assert (inquiries(desk), desk.run.state) == ([], RunState.DRAFT)


def test_a_course_asks_a_few_questions_at_a_time(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "MOST_AT_A_TIME", 1)
    ask(desk, "Noor", "help:mentor")

    again, other = ask(desk, "Noor", "help:mentor"), ask(desk, "Leo", "help:mentor")
    _status, weights = desk.post("weights", **{question.value: "1" for question in Question})

    assert "Several questions about this course are being worked on." not in again
    assert "Several questions about this course are being worked on." in other
    assert "Several questions about this course are being worked on." in weights
    assert len(inquiries(desk)) == 1
    finish(app, desk)
    assert "Several questions about this course are being worked on." not in ask(desk, "Leo", "help:mentor")
    assert len(inquiries(desk)) == 2
