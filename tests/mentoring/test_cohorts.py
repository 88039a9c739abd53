"""Runs of a program: planned, opened one at a time, moved on, and closed when no pair stands any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment
from mentoring.mentorships import ending
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current, ensure
from tests.cast import THEN
from tests.mentoring.conftest import School
from tests.mentoring.reading import panel, sent, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def ines(school: School, visit: Visit) -> FlaskClient:
    return visit(school.ines)


def runs(school: School, then: str = "/new") -> str:
    return f"/courses/{school.course.public_id}/mentoring/program/runs{then}"


def plan(school: School, ines: FlaskClient, **said: str) -> Cohort:
    ines.post(runs(school), data={**sent(ines.get(runs(school))), **said})
    return school.session.scalars(select(Cohort).order_by(Cohort.id.desc())).first() or pytest.fail("no run")


def move(school: School, ines: FlaskClient, cohort: Cohort, to: str) -> str:
    answer = ines.post(runs(school, f"/{cohort.public_id}/state"), data={"to": to}, follow_redirects=True)
    return words(answer)


def test_a_run_is_planned_with_its_days_and_opens_when_it_is_opened(school: School, ines: FlaskClient):
    cohort = plan(school, ines, title="Autumn", first_day="2026-09-14", last_day="2026-12-18")

    assert (cohort.title, cohort.state, cohort.version.used) == ("Autumn", "draft", None)
    assert cohort.starts == datetime(2026, 9, 14, tzinfo=UTC)
    assert cohort.ends == datetime(2026, 12, 19, tzinfo=UTC)
    assert current(school.session, school.course) is None
    assert "The run is open." in move(school, ines, cohort, "open")
    assert (current(school.session, school.course), cohort.version.used is None) == (cohort, False)
    assert sent(ines.get(runs(school, f"/{cohort.public_id}")))["last_day"] == "2026-12-18"


def test_a_run_without_a_last_day_has_no_end(school: School, ines: FlaskClient):
    assert plan(school, ines, first_day="2026-09-14", last_day="").ends is None


def test_a_run_goes_from_opening_to_its_end(school: School, ines: FlaskClient):
    cohort = plan(school, ines)
    found = []

    for to in ("open", "matching", "running", "closing", "closed"):
        move(school, ines, cohort, to)
        found.append((cohort.state.value, current(school.session, school.course) is cohort))

    assert found == [
        ("open", True),
        ("matching", True),
        ("running", True),
        ("closing", True),
        ("closed", False),
    ]
    assert "It is over and stays as it was." in words(ines.get(runs(school, f"/{cohort.public_id}")))


def test_what_has_happened_and_what_it_means_is_said_in_a_sentence(school: School, ines: FlaskClient):
    cohort = plan(school, ines)

    opened, matching = move(school, ines, cohort, "open"), move(school, ines, cohort, "matching")

    assert "The run is open." in opened
    assert "People join now: they say what they offer and look for." in opened
    assert "No pair stands yet." in opened
    assert "Go to pairing" in opened
    assert "Matching has begun." in matching
    assert "Whoever joins from here on waits until you let them in." in matching


@pytest.mark.parametrize("to", ["closed", "matching", "nonsense", ""])
def test_a_run_does_not_jump(school: School, ines: FlaskClient, to: str):
    cohort = plan(school, ines)

    said = move(school, ines, cohort, to)

    assert "The run is not where this page thought it was." in said
    assert cohort.state == CohortState.DRAFT


def test_one_run_is_open_at_a_time(school: School, ines: FlaskClient):
    first = plan(school, ines, title="Autumn")
    move(school, ines, first, "open")
    second = plan(school, ines, title="Spring")

    said = move(school, ines, second, "open")

    assert "Another run, Autumn, is open. Close that one first, then open this." in said
    assert second.state == CohortState.DRAFT


def test_a_run_whose_pairs_stand_is_not_closed(school: School, ines: FlaskClient):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    move(school, ines, school.cohort, "closing")
    cohort = school.cohort

    refused = move(school, ines, cohort, "closed")
    ending.end(school.session, mentorship, by=school.ines, at=THEN)
    school.session.commit()
    move(school, ines, cohort, "closed")

    assert "One pair of this run still stands. End it on the pairing page, or wait until it is over." in refused
    assert cohort.state == CohortState.CLOSED


def test_a_planned_run_opens_with_the_newest_version(school: School, ines: FlaskClient):
    cohort = plan(school, ines)
    base = f"/courses/{school.course.public_id}/mentoring/program/templates/flash"
    ines.post(base, data=sent(ines.get(base)))

    move(school, ines, cohort, "open")

    assert cohort.version.program.title == "Flash mentoring"


def test_days_that_contradict_each_other_are_told(school: School, ines: FlaskClient):
    data = {"first_day": "2026-09-14", "last_day": "2026-09-01"}

    backwards = ines.post(runs(school), data=data)
    no_day = ines.post(runs(school), data={"first_day": "soon"})
    far_off = [
        ines.post(runs(school), data={"first_day": "2026-09-14"} | days)
        for days in ({"first_day": "0001-01-01"}, {"last_day": "9999-12-31"})
    ]

    assert [each.status_code for each in (backwards, no_day, *far_off)] == [422] * 4
    assert "The last day is before the first. Choose a later one, or leave it empty." in words(backwards)
    assert "First day: give a day as 2026-09-14." in words(no_day)
    assert "First day: give a day of this century." in words(far_off[0])
    assert "Last day: give a day of this century." in words(far_off[1])
    assert school.session.scalars(select(Cohort)).all() == []


def test_the_instructor_is_told_when_the_last_day_is_over(school: School, ines: FlaskClient, visit: Visit):
    cohort = plan(school, ines, first_day="2026-09-14", last_day="2026-12-18")
    move(school, ines, cohort, "open")
    home = f"/courses/{school.course.public_id}/"

    with clock.moved_to(datetime(2026, 12, 18, 23, tzinfo=UTC)):
        on_it = panel(visit(school.ines).get(home), "last-day")
    with clock.moved_to(datetime(2026, 12, 19, 0, 1, tzinfo=UTC)):
        after = panel(visit(school.ines).get(home), "last-day")

    assert on_it is None
    assert after is not None
    assert "The last day of this run is over." in after


def test_nobody_but_instructors_opens_or_closes_a_run(school: School, visit: Visit):
    cohort, maya = school.cohort, visit(school.maya)

    answers = [
        maya.get(runs(school, f"/{cohort.public_id}")),
        maya.post(runs(school, f"/{cohort.public_id}"), data={"first_day": "2026-09-14"}),
        maya.post(runs(school, f"/{cohort.public_id}/state"), data={"to": "closing"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert cohort.state == CohortState.RUNNING


def test_a_run_of_another_course_is_not_found(school: School, ines: FlaskClient):
    other = ensure(school.session, school.cast.course("Elsewhere"), at=THEN)
    school.session.commit()

    answers = [
        ines.get(runs(school, f"/{other.public_id}")),
        ines.post(runs(school, f"/{other.public_id}/state"), data={"to": "closing"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
