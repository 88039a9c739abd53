"""Sends the recorded exchanges of a conformance suite to the LRS, in order; see ../corpus/README.md."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.xapi.samples import CORPUS

PLACEHOLDER = re.compile(r"\{\{(ETAG|MORE):(\d+)\}\}")


def exchanges(version: str) -> Iterator[dict[str, Any]]:
    with gzip.open(CORPUS / f"exchanges-{version}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def basic(key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


class Replay:
    """One client on an empty store."""

    def __init__(self, client: FlaskClient, mount: str, key: tuple[str, str]) -> None:
        self._client, self._mount = client, mount
        self._good = basic(*key)
        self._auth = {
            "ok": self._good,
            "wrong": basic("nobody", "not-the-secret"),
            "malformed": self._good.replace("Basic ", "Basic:"),
        }
        self._remembered: dict[tuple[str, int], str] = {}

    def path(self, exchange: dict[str, Any]) -> str:
        """Where this exchange goes in our store."""
        path = self._filled(exchange["path"])
        return path if path.startswith(self._mount) else self._mount + path

    def send(self, exchange: dict[str, Any]) -> TestResponse:
        headers = {name: self._filled(value) for name, value in exchange["headers"].items()}
        if exchange["auth"] in self._auth:
            headers["Authorization"] = self._auth[exchange["auth"]]
        answer = self._client.open(
            self.path(exchange),
            method=exchange["method"],
            headers=headers,
            data=exchange["body"].replace("{{AUTHORIZATION}}", quote(self._good, safe="")).encode(),
        )
        self._remember(exchange, answer)
        return answer

    def _filled(self, value: str) -> str:
        hit = PLACEHOLDER.fullmatch(value)
        return value if hit is None else self._remembered[hit[1], int(hit[2])]

    def _remember(self, exchange: dict[str, Any], answer: TestResponse) -> None:
        self._remembered["ETAG", exchange["n"]] = answer.headers.get("ETag", "")
        if exchange["method"] == "GET" and answer.is_json and isinstance(answer.json, dict):
            self._remembered["MORE", exchange["n"]] = answer.json.get("more", "")
