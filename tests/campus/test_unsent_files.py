"""Files that are asked for and not sent are closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from campus.app import create_app
from campus.settings import Settings

FILE = "/static/campus.svg"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_is_not_sent_is_closed(tmp_path: Path, method: str):
    """Whoever has it already is told so; left open, it is closed whenever Python happens to collect it."""
    client = create_app(Settings(data=str(tmp_path / "campus.sqlite"))).test_client()
    opened: list[Any] = []

    def keep(*asked: Any) -> Any:
        opened.append(open(*asked))  # noqa: SIM115
        return opened[-1]

    with client.get(FILE) as first:
        known = {"If-None-Match": first.headers["ETag"]} if method == "GET" else {}
    with patch("werkzeug.utils.open", keep, create=True):
        answer = client.open(FILE, method=method, headers=known)

    assert (answer.status_code, len(opened)) == (304 if method == "GET" else 200, 1)
    assert opened[0].closed
