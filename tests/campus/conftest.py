from __future__ import annotations

from collections.abc import Iterator

import pytest

from campus.testing import CampusInHand, campus_in_hand
from tests.campus.fake_tool import Clock, FakeTool


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tool() -> FakeTool:
    return FakeTool()


@pytest.fixture
def campus(tool: FakeTool, clock: Clock) -> Iterator[CampusInHand]:
    with campus_in_hand(fetch_json=tool.fetch_json, now=clock) as campus:
        yield campus
