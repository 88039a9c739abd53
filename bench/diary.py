"""docs/benchmarks.md: figures under a heading of the day, the newest day first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.installing import ROOT

PATH = ROOT / "docs" / "benchmarks.md"
DAYS = "<!-- make bench ARGS=--write puts each day below this line -->"


def entered(text: str, day: str, lines: Sequence[str]) -> str:
    """The diary with this day's entry; a second run of the day, or of the same part of it, takes the first one's place.

    Raises ValueError if the line that the days stand below is missing.
    """
    above, mark, below = text.partition(DAYS)
    if not mark:
        raise ValueError(f"{PATH.name} lacks the line {DAYS}")
    others = [
        part for part in re.split(r"^(?=## )", below, flags=re.MULTILINE)[1:] if not part.startswith(f"## {day}\n")
    ]
    entry = "\n".join([f"## {day}", "", *lines])
    return "\n\n".join([above.rstrip(), DAYS, entry, *(other.strip() for other in others)]) + "\n"


def write(day: str, lines: Sequence[str]) -> None:
    PATH.write_text(entered(PATH.read_text(encoding="utf-8"), day, lines), encoding="utf-8")
