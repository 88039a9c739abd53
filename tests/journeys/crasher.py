"""Orders for the process whose children are killed: see `crashing`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from lti_tool.running.delivering import HOLD

AFTER_THE_HOLD = int(HOLD.total_seconds()) + 1
"""Seconds after which a new worker takes over what the killed one held."""


class Crasher:
    """The process whose children are killed."""

    def __init__(self, database: str, root: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.crashing", database, str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def __call__(self, **order: Any) -> tuple[int, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["ended"], answer["said"]

    def close(self) -> None:
        self._process.communicate()
