"""TOKEN: two schools of one issuer. Tokens, class lists and grades of one never reach the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox, roster
from lti_tool.claims import LINE_ITEM_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.db import db, transaction
from lti_tool.events import GradeChanged
from lti_tool.gradebook import GradeColumn
from lti_tool.gradebook.models import ColumnState
from lti_tool.models import Course, Deployment, Enrolment, Standing
from lti_tool.outgoing import connecting
from lti_tool.outgoing.services import AccessToken, Connector, Service, ServiceFailed
from lti_tool.running.delivering import drain
from tests.cast import THEN, Cast
from tests.lti_tool.hostile.serving import Hang, dripping, serving, silent
from tests.lti_tool.launching import ISSUER
from tests.lti_tool.schools import TOKENS, Assertion, Schools

MEMBERS = f"{ISSUER}/api/lti/courses/101/names_and_roles"
LINE_ITEMS = f"{ISSUER}/api/lti/courses/101/line_items"
NORTH, SOUTH = "north-school", "south-school"


@pytest.fixture
def schools(app: Flask) -> Schools:
    schools = Schools()
    app.extensions["http"] = schools
    return schools


@pytest.fixture
def deployments(cast: Cast, session: Session, schools: Schools) -> dict[str, Deployment]:
    """One deployment of each school, both called 1."""
    platforms = {client: cast.platform(client, client_id=client) for client in (NORTH, SOUTH)}
    return {
        client: session.scalars(select(Deployment).where(Deployment.platform_id == platform.id)).one()
        for client, platform in platforms.items()
    }


def token(deployment: Deployment, *scopes: str) -> str:
    return Connector(deployment).get_access_token(scopes or (ROSTER_SCOPE,))


def test_two_schools_of_one_issuer_have_a_token_each(deployments: dict[str, Deployment], schools: Schools):
    """TOKEN-01"""
    assert [token(deployments[each]) for each in (NORTH, SOUTH, NORTH, SOUTH)] == [
        "north-school|1|1",
        "south-school|1|2",
        "north-school|1|1",
        "south-school|1|2",
    ]


def test_many_services_of_one_registration_cost_one_token(deployments: dict[str, Deployment], schools: Schools):
    """TOKEN-02"""
    schools.pages[NORTH, MEMBERS] = {"members": []}

    for _ in range(5):
        answer = Service(deployments[NORTH], [ROSTER_SCOPE]).call("GET", MEMBERS, accept="application/json")
        assert answer.status == 200

    assert schools.tokens_asked == [Assertion(NORTH, "1", TOKENS, ROSTER_SCOPE)]


def test_other_scopes_are_another_token(deployments: dict[str, Deployment], schools: Schools):
    """TOKEN-02"""
    north = deployments[NORTH]

    found = [token(north), token(north, SCORE_SCOPE), token(north, SCORE_SCOPE, ROSTER_SCOPE)]
    again = token(north, ROSTER_SCOPE, SCORE_SCOPE)

    assert (len(set(found)), again) == (3, found[2])


def test_two_deployments_of_a_registration_have_a_token_each_and_say_whose_it_is(
    deployments: dict[str, Deployment], session: Session, schools: Schools
):
    """TOKEN-03"""
    second = Deployment(
        platform_id=deployments[NORTH].platform_id, deployment_id="2", standing=Standing.ACTIVE, created=THEN
    )
    with transaction():
        session.add(second)

    found = [token(deployments[NORTH]), token(second), token(deployments[NORTH])]

    assert found == ["north-school|1|1", "north-school|2|2", "north-school|1|1"]
    assert [(each.client, each.deployment) for each in schools.tokens_asked] == [(NORTH, "1"), (NORTH, "2")]


@pytest.mark.parametrize(
    ("answer", "seconds", "expected"),
    [
        ({}, 0, 2),
        ({"expires_in": 1}, 0, 2),
        ({"expires_in": 61}, 2, 2),
        ({"expires_in": 3600}, 3530, 1),
        ({"expires_in": 3600}, 3541, 2),
        ({"expires_in": "3600"}, 0, 1),
        ({"expires_in": 10**12}, 86_000, 1),
    ],
    ids=[
        "TOKEN-04",
        "TOKEN-04 a second",
        "TOKEN-04 a minute",
        "TOKEN-04 nearly an hour",
        "TOKEN-04 within the last minute",
        "TOKEN-04 a text",
        "TOKEN-04 for ever",
    ],
)
def test_a_token_is_kept_as_long_as_it_surely_lasts(
    deployments: dict[str, Deployment], schools: Schools, answer: dict[str, object], seconds: int, expected: int
):
    schools.answer = answer
    token(deployments[NORTH])

    with clock.moved_by(timedelta(seconds=seconds)):
        token(deployments[NORTH])

    assert len(schools.tokens_asked) == expected


NO_TOKENS = {
    "TOKEN-05": (200, b'{"expires_in": 3600}'),
    "TOKEN-05 HTML": (200, b"<html>Log in</html>"),
    "TOKEN-05 500": (500, b"<html>"),
    "TOKEN-05 a list": (200, b"[]"),
    "TOKEN-05 null": (200, b'{"access_token": null}'),
    "TOKEN-05 no text": (200, b'{"access_token": {"a": 1}, "expires_in": 3600}'),
    "TOKEN-05 empty": (200, b""),
    "TOKEN-05 too deep": (200, b"[" * 100_000),
    "TOKEN-05 lasts nonsense": (200, b'{"access_token": "t", "expires_in": "soon"}'),
}


@pytest.mark.parametrize("raw", NO_TOKENS.values(), ids=list(NO_TOKENS))
def test_what_is_no_token_is_a_clear_failure_and_is_not_kept(
    deployments: dict[str, Deployment], schools: Schools, session: Session, raw: tuple[int, bytes]
):
    schools.raw = raw

    with pytest.raises(ServiceFailed, match="the LMS gave no access token"):
        Service(deployments[NORTH], [ROSTER_SCOPE]).call("GET", MEMBERS, accept="application/json")

    assert (schools.calls, session.scalars(select(AccessToken)).all()) == ([], [])


def test_whom_an_assertion_is_addressed_to_can_be_set(deployments: dict[str, Deployment], schools: Schools):
    """TOKEN-06"""
    with transaction():
        deployments[NORTH].platform.token_audience = "https://api.brightspace.com/auth/token"

    token(deployments[NORTH])
    token(deployments[SOUTH])

    assert [each.audience for each in schools.tokens_asked] == ["https://api.brightspace.com/auth/token", TOKENS]


def test_no_token_and_no_assertion_reaches_the_log_or_an_error(
    deployments: dict[str, Deployment], schools: Schools, caplog: pytest.LogCaptureFixture
):
    """TOKEN-08"""
    caplog.set_level("DEBUG")
    schools.answer = {"access_token": "secret-token", "expires_in": 3600}
    with pytest.raises(roster.RosterUnavailable) as unavailable:
        roster.refresh(_course(deployments[NORTH]))
    schools.raw = (400, b'{"error": "invalid_client", "error_description": "secret-words about eyJhbGciOi"}')
    with pytest.raises(ServiceFailed) as failed:
        Service(deployments[SOUTH], [ROSTER_SCOPE]).call("GET", MEMBERS, accept="application/json")

    said = "\n".join([caplog.text, str(unavailable.value), str(failed.value), repr(failed.value)])
    assert [word for word in ("secret", "eyJ", "Bearer ") if word in said] == []


@pytest.mark.parametrize("hang", [silent, dripping])
def test_a_token_desk_that_hangs_is_left_within_ten_seconds(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch, hang: Hang
):
    """TOKEN-09: asked by the library through our own client, by the bounds of a call made a tenth."""
    assert (connecting.READ, connecting.TOTAL) == (5, 10)
    monkeypatch.setattr(connecting, "READ", 0.5)
    monkeypatch.setattr(connecting, "TOTAL", 1.0)
    deployment, over = cast.course().deployment, threading.Event()

    with serving(lambda handler: hang(handler, over)) as (url, asked):
        deployment.platform.token_url = url
        session.commit()
        began = time.monotonic()
        with pytest.raises(ServiceFailed, match="the LMS gave no access token") as failed:
            Service(deployment, [ROSTER_SCOPE], (MEMBERS,)).call("GET", MEMBERS, accept="application/json")
        took, still_hangs = time.monotonic() - began, not over.is_set()
        over.set()

    assert (len(asked), 0.4 < took < 5, still_hangs, failed.value.may_pass) == (1, True, True, True)
    assert session.scalars(select(AccessToken)).all() == []


def test_workers_that_ask_at_once_ask_a_few_times_and_then_never_again(
    app: Flask, deployments: dict[str, Deployment], schools: Schools, session: Session
):
    """TOKEN-10"""
    whose = deployments[NORTH].id
    session.rollback()
    together, found = threading.Barrier(4, timeout=20), []

    def ask() -> None:
        with app.app_context():
            deployment = db.session.get_one(Deployment, whose)
            db.session.rollback()
            together.wait()
            found.append(token(deployment))

    _at_once(ask, 4)
    asked = len(schools.tokens_asked)
    kept = token(deployments[NORTH])

    assert (len(found), 1 <= asked <= 4, kept in found, len(schools.tokens_asked)) == (4, True, True, asked)
    assert len(session.scalars(select(AccessToken)).all()) == 1


def _at_once(act: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _course(deployment: Deployment) -> Course:
    course = Course(
        deployment_id=deployment.id,
        context_id="101",
        title=deployment.platform.name,
        label="",
        roster_url=MEMBERS,
        line_item_scopes=[],
        created=THEN,
    )
    with transaction() as session:
        session.add(course)
    return course


def test_class_lists_of_two_schools_under_one_address_are_never_mixed(
    deployments: dict[str, Deployment], schools: Schools, session: Session
):
    """TOKEN-01: the same address, the same context id, the same user ids; what differs is whose token it is."""
    for client, name in ((NORTH, "Leo North"), (SOUTH, "Leo South")):
        member = {"user_id": "5", "roles": ["Learner"], "name": name, "status": "Active"}
        schools.pages[client, MEMBERS] = {"id": MEMBERS, "context": {"id": "101"}, "members": [member]}
    courses = {client: _course(deployment) for client, deployment in deployments.items()}

    for client in (NORTH, SOUTH, NORTH):
        roster.refresh(courses[client])

    rows = session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    assert [(row.course.platform.client_id, row.person.subject, row.person.name) for row in rows] == [
        (NORTH, "5", "Leo North"),
        (SOUTH, "5", "Leo South"),
    ]
    assert [school for _method, _url, school in schools.calls] == [NORTH, SOUTH, NORTH]


def test_a_school_that_is_refused_never_borrows_the_token_of_the_other(
    deployments: dict[str, Deployment], schools: Schools
):
    """TOKEN-01"""
    schools.pages[NORTH, MEMBERS] = {"members": []}
    north, south = (Service(deployments[each], [ROSTER_SCOPE]) for each in (NORTH, SOUTH))
    assert north.call("GET", MEMBERS, accept="application/json").status == 200

    refused = south.call("GET", MEMBERS, accept="application/json")

    assert refused.status == 401
    assert [school for _method, _url, school in schools.calls] == [NORTH, SOUTH, SOUTH]
    assert [each.client for each in schools.tokens_asked] == [NORTH, SOUTH, SOUTH]


def test_grades_of_two_schools_go_each_to_its_own(
    app: Flask, deployments: dict[str, Deployment], schools: Schools, session: Session, cast: Cast
):
    """TOKEN-01: one address for both gradebooks, one user id, two learners, two grades."""
    for client, score in ((NORTH, 7.0), (SOUTH, 3.0)):
        course = _course(deployments[client])
        leo = cast.enrol(course, "Leo")
        with transaction():
            course.line_items_url, course.line_item_scopes = LINE_ITEMS, [LINE_ITEM_SCOPE, SCORE_SCOPE]
            session.add(_column(course))
            outbox.announce(session, _grade(leo, score))
    session.rollback()

    with clock.moved_by(timedelta(minutes=1)):
        drain(app)

    assert sorted((school, body["userId"], body["scoreGiven"]) for school, body in schools.sent) == [
        (NORTH, "leo", 7.0),
        (SOUTH, "leo", 3.0),
    ]
    assert {each.client for each in schools.tokens_asked} == {NORTH, SOUTH}


def _column(course: Course) -> GradeColumn:
    return GradeColumn(
        course_id=course.id,
        activity="exam:final",
        title="Final exam",
        maximum=10.0,
        state=ColumnState.STANDING,
        line_item=f"{LINE_ITEMS}/5",
        created=THEN,
    )


def _grade(who: Enrolment, score: float) -> GradeChanged:
    return GradeChanged(
        at=clock.now(),
        who=who.who,
        where=who.course.where,
        activity="exam:final",
        title="Final exam",
        score=score,
        maximum=10.0,
        attempt="one",
    )
