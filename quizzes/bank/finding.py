"""Where in a question some words stand; no database, no web."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from quizzes.kinds import Body


class Where(StrEnum):
    """Part of a question, the one that is told first first."""

    TEXT = "text"
    OPTION = "option"
    ROW = "row"
    ANSWER = "answer"
    GAP = "gap"
    PICTURE = "picture"
    RUBRIC = "rubric"
    WHY = "why"
    TAG = "tag"
    TITLE = "title"


_LISTS: Mapping[str, Where] = {
    "options": Where.OPTION,
    "rows": Where.ROW,
    "choices": Where.ROW,
    "items": Where.ROW,
    "answers": Where.ANSWER,
    "gaps": Where.GAP,
    "areas": Where.PICTURE,
    "rubric": Where.RUBRIC,
}
_WORDS = ("text", "label", "value", "feedback")
"""What authors write in one of a list."""


def folded(text: str) -> str:
    """Letters of any alphabet without their case, spaces straightened."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())


def place_of(wanted: str, body: Body, tags: Iterable[str], title: str = "") -> Where | None:
    """The first part that has these words, which are folded already; None if no part has."""
    return next((where for where, text in _parts(body, tags, title) if wanted in folded(text)), None)


def _parts(body: Body, tags: Iterable[str], title: str) -> Iterator[tuple[Where, str]]:
    yield Where.TEXT, str(body.get("text", ""))
    for name, where in _LISTS.items():
        for text in _words(body.get(name, ())):
            yield where, text
    yield Where.PICTURE, str(body.get("alt", ""))
    yield Where.WHY, str(body.get("why", ""))
    for tag in tags:
        yield Where.TAG, tag
    yield Where.TITLE, title


def _words(rows: Any) -> Iterator[str]:
    """Those of a list, and of the lists within each: what a gap takes, the levels of a rubric."""
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield from (str(row[name]) for name in _WORDS if row.get(name))
            for inner in ("options", "answers", "levels"):
                yield from _words(row.get(inner))
