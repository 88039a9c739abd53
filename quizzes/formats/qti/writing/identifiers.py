"""What items, and what can be chosen in them, are called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizzes.formats.qti.reading import MADE_UP
from quizzes.kinds import Body

RESPONSE = "RESPONSE"
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]{0,200}", re.ASCII)


def identifier_of(said: str) -> str:
    """What an item is called of a question that is called so: itself, where XML can say it."""
    if _IDENTIFIER.fullmatch(said) and not said.startswith(MADE_UP):
        return said
    return "i-" + re.sub(r"[^\w.-]", "-", said, flags=re.ASCII)[:200]


def names_of(rows: Sequence[Body], letter: str = "c") -> dict[str, str]:
    return {str(row["id"]): f"{letter}{place}" for place, row in enumerate(rows, start=1)}
