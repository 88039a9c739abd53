"""Looks over a browser's shoulder: whatever it complains about, and whatever it asks of strangers, fails the test."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

AT_HOME = {"localhost", "127.0.0.1", "tool.test", "campus.test"}
WITHOUT_NETWORK = {"about", "blob", "data"}


class Watch:
    """Everything one browser context said that it should not have said."""

    def __init__(self, context: BrowserContext) -> None:
        self._said: list[str] = []
        self._expected: list[str] = []
        self._suffered: list[str] = []
        context.on("console", self._listen)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)

    def expect(self, pattern: str) -> None:
        """Once, and only once, something like this may be said: an answer that refuses is an error to a browser."""
        self._expected.append(pattern)

    def suffer(self, pattern: str) -> None:
        """This may be said as often as it comes: who knows how often a page tries again."""
        self._suffered.append(pattern)

    def complaints(self) -> list[str]:
        left = [each for each in self._said if not any(re.search(pattern, each) for pattern in self._suffered)]
        missing: list[str] = []
        for pattern in self._expected:
            found = next((each for each in left if re.search(pattern, each)), None)
            if found is None:
                missing.append(f"expected and not said: {pattern}")
            else:
                left.remove(found)
        return [*left, *missing]

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._said.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _note_error(self, error: WebError) -> None:
        self._said.append(f"script error: {error.error}")

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in WITHOUT_NETWORK and parts.hostname not in AT_HOME:
            self._said.append(f"asked of a stranger: {request.url}")
