"""On Canvas by address: the campus reads the tool's own configuration, and an operator types in the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campus.services import SCOPES
from campus.testing import Answer, CampusInHand, FlaskBrowser, FormPost, launch
from campus.tools import EVERY_CLAIM
from lti_tool.claims import ASKED_CUSTOM
from lti_tool.models import Enrolment, Role
from lti_tool.registering import introducing
from tests.lti_tool.choosing import ticked
from tests.platforms.beside import campus_beside, shown_to_operators

ADDRESS = "http://localhost:8000/lti/canvas.json"


@pytest.fixture
def canvas(app: Flask, session: Session) -> Iterator[CampusInHand]:
    with campus_beside(app, "canvas") as campus:
        yield campus


def enter(campus: CampusInHand, address: str = ADDRESS) -> TestResponse:
    return campus.app.test_client().post(f"{campus.url}/tools/by-address", data={"address": address})


def add_platform(app: Flask, session: Session, shown: dict[str, str]) -> str:
    """What the page of tools shows, typed in by the operator."""
    typed = [
        *("platform", "add", "--name", "Canvas", "--issuer", shown["Issuer"], "--client-id", shown["Client"]),
        *("--auth-url", shown["Authentication request URL"], "--token-url", shown["Access token URL"]),
        *("--jwks-url", shown["Public key set URL"], "--deployment", shown["deployment"]),
    ]
    session.rollback()
    result = app.test_cli_runner().invoke(args=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def added(canvas: CampusInHand, app: Flask, session: Session) -> CampusInHand:
    """Taken by address, activated, and registered by hand."""
    enter(canvas)
    canvas.activate(canvas.tools()[-1])
    add_platform(app, session, shown_to_operators(canvas, "Mentoring"))
    return canvas


def test_the_configuration_of_the_tool_is_taken_as_it_stands(canvas: CampusInHand):
    answer = enter(canvas)

    (tool,) = canvas.tools()
    assert (answer.status_code, canvas.refusals()) == (302, [])
    assert (tool.name, tool.login_url, tool.launch_url, tool.jwks_url) == (
        "Mentoring",
        canvas.settings.login_url,
        canvas.settings.launch_url,
        canvas.settings.tool_jwks_url,
    )
    assert (tool.custom, tool.claims, tool.standing) == (ASKED_CUSTOM, EVERY_CLAIM, "pending")
    assert tool.scopes == tuple(scope for scope in SCOPES if scope in introducing.CANVAS_SCOPES)


def test_a_page_of_the_tool_that_is_no_configuration_is_refused(canvas: CampusInHand):
    answers = [enter(canvas, canvas.settings.tool + path) for path in ("/lti/jwks", "/", "/nowhere")]

    assert ([each.status_code for each in answers], canvas.tools()) == ([422, 422, 422], [])
    assert "title is missing" in answers[0].text
    assert "what stands there is not a JSON object" in answers[1].text


def test_moodle_takes_no_tool_by_address(canvas: CampusInHand):
    canvas.set_flavor("moodle")

    answer = enter(canvas)

    assert (answer.status_code, canvas.tools()) == (400, [])
    assert "Only Canvas takes a tool by the address of its configuration." in answer.text


def test_before_the_operator_has_registered_it_the_platform_is_unknown(canvas: CampusInHand, client: FlaskClient):
    enter(canvas)
    canvas.activate(canvas.tools()[-1])

    initiation = canvas.visitor("leo").start("mentoring")
    answer = client.post(initiation.url, data=initiation.fields)

    assert (answer.status_code, "does not know the learning platform" in answer.text) == (403, True)


def test_with_what_the_page_shows_everybody_comes_in_at_once(added: CampusInHand, app: Flask, session: Session):
    answers = [launch(added.visitor(who), "mentoring", FlaskBrowser(app.test_client())) for who in ("ines", "leo")]

    assert ([each.answer.status for each in answers], added.refusals()) == ([303, 303], [])
    assert all(each.initiation.fields["client_id"] == added.tools()[-1].client_id for each in answers)
    people = {seat.person.name: seat.role for seat in session.scalars(select(Enrolment))}
    assert (people["Ines Ferreira"], people["Leo Nowak"]) == (Role.INSTRUCTOR, Role.LEARNER)


def test_another_deployment_than_the_one_that_was_typed_waits(added: CampusInHand, app: Flask):
    """So that the test above is not let in by whatever comes."""
    added.here.tools.activate(added.tools()[-1].client_id, deployment_id="999:elsewhere")

    answer = launch(added.visitor("leo"), "mentoring", FlaskBrowser(app.test_client())).answer

    assert (answer.status, "not this installation of the tool" in answer.text) == (403, True)


def test_what_an_instructor_chooses_is_placed_and_opens(added: CampusInHand, app: Flask):
    ines, client = added.visitor("ines"), app.test_client()
    opened = launch(ines, "add", FlaskBrowser(client)).answer
    page = client.post(opened.goes_to, data=ticked("mentoring", "quiz-onboarding"))
    answer = Answer(page.status_code, opened.goes_to, dict(page.headers), page.text)
    placed = FormPost.read(answer).sent_by(ines.browser)

    keys = [each.key for each in added.here.register.placements("2")[-2:]]
    visits = [launch(added.visitor("leo"), key, FlaskBrowser(app.test_client())).answer for key in keys]
    assert (placed.status, added.refusals()) == (200, [])
    assert [each.status for each in visits] == [303, 303]
    assert "/quizzes/" in visits[1].goes_to
