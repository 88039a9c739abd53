"""What was found a moment ago and is found again: a class that arrives together comes from one platform.

Only what lets somebody in is kept, and a launch asks once more, in its own transaction, whether that still holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from flask import Flask, current_app

FOR = 5.0
"""Seconds after which a change of a platform shows at every process."""
MOST = 1000

Value = TypeVar("Value")


class Kept:
    """Values by their keys, each for some seconds; `seconds` of 0 keeps nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._values: dict[Hashable, tuple[float, object]] = {}

    def found(self, key: Hashable, find: Callable[[], tuple[Value, bool]]) -> Value:
        """What is kept under this key; else what `find` gives, which also says whether it may be kept."""
        until, value = self._values.get(key, (0.0, None))
        if until > time.monotonic():
            return cast(Value, value)
        found, may_be_kept = find()
        if may_be_kept and self._seconds:
            if len(self._values) >= MOST:
                self._values.clear()
            self._values[key] = (time.monotonic() + self._seconds, found)
        return found


def init_app(app: Flask) -> None:
    app.extensions["kept"] = Kept(0.0 if app.config["TESTING"] else FOR)


def found(key: Hashable, find: Callable[[], tuple[Value, bool]]) -> Value:
    kept = current_app.extensions["kept"]
    assert isinstance(kept, Kept)
    return kept.found(key, find)
