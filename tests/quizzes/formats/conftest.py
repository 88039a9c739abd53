from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.quizzes.formats import bounded


@pytest.fixture(scope="session", name="bounded")
def in_bounds() -> Iterator[bounded.Bounded]:
    """Reads files in a process that dies of what would kill one."""
    with bounded.begun() as reader:
        yield reader
