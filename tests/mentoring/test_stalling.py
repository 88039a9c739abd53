"""Which mentorships fade is announced every night, each change once, and reaches the learning record store."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import select

from lti_tool import clock
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.programs.models import Cohort
from mentoring.together.nudges import stalling
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import School
from tests.mentoring.meetings import a_circle
from tests.mentoring.nudging import A_DAY, begun, met
from tests.mentoring.test_nudges import tidied
from xapi import vocabulary as v
from xapi.lrs.models import StoredStatement


@pytest.fixture
def pair(school: School) -> Mentorship:
    return tidied(school, begun(school))


def night(school: School, at: datetime) -> int:
    with clock.moved_to(at):
        return stalling.sweep(at=at)


def noticed(school: School) -> list[tuple[str, str, str]]:
    """Verb, who says so, and about what kind of thing."""
    school.session.rollback()
    school.session.expire_all()
    bodies = school.session.scalars(select(StoredStatement.body).order_by(StoredStatement.seq)).all()
    return [
        (each["verb"]["id"], each["actor"]["account"]["name"], each["object"]["definition"]["type"])
        for each in map(json.loads, bodies)
        if each["verb"]["id"] in (v.STALLED.iri, v.RECOVERED.iri)
    ]


STALLED = (v.STALLED.iri, "mentoring", v.MENTORING_PAIRING.iri)
RECOVERED = (v.RECOVERED.iri, "mentoring", v.MENTORING_PAIRING.iri)


def test_it_is_told_once_that_a_pair_fades_and_once_that_it_does_no_longer(school: School, pair: Mentorship):
    met(school, pair, days=1)
    assert night(school, THEN + 29 * A_DAY) == 0
    assert noticed(school) == []

    assert night(school, THEN + 35 * A_DAY) == 1
    assert night(school, THEN + 36 * A_DAY) == 0
    assert noticed(school) == [STALLED]
    assert pair.stalled == THEN + 35 * A_DAY

    met(school, pair, days=36)
    assert night(school, THEN + 37 * A_DAY) == 1
    assert noticed(school) == [STALLED, RECOVERED]
    assert pair.stalled is None


def test_a_circle_fades_as_a_pair_does(school: School):
    circle = tidied(school, a_circle(school))
    living.begin(school.session, held(school, circle), by=school.maya, at=THEN)
    school.session.commit()

    night(school, THEN + 60 * A_DAY)

    assert noticed(school) == [STALLED]


def test_of_what_ended_nobody_is_told_that_it_recovered(school: School, pair: Mentorship):
    night(school, THEN + 60 * A_DAY)
    ending.end(school.session, held(school, pair), by=school.ines, at=THEN + 61 * A_DAY, reason="other")
    school.session.commit()

    night(school, THEN + 62 * A_DAY)

    assert noticed(school) == [STALLED]
    assert pair.stalled is None


def test_statements_of_a_mentorship_name_the_run_of_its_program(school: School, pair: Mentorship):
    night(school, THEN + 60 * A_DAY)

    body = school.session.scalars(select(StoredStatement.body).order_by(StoredStatement.seq.desc())).first()
    around = {
        each["definition"]["type"]: each["id"]
        for each in json.loads(body or "")["context"]["contextActivities"]["grouping"]
    }
    cohort = school.session.get(Cohort, pair.cohort_id)
    assert around[v.MENTORING_COHORT.iri].endswith(f"/xapi/activities/cohort/{cohort.public_id}")
