"""Counts the steps of a program that could be its last, and ends it without a word at one of them.

A step lies before and after everything that reaches the world: each statement sent to the database, each commit,
each call that leaves the building. `kill -9` at every step in turn is `kill -9` at any point, as far as anybody
outside can tell.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import requests
from flask import Flask
from sqlalchemy import event

from lti_tool.db import db


class Steps:
    """Kills this process when it has taken so many steps; never, if `last` is None."""

    def __init__(self, last: int | None) -> None:
        self.taken = 0
        self._last = last

    def take(self, *_: Any, **__: Any) -> None:
        self.taken += 1
        if self.taken == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, app: Flask, *, each_statement: bool = True) -> None:
        """Count the database work of this application and every HTTP call of this process.

        Without `each_statement` only what outlives the process counts, before it and after it: commits and calls.
        A transaction that is killed at any of its statements is one that is killed before its commit.
        """
        with app.app_context():
            engine = db.engine
        for name in ("before_cursor_execute", "after_cursor_execute") if each_statement else ():
            event.listen(engine, name, self.take)
        event.listen(engine, "commit", self.take)
        event.listen(_session_class(app), "after_commit", self.take)
        requests.Session.send = _stepping(requests.Session.send, self.take)  # type: ignore[method-assign]


def _session_class(app: Flask) -> Any:
    with app.app_context():
        return db.sessionmaker


def _stepping(send: Callable[..., Any], take: Callable[[], None]) -> Callable[..., Any]:
    def stepped(*args: Any, **kwargs: Any) -> Any:
        take()
        answer = send(*args, **kwargs)
        take()
        return answer

    return stepped
