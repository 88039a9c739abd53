"""Answers as a page sends them, a few at a time: read strictly, before anything is looked up.

    {"epoch": 1, "answers": [[3, 10001, {"chosen": ["a"]}, false], ...]}

Each is the question's place, a number that grows with every change, the answer by its parts as `quizzes.kinds` has it,
and whether its learner wants to look at it again; who leaves that out leaves it as it is. `epoch` is the newest opening
of the attempt that the page knows of; left out, it knows of none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.kinds import Response

MOST = 200
"""Answers in one batch."""
HIGHEST = 2_000_000_000
"""A little less than the database can count to: a form, which has no numbers, counts on from there."""


class NotABatch(ValueError):
    """What was sent has another shape."""


@dataclass(frozen=True)
class Entry:
    """One answer on its way."""

    place: int
    seq: int
    response: Response
    is_flagged: bool | None = None


@dataclass(frozen=True)
class Batch:
    entries: Sequence[Entry]
    """In the order of the questions; of several answers to one the newest."""
    epoch: int = 0
    """The newest opening that the page knows of; 0 for none."""


def read(sent: str | bytes) -> Batch:
    """What stands in it. Raises NotABatch."""
    try:
        said = json.loads(sent)
        rows, epoch = said["answers"], said.get("epoch", 0)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotABatch from None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST or not (epoch == 0 or _counts(epoch)):
        raise NotABatch
    entries = sorted(map(_entry, rows), key=lambda each: (each.place, each.seq))
    return Batch(list({each.place: each for each in entries}.values()), epoch)


def _entry(row: Any) -> Entry:
    if not isinstance(row, list) or len(row) not in (3, 4):
        raise NotABatch
    place, seq, response, *flagged = row
    if not _counts(place) or not _counts(seq) or not all(isinstance(each, bool) for each in flagged):
        raise NotABatch
    return Entry(place, seq, _response(response), *flagged)


def _counts(number: Any) -> bool:
    return type(number) is int and 0 < number <= HIGHEST


def _response(said: Any) -> Response:
    if not isinstance(said, dict) or not all(isinstance(texts, list) for texts in said.values()):
        raise NotABatch
    if not all(_is_text(part) and all(map(_is_text, texts)) for part, texts in said.items()):
        raise NotABatch
    return said


def _is_text(said: Any) -> bool:
    """Something both databases and all pages can hold: neither a NUL nor half a character."""
    return isinstance(said, str) and "\0" not in said and not any("\ud800" <= each <= "\udfff" for each in said)
