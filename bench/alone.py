"""For pytest, while it collects: which tests stand alone. Only what their files import decides whether they pass.

A test that asks for no fixture needs no application, no database and no page.
"""

from __future__ import annotations

from typing import Any

import pytest

ALONE = "Alone: "


def stands_alone(item: pytest.Item) -> bool:
    made: Any = getattr(item, "callspec", None)
    parameters = set(made.params) if made is not None else set()
    return set(getattr(item, "fixturenames", ["unknown"])) <= parameters


def pytest_collection_finish(session: pytest.Session) -> None:
    for item in filter(stands_alone, session.items):
        print(f"{ALONE}{item.nodeid}", flush=True)
