"""A campus beside the tool, in one process and registered with nobody: how a tool and an LMS begin."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from campus.testing import CampusInHand, running_campus
from lti_tool import platform_keys
from tests.conftest import notices_to


@contextmanager
def campus_beside(app: Flask, flavor: str) -> Iterator[CampusInHand]:
    """A campus in this manner that reads whatever it wants of the tool's, each under its own address."""
    platform_keys.forget()
    tool = app.config["PUBLIC_URL"]
    with running_campus(tool=tool, flavor=flavor, fetch_json=pages_of(app), post_json=notices_to(app)) as campus:
        yield campus


def pages_of(app: Flask) -> Callable[[str], Any]:
    """The tool's public documents, handed over without a server in between; None for what is no JSON."""

    def fetch(url: str) -> Any:
        assert url.startswith(app.config["PUBLIC_URL"] + "/"), url
        return contextvars.Context().run(lambda: app.test_client().get(urlsplit(url).path).get_json(silent=True))

    return fetch


def shown_to_operators(campus: CampusInHand, name: str) -> dict[str, str]:
    """What the campus's page of tools says of itself and of the tool of this name, by the words beside it."""
    page = campus.app.test_client().get(f"{campus.url}/tools").text
    said = dict(re.findall(r"<dt>([^<]*)</dt> <dd><code>([^<]*)</code></dd>", page))
    entry = re.search(rf"<h3>{name}</h3>.*?<p class=\"quiet\">(.*?)</p>", page, re.DOTALL)
    assert entry is not None, page
    said |= dict(re.findall(r"(\w+) <code>([^<]*)</code>", entry[1]))
    return {label: unescape(value) for label, value in said.items()}
