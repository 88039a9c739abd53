"""Runs that nobody waits for: over large classes in a process of their own, and for newcomers without a click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.jobs import Job, JobState
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.running import delivering, working
from mentoring.pairing.matching.people import Question
from mentoring.pairing.matching.proposing import propose
from mentoring.pairing.matching.solution import Unanswered
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.runs import beginning
from mentoring.programs import newcomers
from tests.cast import THEN
from tests.mentoring.classes import drawn_class
from tests.mentoring.conftest import School

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def large(school: School, monkeypatch: pytest.MonkeyPatch) -> School:
    """A class that counts as large, with mentors and mentees."""
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=9, mentors=3)
    monkeypatch.setattr(beginning, "AT_ONCE", 0)
    return school


def only_run(school: School) -> MatchRun:
    """As the database has it now, whoever wrote it."""
    school.session.rollback()
    return school.session.scalars(select(MatchRun).execution_options(populate_existing=True)).one()


def suggest(school: School, client: FlaskClient) -> str:
    base = f"/courses/{school.course.public_id}/mentoring/pairing"
    return client.post(f"{base}/runs", follow_redirects=True).text


def test_a_large_class_can_be_left_and_come_back_to(app: Flask, large: School, visit: Visit):
    ines = visit(large.ines)

    page = suggest(large, ines)
    before = only_run(large).state
    working.drain(app)

    assert "You can leave this page and come back" in page
    assert (before, only_run(large).state, len(only_run(large).matches)) == (RunState.WORKING, RunState.DRAFT, 9)
    board = ines.get(f"/courses/{large.course.public_id}/mentoring/pairing").text
    assert "A draft of pairs waits for you" in board


def job_of(school: School) -> Job:
    school.session.rollback()
    return school.session.scalars(
        select(Job).where(Job.kind == beginning.JOB).execution_options(populate_existing=True)
    ).one()


def test_how_far_a_run_has_come_is_a_bar_that_says_what_is_done_now(large: School, visit: Visit):
    ines = visit(large.ines)
    before, job = suggest(large, ines), job_of(large)
    job.state, job.done, job.total = JobState.RUNNING, 2, 5
    large.session.commit()

    page = ines.get(f"/courses/{large.course.public_id}/mentoring/pairing/runs/{only_run(large).public_id}").text

    assert ("It begins as soon as" in before, "<progress" in before) == (True, False)
    assert "2 of 5 steps are done. Now: the best place for whoever is worst off." in page
    assert '<progress id="engine-progress" value="2" max="5">' in page


def test_the_engine_says_how_far_it_has_come_while_it_works(
    app: Flask, large: School, visit: Visit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working, "WRITE_EVERY", 0)
    suggest(large, visit(large.ines))

    working.drain(app)

    assert (job_of(large).done, job_of(large).total) == (4, 5)


def test_the_page_that_asks_for_news_is_loaded_anew_once_there_is_a_draft(app: Flask, large: School, visit: Visit):
    ines = visit(large.ines)
    suggest(large, ines)
    url = f"/courses/{large.course.public_id}/mentoring/pairing/runs/{only_run(large).public_id}"

    waiting = ines.get(url, headers={"HX-Request": "true"})
    working.drain(app)
    done = ines.get(url, headers={"HX-Request": "true"})

    assert ("It begins as soon as" in waiting.text, waiting.headers.get("HX-Refresh")) == (True, None)
    assert (done.text, done.headers.get("HX-Refresh")) == ("", "true")


def test_other_weights_that_take_a_while_are_waited_for_where_they_will_be_compared(
    app: Flask, large: School, visit: Visit
):
    ines = visit(large.ines)
    suggest(large, ines)
    working.drain(app)
    url = f"/courses/{large.course.public_id}/mentoring/pairing/runs/{only_run(large).public_id}/weights"

    answer = ines.post(url, data={each.value: "1" for each in Question})
    waiting = ines.get(answer.location).text
    working.drain(app)
    done = ines.get(answer.location, headers={"HX-Request": "true"})

    assert f'hx-get="{answer.location}"' in waiting
    assert done.headers.get("HX-Refresh") == "true"
    assert "Two drafts side by side" in ines.get(answer.location).text


def test_a_run_that_was_stopped_stays_put_away(app: Flask, large: School, visit: Visit):
    ines = visit(large.ines)
    suggest(large, ines)
    run = only_run(large)

    ines.post(f"/courses/{large.course.public_id}/mentoring/pairing/runs/{run.public_id}/discard")
    working.drain(app)

    assert (only_run(large).state, only_run(large).matches) == (RunState.DISCARDED, [])
    assert job_of(large).state is JobState.CANCELLED


def test_nobody_works_on_a_run_that_another_took_the_place_of(large: School, visit: Visit):
    ines = visit(large.ines)
    suggest(large, ines)
    suggest(large, ines)

    runs = large.session.scalars(select(MatchRun).order_by(MatchRun.id)).all()
    states = large.session.scalars(select(Job.state).where(Job.kind == "match-run").order_by(Job.id)).all()
    assert [run.state for run in runs] == [RunState.DISCARDED, RunState.WORKING]
    assert states == [JobState.CANCELLED, JobState.WAITING]


def test_a_run_that_is_stopped_while_it_is_solved_goes_no_further(
    app: Flask, large: School, visit: Visit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working, "WRITE_EVERY", 0)
    ines = visit(large.ines)
    suggest(large, ines)
    url = f"/courses/{large.course.public_id}/mentoring/pairing/runs/{only_run(large).public_id}/discard"

    def solve_while_somebody_stops_it(*told: Any, **how: Any) -> object:
        ines.post(url)
        propose(*told, **how)
        raise AssertionError("not reached")

    monkeypatch.setattr("mentoring.pairing.runs.beginning.propose", solve_while_somebody_stops_it)
    working.drain(app)

    assert (only_run(large).state, job_of(large).state) == (RunState.DISCARDED, JobState.CANCELLED)


def test_a_run_that_comes_to_nothing_says_so_and_stands_in_nobody_s_way(
    app: Flask, large: School, visit: Visit, monkeypatch: pytest.MonkeyPatch
):
    def give_up(*_told: object, **_how: object) -> None:
        raise Unanswered("too hard")

    ines = visit(large.ines)
    suggest(large, ines)
    first = only_run(large).public_id
    monkeypatch.setattr("mentoring.pairing.runs.beginning.propose", give_up)

    working.drain(app)

    assert (only_run(large).state, only_run(large).problem) == (RunState.FAILED, "Unanswered")
    page = ines.get(f"/courses/{large.course.public_id}/mentoring/pairing/runs/{first}").text
    assert "No arrangement was found, and nothing was changed." in page
    assert "You can leave this page and come back" in suggest(large, ines)


def test_newcomers_who_are_ready_are_put_up_together_and_instructors_hear_of_it_once(app: Flask, school: School):
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=4, mentors=2)
    for minutes in (0, 3):
        newcomers.put_up(school.session, school.cohort, THEN + timedelta(minutes=minutes))
    school.session.commit()

    with clock.moved_to(THEN + timedelta(minutes=5)):
        delivering.drain(app)
    early = school.session.scalars(select(MatchRun)).all()
    with clock.moved_to(THEN + timedelta(minutes=14)):
        delivering.drain(app)

    school.session.rollback()
    told = school.session.scalars(select(PersonalNotice).where(PersonalNotice.kind == "drafts")).all()
    assert early == []
    assert (only_run(school).state, only_run(school).made_by) == (RunState.DRAFT, None)
    assert [(each.enrolment_id, each.subject) for each in told] == [
        (school.ines.id, "Newcomers can be matched: a draft of pairs waits for you")
    ]


def test_nobody_is_put_up_where_nobody_mentors(app: Flask, school: School):
    newcomers.put_up(school.session, school.cohort, THEN)
    school.session.commit()

    with clock.moved_to(THEN + timedelta(hours=1)):
        delivering.drain(app)

    assert school.session.scalars(select(MatchRun)).all() == []
