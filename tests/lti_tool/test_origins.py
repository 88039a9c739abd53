"""What comes from somebody else's page changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool.arrivals import origins
from lti_tool.models import Enrolment
from tests.lti_tool.launching import launch

pytestmark = pytest.mark.usefixtures("web")

OURS = "http://localhost:8000"


def arrived(app: Flask, **changes: Any) -> tuple[FlaskClient, str]:
    client = app.test_client()
    answer = launch(client, roles=["Instructor"], **changes)
    assert answer.status_code == 303
    return client, answer.location


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": "https://evil.example"}, 403, id="COOKIE-11"),
        pytest.param({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403, id="COOKIE-11-fetch"),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "null"}, 302),
        ({}, 302),
    ],
)
def test_a_change_is_taken_from_our_own_pages_only(app: Flask, headers: dict[str, str], status: int):
    client, page = arrived(app)

    answer = client.post(f"{page}mentoring/mentors", headers=headers)

    assert (answer.status_code, "another site sent this" in answer.text) == (status, status == 403)


def test_pages_may_be_opened_from_anywhere(app: Flask):
    client, page = arrived(app)

    assert client.get(page, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_every_address_that_changes_something_is_closed_to_get(app: Flask):
    """COOKIE-12"""
    client, _ = arrived(app)
    changing = [
        rule for rule in app.url_map.iter_rules() if rule.methods is not None and not rule.methods & {"GET", "HEAD"}
    ]
    twins = {rule.rule for rule in app.url_map.iter_rules() if rule.methods is not None and "GET" in rule.methods}

    answers = {
        rule.rule: client.get(rule.build(dict.fromkeys(rule.arguments, "1"))[1]).status_code
        for rule in changing
        if rule.rule not in twins
    }

    assert "/lti/launch" in answers
    assert {rule: status for rule, status in answers.items() if status != 405} == {}


def token_of(client: FlaskClient, page: str) -> str:
    """The token in the forms of this session."""
    text = client.get(f"{page}mentoring/mentors").text
    return text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


@pytest.fixture
def protected(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def test_the_token_of_a_form_is_bound_to_the_visit_it_was_made_in(protected: Flask):
    """Not another browser's of the same person, and not another person's."""
    mine, page = arrived(protected)
    again, _ = arrived(protected)
    other, other_page = arrived(protected, sub="ines", name="Ines Weber")
    tokens = [token_of(mine, page), token_of(again, page), token_of(other, other_page)]
    assert all(tokens)

    answers = [mine.post(f"{page}mentoring/mentors", data={"csrf_token": token}).status_code for token in tokens]

    assert answers == [302, 400, 400]


def test_a_token_does_not_outlive_its_visitor(protected: Flask):
    client, page = arrived(protected)
    old = token_of(client, page)

    answer = launch(client, sub="ines", name="Ines Weber", roles=["Instructor"])

    assert client.post(f"{answer.location}mentoring/mentors", data={"csrf_token": old}).status_code == 400


def test_a_form_of_a_visit_that_has_ended_says_so(protected: Flask, session: Session):
    client, page = arrived(protected)
    client.delete_cookie("mentoring")
    client.set_cookie("mentoring", "A" * 43)

    answer = client.post(f"{page}mentoring/mentors", data={"csrf_token": "x"})

    assert answer.status_code == 401
    assert "Your visit has ended" in answer.text
    assert session.query(Enrolment).count() == 1


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://tool.example", "https://tool.example"),
        ("https://tool.example:443", "https://tool.example"),
        ("https://Tool.example:8443", "https://tool.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_our_origin_is_written_as_browsers_write_it(app: Flask, public_url: str, origin: str):
    app.config["PUBLIC_URL"] = public_url

    with app.app_context():
        assert origins.own() == origin
