"""Which files a question takes; no database, no web."""

from __future__ import annotations

from collections.abc import Collection
from typing import IO

from lti_tool.files.called import ending_of
from lti_tool.files.kinds import KINDS, Kind, judge
from lti_tool.files.troubles import Trouble
from quizzes.kinds import Body


def most(body: Body) -> int:
    """How many files make an answer."""
    return int(body.get("most", 1))


def endings(body: Body) -> tuple[str, ...]:
    """Of the files it takes: those its author named, or all that can be looked into."""
    named = tuple(str(each) for each in body.get("types", ()))
    return tuple(each for each in named if each in KINDS) if named else tuple(KINDS)


def accept(body: Body) -> str:
    """What browsers offer to choose from; it guards nothing."""
    return ",".join(f".{ending}" for ending in endings(body))


def judged(body: Body, file: IO[bytes], size: int, name: str, *, most_bytes: int) -> Kind | Trouble:
    """Of what kind this file is, or why the question does not take it."""
    found = judge(file, size, name, most=most_bytes)
    taken = {KINDS[ending].key for ending in endings(body)}
    if ending_of(name) in KINDS and KINDS[ending_of(name)].key not in taken:
        return Trouble.NOT_ALLOWED
    return found


def fit(body: Body, have: Collection[str], more: Collection[str]) -> bool:
    """Whether there is room: a file takes the place of one of its name, and of the only one there may be."""
    if most(body) == 1:
        return len(more) <= 1
    return len({*have, *more}) <= most(body)
