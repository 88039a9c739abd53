"""A platform in a few lines, for launches that a strict LMS would never send: any claim can be bent."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from lti_tool.claims import AGS, LTI, MEMBERSHIP, NRPS
from lti_tool.outgoing.http import Answer, BoundedSession, CallFailed, Http

ISSUER = "https://campus.example"
TARGET = "http://localhost:8000/lti/launch"


@cache
def private_key(name: str) -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(name: str, kid: str | None = None) -> dict[str, Any]:
    jwk: dict[str, Any] = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {"kty": "RSA", "n": jwk["n"], "e": jwk["e"], "kid": kid or name, "alg": "RS256", "use": "sig"}


class NoNetwork(BoundedSession):
    """What the library asks by itself, such as tokens, reaches nobody."""

    def request(self, *_args: Any, **_kwargs: Any) -> requests.Response:
        raise requests.ConnectionError("There is no network in this test.")


@dataclass
class FakeWeb(Http):
    """Answers calls from a table and remembers what was asked; no network."""

    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = NoNetwork()

    def call(self, method: str, url: str, **_rest: Any) -> Answer:
        self.asked.append(f"{method} {url}")
        page = self.pages.get(url)
        if page is None:
            raise CallFailed(f"{urlsplit(url).hostname} cannot be reached (nobody there)")
        if callable(page):
            made: Answer = page()
            return made
        return Answer(200, {}, json.dumps(page).encode(), url)


def key_set(*names: str) -> dict[str, Any]:
    return {"keys": [public_jwk(name) for name in names]}


class Away(int):
    """A time so many seconds from the moment of the launch."""


def claims(**changes: Any) -> dict[str, Any]:
    """A plain learner's launch; a change of None removes the claim, short names stand for LTI's own."""
    at = int(time.time())
    plain: dict[str, Any] = {
        "iss": ISSUER,
        "sub": "leo",
        "aud": "campus-tool",
        "iat": at,
        "exp": at + 60,
        "name": "Leo Fischer",
        "given_name": "Leo",
        "family_name": "Fischer",
        "email": "leo@campus.example",
        LTI + "deployment_id": "1",
        LTI + "target_link_uri": TARGET,
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "version": "1.3.0",
        LTI + "roles": [f"{MEMBERSHIP}#Learner"],
        LTI + "context": {"id": "101", "label": "MENTOR101", "title": "Starting at work 101"},
        LTI + "resource_link": {"id": "7", "title": "Mentoring"},
        LTI + "launch_presentation": {"document_target": "iframe", "return_url": f"{ISSUER}/courses/101"},
        LTI + "custom": {"activity": "mentoring"},
        AGS: {"scope": [], "lineitems": f"{ISSUER}/ags/101/lineitems"},
        NRPS: {"context_memberships_url": f"{ISSUER}/nrps/101/members", "service_versions": ["2.0"]},
    }
    for name, value in changes.items():
        full = name if name in plain or name in ("nonce", "azp", "nbf", "locale") else LTI + name
        if value is None:
            plain.pop(full, None)
        else:
            plain[full] = at + value if isinstance(value, Away) else value
    return plain


def start(client: FlaskClient, **changes: str) -> Mapping[str, str]:
    """Knock at login and read from the redirect what the tool asks the platform: state, nonce, ..."""
    said = {
        "iss": ISSUER,
        "login_hint": "leo",
        "target_link_uri": TARGET,
        "client_id": "campus-tool",
        "lti_message_hint": "hint",
        **changes,
    }
    answer = client.post("/lti/login", data={name: value for name, value in said.items() if value is not None})
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def sign(body: Mapping[str, Any], *, key: str = "one", header: Mapping[str, Any] | None = None) -> str:
    return jwt.encode(dict(body), private_key(key), algorithm="RS256", headers={"kid": key, **(header or {})})


def launch(
    client: FlaskClient, *, key: str = "one", asked: Mapping[str, str] | None = None, **changes: Any
) -> TestResponse:
    """Login and launch as one; `changes` bend the claims."""
    asked = asked or start(client)
    body = {"nonce": asked["nonce"], **claims(**changes)}
    if changes.get("nonce", "kept") is None:
        del body["nonce"]
    return client.post("/lti/launch", data={"state": asked["state"], "id_token": sign(body, key=key)})
