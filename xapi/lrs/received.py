"""What others have told is heard by whoever wants to pass it on, inside the transaction that stores it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from lti_tool.prepared import Here


@dataclass(frozen=True)
class Received:
    """New statements of one request, as they were stored."""

    store: int
    key: str
    """Of the credential that told them."""
    statements: Sequence[Mapping[str, Any]]


Listener = Callable[[Here, Received], None]


def init_app(app: Flask) -> None:
    app.extensions["lrs_received"] = []


def hear(app: Flask, listener: Listener) -> None:
    _listeners(app).append(listener)


def tell(here: Here, received: Received) -> None:
    for listener in _listeners(current_app):
        listener(here, received)


def _listeners(app: Flask) -> list[Listener]:
    found: list[Listener] = app.extensions["lrs_received"]
    return found
