"""Reads pages as people do."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse


def words(answer: TestResponse) -> str:
    """What stands on the page, as running text."""
    return _running(answer.text)


def panel(answer: TestResponse, key: str) -> str | None:
    """What a panel of the home page says; None if it is not there."""
    found = re.search(rf'<section class="panel" id="panel-{key}".*?</section>', answer.text, re.DOTALL)
    return _running(found.group()) if found else None


def _running(text: str) -> str:
    spoken = re.sub(r'<span class="avatar".*?</span>', "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", spoken)).split())


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = ""
        self.options: dict[str, list[str]] = {}
        self._is_option = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        name, value = attributes.get("name") or "", attributes.get("value") or ""
        if tag == "input" and name and (attributes.get("type") != "checkbox" or "checked" in attributes):
            self.sent[name] = value
        if tag == "select":
            self.select = name
            self.options[name] = []
        if tag == "option":
            self._is_option = True
            if "selected" in attributes:
                self.sent[self.select] = value

    def handle_data(self, data: str) -> None:
        if self._is_option and data.strip():
            self.options[self.select].append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "option":
            self._is_option = False


def sent(answer: TestResponse) -> dict[str, str]:
    """What the page's fields would send if its buttons were pressed now."""
    return _read(answer).sent


def options(answer: TestResponse) -> dict[str, list[str]]:
    """What can be chosen, by field."""
    return _read(answer).options


def _read(answer: TestResponse) -> _Fields:
    reader = _Fields()
    reader.feed(answer.text)
    return reader
