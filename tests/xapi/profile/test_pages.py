"""The profile as programs and people get it."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from xapi import vocabulary as v
from xapi.profile import document
from xapi.profile.templates import TEMPLATES


@pytest.mark.parametrize("accept", ["*/*", "application/ld+json", "application/json", "text/html;q=0.2, */*"])
@pytest.mark.parametrize("path", ["/xapi/profile", "/xapi/profile/v1.0"])
def test_programs_get_json_ld(client: FlaskClient, path: str, accept: str):
    answer = client.get(path, headers={"Accept": accept})

    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    assert answer.text == document.published("v1.0")
    assert json.loads(answer.text)["id"] == v.PROFILE
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_people_get_a_page_that_explains_each_statement(client: FlaskClient):
    answer = client.get("/xapi/profile", headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Accept" in answer.headers["Vary"]
    assert answer.text.count("<section aria-labelledby=") == len(TEMPLATES)
    assert "&#34;timestamp&#34;: &#34;2026-09-01T10:30:00" in answer.text


def test_a_version_that_is_none_is_not_found(client: FlaskClient):
    assert client.get("/xapi/profile/v0.9").status_code == 404
    assert client.get("/xapi/profile/..%2Fdocument").status_code == 404
