"""Out of Playwright's way: its event loop runs in the thread of the tests, where Flask then ends no context."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask

Found = TypeVar("Found")


def aside(act: Callable[[], Found]) -> Found:
    """Do this in a thread of its own and wait for it."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(act).result()


@dataclass(frozen=True)
class Inside:
    """The tool's own context, for what no page offers."""

    app: Flask

    def do(self, act: Callable[[], Found]) -> Found:
        def within() -> Found:
            with self.app.app_context():
                return act()

        return aside(within)
