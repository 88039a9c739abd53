"""The tool's public keys, fetched from its key set URL and kept until an unknown one turns up."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Lock
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import jwt
from jwt import PyJWK

TIMEOUT = 5.0
LARGEST = 256 * 1024


class KeySetUnavailable(Exception):
    """The tool's key set could not be had; says why."""


def fetch_json(url: str) -> Any:
    """What stands at this address. Raises OSError or HTTPException if it cannot be had, ValueError if it is no JSON."""
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "campus/1"})
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read(LARGEST + 1)[:LARGEST])
    except HTTPError as problem:
        with problem:
            raise OSError(f"it answers {problem.code}") from None
    except URLError as problem:
        raise OSError(str(problem.reason)) from None


class ToolKeys:
    def __init__(self, url: str, fetch: Callable[[str], Any] | None = None) -> None:
        self._url = url
        self._fetch = fetch or fetch_json
        self._lock = Lock()
        self._keys: dict[str, PyJWK] = {}

    def find(self, kid: str) -> PyJWK | None:
        """The key of this id, asking the tool again if it is new to us. Raises KeySetUnavailable."""
        with self._lock:
            if kid not in self._keys:
                self._keys = self._read()
            return self._keys.get(kid)

    def _read(self) -> dict[str, PyJWK]:
        try:
            document = self._fetch(self._url)
        except (OSError, ValueError) as problem:
            raise KeySetUnavailable(f"the tool's key set at {self._url} cannot be read: {problem}") from None
        rows = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise KeySetUnavailable(f"{self._url} is not a key set")
        return {row["kid"]: key for row in rows if (key := _usable(row)) is not None}


def _usable(row: Any) -> PyJWK | None:
    if not isinstance(row, dict) or row.get("kty") != "RSA" or row.get("use", "sig") != "sig":
        return None
    if not isinstance(row.get("kid"), str) or "d" in row:
        return None
    try:
        return PyJWK(row, algorithm="RS256")
    except jwt.PyJWTError:
        return None
