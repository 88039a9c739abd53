"""What Moodle 4.5 really sent and was sent, as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "moodle-4.5"
MOODLE = "http://localhost:8100"


def recorded(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
