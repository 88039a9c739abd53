"""A platform is told once where we take notices; then a course copied on campus is recognized."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, notice_handlers
from lti_tool.claims import ROSTER_SCOPE, Launch
from lti_tool.models import Platform
from lti_tool.notice_handlers import NOTICE_SCOPE, NoticeHandler
from lti_tool.outbox import Letter, LetterState
from lti_tool.placing.copies import CourseCopy
from lti_tool.running.delivering import drain
from tests.cast import Cast
from tests.conftest import Arrive
from tests.lti_tool.launching import ISSUER, claims, key_set, launch, start
from tests.lti_tool.schools import Schools

HANDLER = "http://localhost:8000/lti/notices"
BOTH = {"LtiContextCopyNotice": HANDLER, "LtiHelloWorldNotice": HANDLER}


def puts(campus: CampusInHand) -> int:
    return sum(asked.method == "PUT" for asked in campus.requests)


@pytest.mark.parametrize("flavor", ["strict", "canvas"])
def test_after_the_first_launch_the_platform_knows_where_to_send_notices(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    campus.set_flavor(flavor)

    arrive("ines")
    drain(app)

    assert campus.notice_handlers() == BOTH
    assert campus.notices_sent() == [("LtiHelloWorldNotice", 200)]
    rows = session.scalars(select(NoticeHandler).order_by(NoticeHandler.id)).all()
    assert [(row.notice_type, row.registered is not None, row.problem) for row in rows] == [
        ("LtiContextCopyNotice", True, ""),
        ("LtiHelloWorldNotice", True, ""),
    ]


def test_it_is_told_once_however_many_launch(app: Flask, campus: CampusInHand, arrive: Arrive, session: Session):
    for person in ("ines", "leo", "maya"):
        arrive(person)
        drain(app)

    assert puts(campus) == 2


def test_a_platform_without_the_service_is_asked_for_nothing(app: Flask, campus: CampusInHand, arrive: Arrive):
    campus.set_flavor("moodle")

    arrive("ines")
    drain(app)

    assert (campus.notice_handlers(), puts(campus)) == ({}, 0)


def test_another_address_of_the_tool_is_told_anew(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    drain(app)
    for row in session.scalars(select(NoticeHandler)):
        row.handler = "http://old.example/lti/notices"
    session.commit()
    app.extensions.pop("notices_settled", None)

    arrive("ines")
    drain(app)

    assert puts(campus) == 4
    assert session.scalars(select(NoticeHandler.handler).distinct()).all() == [HANDLER]


def test_a_platform_that_refuses_is_not_asked_at_every_launch(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("ines")
    campus.set_flavor("moodle")  # From here on the service is not there any more.

    drain(app)
    arrive("leo")
    drain(app)

    problems = session.scalars(select(NoticeHandler.problem).order_by(NoticeHandler.id)).all()
    letters = session.scalars(select(Letter.state).where(Letter.lane.startswith("notices:"))).all()
    assert problems[0] != ""
    assert letters == [LetterState.DEAD]


def test_a_platform_that_grants_no_notices_is_asked_once_for_all_kinds(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("ines")
    session.scalars(select(Platform)).one().granted_scopes = [ROSTER_SCOPE]
    session.commit()
    drain(app)

    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        arrive("leo")
        drain(app)

    problems = session.scalars(select(NoticeHandler.problem)).all()
    letters = session.scalars(select(Letter.state).where(Letter.lane.startswith("notices:"))).all()
    assert [problem != "" for problem in problems] == [True, True]
    assert letters == [LetterState.DEAD]


@pytest.mark.parametrize("flavor", ["strict", "canvas"])
def test_a_course_copied_on_campus_is_recognized_at_once(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """PNS-03"""
    campus.set_flavor(flavor)
    arrive("ines")
    drain(app)

    made = campus.copy_course("ines")

    copies = [(row.course.context_id, row.origin.context_id) for row in session.scalars(select(CourseCopy))]
    assert campus.notices_sent()[-1] == ("LtiContextCopyNotice", 200)
    assert copies == [(made, "2")]


def test_a_platform_that_names_another_address_each_time_fills_no_memory(app: Flask, session: Session, cast: Cast):
    deployment = cast.platform().deployments[0]

    for number in range(50):
        service = {
            "platform_notification_service_url": f"{ISSUER}/notices/{number}",
            "notice_types_supported": ["LtiHelloWorldNotice"],
        }
        said = Launch.from_claims(claims(platformnotificationservice=service))
        notice_handlers.hear(session, said, deployment.id, platform="campus", at=clock.now())

    assert len(app.extensions["notices_settled"]) == 1


SERVICE = f"{ISSUER}/notice-handlers"
NORTH, SOUTH = "north", "south"


def test_each_of_two_tenants_is_told_with_its_own_token(app: Flask, session: Session, cast: Cast):
    """TOKEN-01: one issuer, one address for both; what differs is the client, and so whose token it is."""
    schools = Schools()
    schools.pages["", f"{ISSUER}/jwks"] = key_set("one")
    app.extensions["http"] = schools
    platforms = {school: cast.platform(school, client_id=school) for school in (NORTH, SOUTH)}

    for school in (NORTH, SOUTH, NORTH):
        visit(app.test_client(), school)
    drain(app)

    wishes = by_kind({"notice_type": kind, "handler": HANDLER} for kind in BOTH)
    puts = [(url, whose) for method, url, whose in schools.calls if method == "PUT"]
    assert sorted(puts) == [(SERVICE, NORTH)] * 2 + [(SERVICE, SOUTH)] * 2
    # Neither kind comes first by rule: a database gives rows nobody asked to have in order as it likes.
    assert {whose: by_kind(body for mine, body in schools.sent if mine == whose) for whose in platforms} == {
        NORTH: wishes,
        SOUTH: wishes,
    }
    asked = sorted((each.client, each.scopes) for each in schools.tokens_asked)
    assert asked == [(NORTH, NOTICE_SCOPE), (SOUTH, NOTICE_SCOPE)]
    rows = session.scalars(select(NoticeHandler).order_by(NoticeHandler.id)).all()
    assert [(row.deployment.platform_id, row.registered is not None) for row in rows] == [
        (platform.id, True) for platform in platforms.values() for _kind in BOTH
    ]


def test_a_tenant_that_refuses_stops_nobody_else(app: Flask, session: Session, cast: Cast):
    schools = Schools(refuses=frozenset({NORTH}))
    schools.pages["", f"{ISSUER}/jwks"] = key_set("one")
    app.extensions["http"] = schools
    for school in (NORTH, SOUTH):
        cast.platform(school, client_id=school)
        visit(app.test_client(), school)

    drain(app)

    rows = session.scalars(select(NoticeHandler).order_by(NoticeHandler.id)).all()
    registered = {row.deployment.platform.client_id for row in rows if row.registered is not None}
    assert (registered, [whose for whose, _body in schools.sent]) == ({SOUTH}, [SOUTH, SOUTH])


def by_kind(wishes: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(wishes, key=lambda wish: wish["notice_type"])


def visit(client: FlaskClient, school: str) -> None:
    """A launch from this school that says where its platform takes wishes for notices."""
    service = {"platform_notification_service_url": SERVICE, "notice_types_supported": list(BOTH)}
    asked = start(client, client_id=school)
    answer = launch(client, asked=asked, aud=school, platformnotificationservice=service)
    assert answer.status_code == 303, answer.text
