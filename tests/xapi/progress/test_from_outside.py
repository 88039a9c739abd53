"""Whoever may read the store computes the same report over HTTP, with a key of the course that may only read."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mentoring.mentorships.models import Mentorship as Mentoring
from mentoring.programs.models import Cohort
from mentoring.together.nudges import fading
from tests.cast import THEN
from tests.mentoring.conftest import School
from tests.xapi.progress.conftest import LATER, NOW, Year
from tests.xapi.progress.outside import Fetch, figures
from xapi.lrs import credentials
from xapi.lrs.models import Store
from xapi.progress.folding import Mentorship
from xapi.progress.reading import folded_of
from xapi.progress.report import Part, Report, report
from xapi.translations import course_iri

ALL = Part()


def iri_of(school: School) -> str:
    return course_iri(current_app.config["IRI_BASE"], school.course.public_id)


@pytest.fixture
def fetch(client: FlaskClient, session: Session, school: School, year: Year) -> Fetch:
    store = session.scalars(select(Store)).one()
    key, secret = credentials.issue(
        session, store, label="Outside", course=iri_of(school), scopes=[credentials.READ], at=THEN
    )
    session.commit()
    word = base64.b64encode(f"{key}:{secret}".encode()).decode()

    def fetch(address: str) -> dict[str, Any]:
        address = address if address.startswith("/lrs/") else f"/lrs/1.0.3{address}"
        headers = {"Authorization": f"Basic {word}", "X-Experience-API-Version": "1.0.3"}
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    return fetch


def as_outside(inside: Report) -> dict[str, Any]:
    """Our report, in the outside consumer's words."""
    states = dict.fromkeys(("active", "paused", "stalled", "done", "ended"), 0)
    return {
        "mentorships": {each.registration: _as_outside(each) for each in inside.mentorships},
        "states": states | {key.value: n for key, n in inside.states.items() if key.value in states},
        "held": inside.held,
        "missed": inside.missed,
        "goals": inside.goals,
        "reached": inside.goals_reached,
        "median": inside.median_days_to_first_meeting,
    }


def _as_outside(each: Mentorship) -> dict[str, Any]:
    return {
        "people": sorted(name for _home, name in each.people),
        "state": each.state.value,
        "since": _written(each) if each.state.value != "waiting" else None,
        "held": len(each.held),
        "missed": each.missed,
        "planned": len(each.meetings),
        "goals": len(each.goals),
        "reached": each.goals_reached,
        "days": each.days_to_first_meeting,
    }


def _written(each: Mentorship) -> str:
    assert each.since is not None
    return each.since.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ours(session: Session, school: School, part: Part = ALL) -> Report:
    session.expire_all()
    return report(folded_of(session, school.course), part, NOW)


def without_parts(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in ("quizzes", "reviews")}


def test_mentorships_meetings_goals_and_times_are_the_same(fetch: Fetch, session: Session, school: School, year: Year):
    inside = ours(session, school)

    outside = figures(fetch, iri_of(school))

    assert as_outside(inside) == without_parts(outside)
    by_person = {tuple(each["people"]): each for each in outside["mentorships"].values()}
    leo, zoe, nils = (by_person[who.person.subject,] for who in (school.leo, school.zoe, year.nils))
    assert (leo["state"], zoe["state"], nils["state"]) == ("active", "done", "waiting")
    assert (leo["held"], leo["missed"], leo["planned"], leo["goals"], leo["reached"]) == (1, 1, 3, 2, 1)
    assert leo["days"] == pytest.approx(2.12, abs=0.2)


def test_quizzes_and_reviews_are_the_same(fetch: Fetch, session: Session, school: School):
    inside = ours(session, school)

    outside = figures(fetch, iri_of(school))

    results: dict[str, dict[str, tuple[float, bool]]] = {}
    for each in inside.learners:
        for quiz in each.quizzes:
            results.setdefault(quiz.quiz, {})[each.account[1]] = (quiz.scaled, quiz.has_passed)
    assert results == outside["quizzes"]
    assert [sorted(found.values()) for found in results.values()] == [[(0.2, False), (0.8, True)]]
    released = {
        (outcome.competency, each.account[1]): outcome.scaled for each in inside.learners for outcome in each.outcomes
    }
    assert released == outside["reviews"]["released"]
    assert len(released) == 2
    [review] = inside.reviews
    far = list(outside["reviews"]["far"].values())
    assert (review.raters, review.answered) == (len(far), sum(far) / len(far))


def test_a_cohort_alone_is_the_same(fetch: Fetch, session: Session, school: School):
    base = current_app.config["IRI_BASE"]
    cohort = f"{base}/xapi/activities/cohort/{session.scalars(select(Cohort)).one().public_id}"

    whole, other = (
        (as_outside(ours(session, school, Part(cohort=iri))), figures(fetch, iri_of(school), cohort=iri))
        for iri in (cohort, f"{cohort}x")
    )

    assert whole[0] == without_parts(whole[1])
    assert len(whole[0]["mentorships"]) == 3
    assert other[0] == without_parts(other[1])
    assert other[0]["mentorships"] == {}


def test_who_stalls_stalls_as_mentoring_says(fetch: Fetch, session: Session, school: School, year: Year):
    """Nothing else makes a mentorship stall, however long it is quiet."""
    before = ours(session, school).states["stalled"]
    year.quiet()

    after = ours(session, school)

    faded = fading.every(session, school.cohort, at=LATER)
    stalled = {each.pairing for each in after.mentorships if each.state.value == "stalled"}
    assert before == 0
    assert len(stalled) == len(faded) > 0
    assert {iri.rpartition("/")[2] for iri in stalled} == {
        session.get_one(Mentoring, each.id).public_id for each in faded
    }
    assert as_outside(after) == without_parts(figures(fetch, iri_of(school)))
