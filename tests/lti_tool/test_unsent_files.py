"""Files that are asked for and not sent are closed."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask

FILE = "/static/mentoring.css"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_is_not_sent_is_closed(app: Flask, method: str):
    client, opened = app.test_client(), list[Any]()

    def keep(*asked: Any) -> Any:
        opened.append(open(*asked))  # noqa: SIM115
        return opened[-1]

    with client.get(FILE) as first:
        known = {"If-None-Match": first.headers["ETag"]} if method == "GET" else {}
    with patch("werkzeug.utils.open", keep, create=True):
        answer = client.open(FILE, method=method, headers=known)

    assert (answer.status_code, len(opened)) == (304 if method == "GET" else 200, 1)
    assert opened[0].closed
