"""Whose gradebook it is and what we may do there: two schools of one issuer, and rights smaller than asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.services import AGS_SCOPES, LINE_ITEM, LINE_ITEM_READ, RESULT_READ
from campus.testing import CampusInHand
from campus.tools import Tool
from lti_tool import clock, outbox
from lti_tool.claims import LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.db import transaction
from lti_tool.events import GradeChanged
from lti_tool.gradebook import ColumnState, Grade, GradeColumn, GradeState, Trouble, comparing, mending
from lti_tool.models import Deployment, Enrolment
from lti_tool.outbox import Lane
from lti_tool.outgoing.services import Connector, ScopeNotGranted, ServiceFailed, forget_refusals
from lti_tool.running.delivering import drain
from tests.cast import Cast
from tests.conftest import Arrive
from tests.lti_tool.grading import EXAM, TITLE, column_of, course_of, deliver, earn, grade_of
from tests.lti_tool.launching import ISSUER
from tests.lti_tool.schools import Schools

NORTH, SOUTH = "north-school", "south-school"
LINE_ITEMS = f"{ISSUER}/api/lti/courses/101/line_items"


@pytest.fixture
def schools(app: Flask) -> Schools:
    schools = Schools()
    app.extensions["http"] = schools
    return schools


@pytest.fixture
def learners(cast: Cast, session: Session, schools: Schools) -> dict[str, Enrolment]:
    """At each school a course 101 with a Leo, under one issuer and the same addresses."""
    found = {}
    for name, score in ((NORTH, 14.0), (SOUTH, 9.0)):
        course = cast.course("101", platform=cast.platform(name, client_id=name))
        course.line_items_url = LINE_ITEMS
        course.line_item_scopes = [SCORE_SCOPE, RESULT_SCOPE, LINE_ITEM_SCOPE]
        found[name] = cast.enrol(course, "Leo")
        line_item = f"{LINE_ITEMS}/{name}"
        schools.pages[name, LINE_ITEMS] = [{"id": line_item, "resourceId": EXAM, "tag": "exam"}]
        schools.pages[name, f"{line_item}/results"] = [{"userId": "leo", "resultScore": score, "resultMaximum": 20}]
    session.commit()
    return found


def earn_at(session: Session, learner: Enrolment, score: float) -> None:
    with transaction():
        outbox.announce(
            session,
            GradeChanged(
                at=clock.now(),
                who=learner.who,
                where=learner.course.where,
                activity=EXAM,
                title=TITLE,
                score=score,
                maximum=20.0,
            ),
        )


def test_each_school_gets_its_own_grades_with_its_own_token(
    app: Flask, session: Session, schools: Schools, learners: dict[str, Enrolment]
):
    """TOKEN-01"""
    earn_at(session, learners[NORTH], 14)
    earn_at(session, learners[SOUTH], 9)

    drain(app)

    assert sorted((whose, body["scoreGiven"]) for whose, body in schools.sent) == [(NORTH, 14), (SOUTH, 9)]
    posts = sorted((url, whose) for method, url, whose in schools.calls if method == "POST")
    assert posts == [(f"{LINE_ITEMS}/{NORTH}/scores", NORTH), (f"{LINE_ITEMS}/{SOUTH}/scores", SOUTH)]
    assert sorted((each.client, each.scopes.rpartition("/")[2]) for each in schools.tokens_asked) == [
        (NORTH, "lineitem"),
        (NORTH, "score"),
        (SOUTH, "lineitem"),
        (SOUTH, "score"),
    ]


def test_each_school_has_its_column_made_at_its_own_address_with_its_own_token(
    app: Flask, session: Session, schools: Schools, learners: dict[str, Enrolment]
):
    """TOKEN-01 AGS-01: nothing is there yet, at neither of the two."""
    for name, learner in learners.items():
        learner.course.line_items_url = f"{LINE_ITEMS}/of/{name}"
        schools.pages[name, f"{LINE_ITEMS}/of/{name}"] = []
        schools.answers[name, f"{LINE_ITEMS}/of/{name}"] = {"id": f"{LINE_ITEMS}/made/{name}"}
    session.commit()
    for name, score in ((NORTH, 14), (SOUTH, 9)):
        earn_at(session, learners[name], score)

    drain(app)

    posts = [(whose, url.removeprefix(LINE_ITEMS)) for method, url, whose in schools.calls if method == "POST"]
    made = [(whose, body["resourceId"]) for whose, body in schools.sent if "resourceId" in body]
    session.rollback()
    kept = {column.course.platform.client_id: column.line_item for column in session.scalars(select(GradeColumn))}
    assert {name: [where for whose, where in posts if whose == name] for name in learners} == {
        NORTH: [f"/of/{NORTH}", f"/made/{NORTH}/scores"],
        SOUTH: [f"/of/{SOUTH}", f"/made/{SOUTH}/scores"],
    }
    assert sorted(made) == [(NORTH, EXAM), (SOUTH, EXAM)]
    assert kept == {name: f"{LINE_ITEMS}/made/{name}" for name in learners}


def test_each_schools_results_are_kept_beside_its_own_grades(
    app: Flask, session: Session, schools: Schools, learners: dict[str, Enrolment]
):
    """TOKEN-01"""
    for learner in learners.values():
        earn_at(session, learner, 14)
    drain(app)

    session.rollback()
    with clock.moved_by(timedelta(minutes=1)):
        differ = [comparing.compare(column, within=5) for column in session.scalars(select(GradeColumn))]

    session.rollback()
    states = {grade.enrolment.course.platform.client_id: grade.state for grade in session.scalars(select(Grade))}
    assert sorted(differ) == [0, 1]
    assert states == {NORTH: GradeState.SAME, SOUTH: GradeState.OVERRIDDEN}


def test_one_school_that_refuses_holds_up_no_other(
    app: Flask, session: Session, schools: Schools, learners: dict[str, Enrolment], monkeypatch: pytest.MonkeyPatch
):
    """TOKEN-01"""
    give = schools.give_token

    def refuse_north(said: Any) -> tuple[int, bytes]:
        status, body = give(said)
        is_north = schools.tokens_asked[-1].client == NORTH
        return (401, b'{"error": "invalid_client"}') if is_north else (status, body)

    monkeypatch.setattr(schools, "give_token", refuse_north)
    earn_at(session, learners[NORTH], 14)
    earn_at(session, learners[SOUTH], 9)

    drain(app)

    session.rollback()
    assert [body["scoreGiven"] for _whose, body in schools.sent] == [9]
    paused = session.scalars(select(Lane.name).where(Lane.paused != "")).all()
    assert paused == [f"gradebook:{learners[NORTH].course.platform.public_id}"]


def test_a_token_for_less_than_was_asked_is_not_used_and_not_asked_for_again_and_again(
    session: Session, cast: Cast, schools: Schools
):
    """TOKEN-07: the answer names its scopes (RFC 6749, section 5.1); once an hour is often enough."""
    cast.platform()
    deployment = session.scalars(select(Deployment)).one()
    schools.answer["scope"] = f"{LINE_ITEM_SCOPE} {RESULT_SCOPE}"

    told = []
    for _ in range(5):
        with pytest.raises(ScopeNotGranted) as problem:
            Connector(deployment).get_access_token([SCORE_SCOPE])
        told.append(str(problem.value))

    assert set(told) == {"the LMS did not grant this tool the permission for it: score"}
    assert len(schools.tokens_asked) == 1
    assert Connector(deployment).get_access_token([RESULT_SCOPE]) == "campus-tool|1|2"
    with clock.moved_by(timedelta(minutes=61)), pytest.raises(ScopeNotGranted):
        Connector(deployment).get_access_token([SCORE_SCOPE])
    assert len(schools.tokens_asked) == 3


def test_a_refused_scope_is_told_from_a_refused_client(session: Session, cast: Cast, schools: Schools):
    """TOKEN-07: Moodle answers 400 invalid_scope where none is granted (seen in 4.5)."""
    cast.platform()
    deployment = session.scalars(select(Deployment)).one()
    schools.raw = (400, b'{"error": "invalid_scope"}')

    for _ in range(3):
        with pytest.raises(ScopeNotGranted):
            Connector(deployment).get_access_token([SCORE_SCOPE])

    assert len(schools.tokens_asked) == 1
    with transaction():
        forget_refusals(deployment.platform)
    schools.raw = None
    assert Connector(deployment).get_access_token([SCORE_SCOPE]) == "campus-tool|1|2"


@pytest.mark.parametrize("scope", [None, 7, "", f"{SCORE_SCOPE} openid"])
def test_a_token_answer_that_names_no_scopes_grants_what_was_asked(
    session: Session, cast: Cast, schools: Schools, scope: object
):
    """TOKEN-07"""
    cast.platform()
    deployment = session.scalars(select(Deployment)).one()
    schools.answer["scope"] = scope

    assert Connector(deployment).get_access_token([SCORE_SCOPE]) == "campus-tool|1|1"


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_scores_that_the_lms_does_not_grant_are_switched_off_with_a_message(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    monkeypatch: pytest.MonkeyPatch,
    flavor: str,
):
    """TOKEN-07 AGS-11: no loop, the other lanes go on, and an instructor sets it going once it is granted."""
    campus.set_flavor(flavor)
    arrive("leo")
    arrive("maya")
    allow_at_campus(monkeypatch, LINE_ITEM, LINE_ITEM_READ, RESULT_READ)
    earn(session, campus, "leo", 14)
    earn(session, campus, "maya", 9)
    for minutes in range(5):
        deliver(app, minutes=minutes)
    refused = campus.state()["requests"]["tokens.token"]["requests"]
    deliver(app, minutes=30)

    assert campus.state()["requests"]["tokens.token"]["requests"] == refused
    assert column_of(session).state is ColumnState.FORBIDDEN
    assert [grade_of(session, campus, key).trouble for key in ("leo", "maya")] == [Trouble.NO_PERMISSION] * 2
    assert campus.gradebook() == {}
    assert session.scalars(select(Lane).where(Lane.paused != "")).all() == []

    allow_at_campus(monkeypatch, *AGS_SCOPES)
    with transaction():
        mending.try_again(session, column_of(session))
    deliver(app, minutes=31)
    assert campus.gradebook() == {("leo", TITLE): 14, ("maya", TITLE): 9}


def allow_at_campus(monkeypatch: pytest.MonkeyPatch, *scopes: str) -> None:
    """What the campus grants, whatever its launches promise."""
    monkeypatch.setattr(Tool, "may", lambda _tool, scope: scope in scopes)


def test_a_registration_that_was_granted_less_asks_for_no_token(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """TOKEN-07"""
    arrive("leo")
    course_of(session).platform.granted_scopes = [LINE_ITEM_SCOPE, RESULT_SCOPE]
    session.commit()
    earn(session, campus, "leo", 14)

    deliver(app)

    assert grade_of(session, campus, "leo").trouble is Trouble.NO_PERMISSION
    assert session.scalars(select(Lane).where(Lane.paused != "")).all() == []


def test_a_scope_that_is_not_granted_will_not_come_by_waiting():
    """TOKEN-07"""
    problem = ScopeNotGranted([SCORE_SCOPE])

    assert (problem.may_pass, problem.is_token, isinstance(problem, ServiceFailed)) == (False, False, True)
