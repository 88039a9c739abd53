"""The one HTTP client that leaves the building: bounded in time and size, no redirects, never logging a token."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from flask import current_app
from requests.adapters import HTTPAdapter
from urllib3.util import parse_url

CONNECT, READ = 3.0, 5.0
"""Seconds to connect and to wait for bytes."""
MOST_BYTES = 5 * 1024 * 1024
USER_AGENT = "lti-mentoring/0.1"


class CallFailed(Exception):
    """The other side did not answer in time, in size, or at all; says what happened without naming a secret."""


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
    """A requests session whose every call has time-outs, follows no redirect, and reads no environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self.headers["User-Agent"] = USER_AGENT
        adapter = HTTPAdapter(pool_connections=16, pool_maxsize=16, max_retries=0)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As ever, within our bounds; also for the library's own calls, which ask for the whole body at once."""
        wants_stream = bool(kwargs.get("stream"))
        kwargs.update(timeout=(CONNECT, READ), allow_redirects=False, stream=True)
        response = super().request(method, url, *args, **kwargs)
        if not wants_stream:
            with response:
                response._content = _bounded(response, str(url), MOST_BYTES)
        return response


class Http:
    def __init__(self) -> None:
        self.session = BoundedSession()

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
        if not url.startswith(("https://", "http://")):
            raise CallFailed("the address is neither http nor https")
        try:
            with self.session.request(method, url, data=body, headers=headers, stream=True) as response:
                content = _bounded(response, url, most_bytes)
                return Answer(response.status_code, dict(_lower(response.headers)), content, url)
        except requests.Timeout:
            raise CallFailed(f"{host_of(url)} did not answer within {READ:.0f} seconds") from None
        except (requests.RequestException, OSError) as problem:
            raise CallFailed(f"{host_of(url)} cannot be reached ({type(problem).__name__})") from None
        except Exception as problem:
            if type(problem).__module__.startswith("urllib3"):
                raise CallFailed(f"{host_of(url)} broke off its answer ({type(problem).__name__})") from None
            raise


def _bounded(response: requests.Response, url: str, most_bytes: int) -> bytes:
    """The body, however slowly it drips: at most so many bytes and ten seconds."""
    last, content = time.monotonic() + CONNECT + READ + 2, bytearray()
    for chunk in response.iter_content(64 * 1024):
        content += chunk
        if len(content) > most_bytes:
            raise CallFailed(f"{host_of(url)} sent more than {most_bytes} bytes")
        if time.monotonic() > last:
            raise CallFailed(f"{host_of(url)} was still sending after ten seconds")
    return bytes(content)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def host_of(url: str) -> str:
    """The host of an address, to be named in messages instead of the whole address."""
    try:
        return parse_url(url).host or "the address"
    except ValueError:
        return "the address"


def http() -> Http:
    """The application's client; tests put their own in its place."""
    client = current_app.extensions["http"]
    assert isinstance(client, Http)
    return client
