"""Deep linking requests of a platform in a few lines, and what the tool answers them with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import jwt
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.claims import DEEP_LINKING, DEEP_LINKING_REQUEST, MEMBERSHIP
from tests.lti_tool.launching import ISSUER, claims, sign, start

TEACHES = [f"{MEMBERSHIP}#Instructor"]
HOME = f"{ISSUER}/back?course=101&key=7"
SETTINGS: Mapping[str, Any] = {
    "deep_link_return_url": HOME,
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe", "window"],
    "accept_multiple": True,
    "accept_lineitem": True,
    "data": "keep me",
}


def ask(
    client: FlaskClient,
    *,
    asked: Mapping[str, str] | None = None,
    without: str = "",
    settings: Mapping[str, Any] | None = None,
    **changes: Any,
) -> TestResponse:
    """An instructor's deep linking launch; `settings` and `changes` bend it, `without` leaves one setting out."""
    asked = asked or start(client)
    wanted = {name: value for name, value in {**SETTINGS, **(settings or {})}.items() if name != without}
    plain = claims(**{"message_type": DEEP_LINKING_REQUEST, "roles": TEACHES, "resource_link": None, **changes})
    token = sign({"nonce": asked["nonce"], **plain, DEEP_LINKING: wanted})
    return client.post("/lti/launch", data={"state": asked["state"], "id_token": token})


@dataclass(frozen=True)
class Reply:
    """The form that goes back to the platform."""

    url: str
    header: dict[str, Any]
    claims: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """A claim of deep linking by its last word."""
        return self.claims["https://purl.imsglobal.org/spec/lti-dl/claim/" + name]

    @property
    def titles(self) -> list[str]:
        return [item["title"] for item in self["content_items"]]


def read(client: FlaskClient, page: TestResponse) -> Reply:
    """What the page posts, its signature verified with the key the tool publishes."""
    assert page.status_code == 200, page.text
    (form,) = re.findall(r'<form id="passing" method="post" action="([^"]*)">', page.text)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    assert [name for name, _value in fields] == ["JWT"]
    token = unescape(fields[0][1])
    header = jwt.get_unverified_header(token)
    (row,) = [row for row in client.get("/lti/jwks").get_json()["keys"] if row["kid"] == header["kid"]]
    key = jwt.PyJWK(row, algorithm="RS256")
    body = jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    return Reply(unescape(form), header, body)


def place(client: FlaskClient, *keys: str, settings: Mapping[str, Any] | None = None, **fields: str) -> Reply:
    """Ask, tick these, and place them under their own titles, graded if they can be."""
    answer = ask(client, settings=settings)
    assert answer.status_code == 303, answer.text
    return read(client, client.post(answer.location, data={**ticked(*keys), **fields}))


TITLES = {"mentoring": "Mentoring", "quiz-onboarding": "Onboarding quiz"}


def ticked(*keys: str) -> dict[str, str]:
    """The fields of the page with these ticked, as a browser sends them."""
    titles = {f"title-{key}": title for key, title in TITLES.items()}
    return {**titles, "graded-quiz-onboarding": "y", **{f"pick-{key}": "y" for key in keys}}
