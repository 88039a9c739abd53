"""Places in a statement, in the little of JSONPath that our rules use: names, `[*]` and `['names in quotes']`.

RFC 9535, of which nothing else is taken: a library for all of it is a dozen times slower, and each statement passes
some two hundred rules before it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

Places = Callable[[Any], list[Any]]

_STEP = re.compile(r"\.(?P<name>[A-Za-z_]\w*)|\['(?P<quoted>[^']+)'\]|(?P<each>\[\*\])")
EACH = None


def steps_of(location: str) -> Sequence[str | None]:
    """Names one after the other, `EACH` for all of an array. Raises ValueError for what is no such path."""
    if not location.startswith("$"):
        raise ValueError(f"{location}: a path begins with $")
    steps: list[str | None] = []
    at = 1
    while at < len(location):
        found = _STEP.match(location, at)
        if found is None:
            raise ValueError(f"{location}: not understood from {location[at:]}")
        steps.append(EACH if found["each"] else found["name"] or found["quoted"])
        at = found.end()
    return steps


@cache
def values_at(location: str) -> Places:
    """What finds the values at this place of a statement; a place that is not there gives none."""
    steps = tuple(steps_of(location))

    def find(statement: Any) -> list[Any]:
        found = [statement]
        for step in steps:
            if step is EACH:
                found = [item for value in found if isinstance(value, list) for item in value]
            else:
                found = [value[step] for value in found if isinstance(value, dict) and step in value]
            if not found:
                break
        return found

    return find
