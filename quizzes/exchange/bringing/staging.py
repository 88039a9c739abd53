"""A question that was read, as JSON, and back; its pictures stand elsewhere, by their keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from quizzes.formats.model import Media, Place, Question
from quizzes.kinds import Kind
from quizzes.rich import TextFormat


def written(question: Question) -> str:
    said: dict[str, Any] = {
        **{name: getattr(question, name) for name in _PLAIN},
        "kind": question.kind.value,
        "text_format": question.text_format.value,
        "media": [each.key for each in question.media],
        "place": {"line": question.place.line, "item": question.place.item},
    }
    return _in_json(said)


def read(said: str, pictures: Mapping[str, Media]) -> Question:
    """`pictures` by their keys, as many of them as it names."""
    found: dict[str, Any] = json.loads(said)
    plain: dict[str, Any] = {name: tuple(found[name]) if name in _TUPLES else found[name] for name in _PLAIN}
    return Question(
        **plain,
        kind=Kind(found["kind"]),
        text_format=TextFormat(found["text_format"]),
        media=tuple(pictures[key] for key in found["media"] if key in pictures),
        place=Place(**found["place"]),
    )


def named_in(said: str) -> list[str]:
    """The keys of its pictures. Most questions have none: that is seen without reading them."""
    return [] if _NO_PICTURES in said else list(json.loads(said)["media"])


_in_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NO_PICTURES = '"media":[]'
"""Within a text the quotation marks would have backslashes."""
_TUPLES = ("category", "tags", "hints")
_PLAIN = (
    *("body", "title", "identifier", "category", "tags", "maximum", "difficulty", "feedback", "hints", "penalty"),
    "is_draft",
)
