"""A tool that does as it is told: it signs assertions, right ones or wrong ones, and remembers its launches."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.test import TestResponse

from campus.services import SCOPES
from campus.testing import CampusInHand
from campus.tokens import ASSERTION_TYPE

THEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "http://localhost:8000"
KEY = generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = generate_private_key(public_exponent=65537, key_size=2048)


class Clock:
    """The campus's time, moved by hand."""

    def __init__(self) -> None:
        self.time = THEN

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **delta: float) -> None:
        self.time += timedelta(**delta)


def public_jwk(kid: str, key: RSAPrivateKey) -> dict[str, Any]:
    return {
        **json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())),
        "kid": kid,
        "use": "sig",
        "alg": "RS256",
    }


@dataclass
class FakeTool:
    keys: dict[str, RSAPrivateKey] = field(default_factory=lambda: {"first": KEY})
    fetches: int = 0
    is_down: bool = False
    launches: list[dict[str, str]] = field(default_factory=list)

    def fetch_json(self, url: str) -> Any:
        self.fetches += 1
        if self.is_down:
            raise OSError("connection refused")
        assert url == f"{URL}/lti/jwks"
        return {"keys": [public_jwk(kid, key) for kid, key in self.keys.items()]}

    def app(self) -> Flask:
        """Its web side: sends the browser on to the campus, then takes whatever comes."""
        app = Flask("fake tool")

        @app.post("/lti/login")
        def login() -> ResponseReturnValue:
            asked = auth_request(request.form, nonce=secrets.token_hex(8))
            return redirect(f"{request.form['iss']}/oidc/auth?{urlencode(asked)}")

        @app.post("/lti/launch")
        def launch() -> ResponseReturnValue:
            self.launches.append(request.form.to_dict())
            return redirect("/home", 303)

        return app


def auth_request(initiation: Mapping[str, str], **changes: str) -> dict[str, str]:
    """A right authentication request for this login initiation, with changes."""
    return {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": initiation["client_id"],
        "redirect_uri": initiation["target_link_uri"],
        "login_hint": initiation["login_hint"],
        "lti_message_hint": initiation["lti_message_hint"],
        "state": 'state "1" & <more>',
        "nonce": "nonce-1",
        **changes,
    }


def assertion(
    campus: CampusInHand,
    *,
    key: RSAPrivateKey = KEY,
    header: Mapping[str, Any] | None = None,
    without: str = "",
    **changes: Any,
) -> str:
    """A right client assertion, with changes."""
    now = int(campus.settings.now().timestamp())
    claims = {
        "iss": "campus-tool",
        "sub": "campus-tool",
        "aud": campus.settings.token_url,
        "iat": now,
        "exp": now + 60,
        "jti": "jti-1",
        **changes,
    }
    claims.pop(without, None)
    headers = {name: value for name, value in {"kid": "first", **(header or {})}.items() if value is not None}
    return jwt.encode(claims, key, "RS256", headers=headers)


def ask_token(campus: CampusInHand, signed: str, **changes: str) -> TestResponse:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
        "scope": " ".join(SCOPES),
        **changes,
    }
    return campus.app.test_client().post("/oauth/token", data=form)


def bearer(campus: CampusInHand, *scopes: str) -> dict[str, str]:
    """The Authorization header of a fresh token with these scopes, all of them unless named."""
    response = ask_token(campus, assertion(campus, jti=secrets.token_hex(8)), scope=" ".join(scopes or SCOPES))
    return {"Authorization": f"Bearer {json.loads(response.data)['access_token']}"}
