"""The one HTTP client that leaves the building: to public addresses, bounded in time and size, without redirects.

Nothing it says names a token.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from flask import current_app
from urllib3.exceptions import TimeoutError as Late

from lti_tool.outgoing.addresses import Reach, host_of
from lti_tool.outgoing.connecting import (
    CONNECT,
    READ,
    AddressRefused,
    CallFailed,
    GuardedAdapter,
    Underway,
    last_moment,
    underway,
)

__all__ = ["AddressRefused", "Answer", "BoundedSession", "CallFailed", "Http", "host_of", "http", "is_late"]

MOST_BYTES = 5 * 1024 * 1024
USER_AGENT = "lti-mentoring/0.1"


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body as JSON. Raises CallFailed if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise CallFailed(f"the answer from {host_of(self.url)} is not JSON") from None


class BoundedSession(requests.Session):
    """A requests session whose every call stays within reach, has time-outs, and follows no redirect.

    It reads no environment: a proxy would connect where we cannot see it. It keeps no cookie: one of them all serves
    every tenant.
    """

    def __init__(self, reach: Reach | None = None) -> None:
        super().__init__()
        self.reach = reach or Reach()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self.headers["User-Agent"] = USER_AGENT
        adapter = GuardedAdapter(pool_connections=16, pool_maxsize=16, max_retries=0)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As ever, within our bounds; also for the library's own calls, which ask for the whole body at once."""
        address = url.decode("ascii", "replace") if isinstance(url, bytes) else url
        if problem := self.reach.refuses(address):
            raise AddressRefused(problem)
        wants_stream = bool(kwargs.get("stream"))
        kwargs.update(timeout=(CONNECT, READ), allow_redirects=False, stream=True)
        token = underway.set(Underway(self.reach, last_moment(host_of(address))))
        try:
            response = super().request(method, address, *args, **kwargs)
        finally:
            underway.reset(token)
        if not wants_stream:
            with response:
                response._content = _bounded(response, address, MOST_BYTES)
                # Requests would guess for seconds in which encoding five megabytes of nonsense are.
                response.encoding = "utf-8-sig"
        return response


class Http:
    def __init__(self, reach: Reach | None = None) -> None:
        self.session = BoundedSession(reach)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, most_bytes: int = MOST_BYTES) -> Answer:
        return self.call("GET", url, headers=headers, most_bytes=most_bytes)

    def post(self, url: str, body: bytes | Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        return self.call("POST", url, body=body, headers=headers)

    def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """One request. Raises CallFailed if no whole answer came within the bounds."""
        try:
            with self.session.request(method, url, data=body, headers=headers, stream=True) as response:
                content = _bounded(response, url, most_bytes)
                return Answer(response.status_code, dict(_lower(response.headers)), content, url)
        except (requests.RequestException, OSError, UnicodeError) as problem:
            if is_late(problem):
                raise CallFailed(f"{host_of(url)} did not answer in time") from None
            raise CallFailed(f"{host_of(url)} cannot be reached ({type(problem).__name__})") from None
        except Exception as problem:
            if type(problem).__module__.startswith("urllib3"):
                raise CallFailed(f"{host_of(url)} broke off its answer ({type(problem).__name__})") from None
            raise


def is_late(problem: Exception) -> bool:
    """Whether time ran out; in the middle of a body, requests calls that a lost connection."""
    return isinstance(problem, requests.Timeout) or any(isinstance(each, Late) for each in problem.args)


def _bounded(response: requests.Response, url: str, most_bytes: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(64 * 1024):
        content += chunk
        if len(content) > most_bytes:
            raise CallFailed(f"{host_of(url)} sent more than {most_bytes} bytes")
    return bytes(content)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def http() -> Http:
    """The application's client; tests put their own in its place."""
    client = current_app.extensions["http"]
    assert isinstance(client, Http)
    return client
