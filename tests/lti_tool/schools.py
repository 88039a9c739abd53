"""Two schools on one hosted LMS: one issuer, one token desk, and everything told apart by client and deployment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import jwt
import requests

from lti_tool.claims import LTI
from lti_tool.outgoing.http import Answer, BoundedSession, Http
from tests.lti_tool.launching import ISSUER

TOKENS = f"{ISSUER}/oauth/token"


@dataclass(frozen=True)
class Assertion:
    """Who asked for a token, in whose name, addressed to whom and for what."""

    client: str
    deployment: str | None
    audience: object
    scopes: str


@dataclass
class Schools(Http):
    """Answers for both schools, strictly: what belongs to one is shown to the tokens of that one alone."""

    tokens_asked: list[Assertion] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, address and whose token it was."""
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What was posted or put with a token, and whose it was."""
    pages: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What a school says under an address: only its own tokens see it."""
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What a school answers to what is posted there, where that is more than nothing."""
    answer: dict[str, Any] = field(default_factory=lambda: {"expires_in": 3600, "token_type": "Bearer"})
    """What the token desk says besides the token; a token of its own replaces the one it would make."""
    refuses: frozenset[str] = frozenset()
    """Schools that take nothing that is posted or put."""
    raw: tuple[int, bytes] | None = None
    """What the token desk says instead, whatever it is asked."""

    def __post_init__(self) -> None:
        self.session = _Desk(self)

    def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = 0,
    ) -> Answer:
        token = (headers or {}).get("Authorization", "").removeprefix("Bearer ")
        school = token.split("|")[0]
        self.calls.append((method, url, school))
        if method in ("POST", "PUT"):
            assert isinstance(body, bytes)
            if school in self.refuses:
                return Answer(403, {}, b"", url)
            self.sent.append((school, json.loads(body)))
            return Answer(200, {}, json.dumps(self.answers.get((school, url), {})).encode(), url)
        page = self.pages.get((school, url.partition("?")[0]))
        return Answer(401, {}, b"", url) if page is None else Answer(200, {}, json.dumps(page).encode(), url)

    def give_token(self, said: Mapping[str, Any]) -> tuple[int, bytes]:
        fields = parse_qs(said["data"]) if isinstance(said["data"], str) else {k: [v] for k, v in said["data"].items()}
        claims = jwt.decode(fields["client_assertion"][0], options={"verify_signature": False})
        assert claims["iss"] == claims["sub"]
        asked = Assertion(claims["sub"], claims.get(LTI + "deployment_id"), claims["aud"], fields["scope"][0])
        self.tokens_asked.append(asked)
        if self.raw is not None:
            return self.raw
        token = f"{asked.client}|{asked.deployment}|{len(self.tokens_asked)}"
        return 200, json.dumps({"access_token": token, **self.answer}).encode()


class _Desk(BoundedSession):
    """The token desk, as the library's own requests reach it."""

    def __init__(self, schools: Schools) -> None:
        super().__init__()
        self._schools = schools

    def request(self, method: str | bytes, url: str | bytes, *_args: Any, **said: Any) -> requests.Response:
        assert (method, url) == ("POST", TOKENS)
        response = requests.Response()
        response.status_code, response._content = self._schools.give_token(said)
        response.url = TOKENS
        return response
