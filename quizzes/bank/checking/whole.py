"""A question's text as a whole: its size, what it asks, what its kind wants, its pictures and recordings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from quizzes.bank.checking.kinds import CHECKS
from quizzes.bank.checking.parts import LONGEST_ID
from quizzes.bank.checking.problem import Place, Problem, Wrong
from quizzes.kinds import Body, Kind
from quizzes.rich import Named

MOST_CHARACTERS = 100_000
"""Of all texts of a question together."""
MOST_PARTS = 100
"""Of one list: options, rows, gaps, answers."""
LISTS = ("options", "rows", "choices", "items")
"""The lists of a body whose rows have a `text` that is shown as authors' texts are."""
MediaIn = Callable[[str], Sequence[Named]]
"""The pictures and recordings that a text names, each with the words that stand for it."""


def no_media(_text: str) -> Sequence[Named]:
    """For bodies whose texts name none."""
    return ()


def problems(kind: Kind, body: Body, *, media_in: MediaIn = no_media, known: Collection[str] = ()) -> list[Problem]:
    """Everything that keeps this text from being asked; `known` are the media there are, by their references."""
    if _is_usual(kind, body) and media_in is no_media:
        return []
    too_much = list(_size(body))
    if too_much:
        return too_much
    return [*_text(kind, body), *CHECKS[kind](body, ()), *_media(body, media_in, known)]


def _is_usual(kind: Kind, body: Body) -> bool:
    """Whether this is what most questions are: options that differ, one of them right. Nothing is wrong with that.

    Files bring such questions by the hundred thousand; all others are looked at part by part.
    """
    if kind is not Kind.SINGLE or len(body) != 3 + ("why" in body):
        return False
    text, rows, right = body.get("text"), body.get("options"), body.get("right")
    if type(text) is not str or type(rows) is not list or type(right) is not list:
        return False
    if len(right) != 1 or not 2 <= len(rows) <= MOST_PARTS:
        return False
    ids, texts = set[str](), set[str]()
    for row in rows:
        if len(row) != 2 or type(row.get("id")) is not str or type(row.get("text")) is not str:
            return False
        ids.add(row["id"])
        texts.add(" ".join(row["text"].split()).casefold())
    size = len(text) + len(body.get("why", "")) + sum(map(len, texts))
    return (
        right[0] in ids
        and "" not in ids
        and "" not in texts
        and len(ids) == len(texts) == len(rows)
        and max(map(len, ids)) <= LONGEST_ID
        and "".join(ids).isalnum()
        and size <= MOST_CHARACTERS // 4
        and not text.isspace()
        and text != ""
    )


def hard_problems(found: Sequence[Problem]) -> list[Problem]:
    """Those that are refused in a draft as well."""
    return [problem for problem in found if problem.is_of_drafts_too]


def _size(body: Body) -> Iterator[Problem]:
    if _characters(body) > MOST_CHARACTERS:
        yield Problem(("text",), Wrong.TOO_LONG, {"most": MOST_CHARACTERS})
    for name, value in body.items():
        if isinstance(value, list) and len(value) > MOST_PARTS:
            yield Problem((name,), Wrong.TOO_MANY, {"most": MOST_PARTS})


def _characters(value: Any) -> int:
    """Of all texts in it. Files bring questions by the hundred thousand, so the usual types come first."""
    number = 0
    for each in value.values() if isinstance(value, Mapping) else value:
        kind = type(each)
        if kind is str:
            number += len(each)
        elif kind is dict or kind is list or isinstance(each, Mapping):
            number += _characters(each)
        elif isinstance(each, str):
            number += len(each)
    return number


def _text(kind: Kind, body: Body) -> Iterator[Problem]:
    if not str(body.get("text", "")).strip():
        yield Problem(("text",), Wrong.NO_TEXT)


def rich_texts(body: Body) -> Iterator[tuple[Place, str]]:
    """The texts in which pictures and recordings may stand, each with its place."""
    for name in ("text", "why"):
        yield (name,), str(body.get(name, ""))
    for name in LISTS:
        for number, row in enumerate(body.get(name, ())):
            if isinstance(row, Mapping):
                yield (name, number, "text"), str(row.get("text", ""))


def _media(body: Body, media_in: MediaIn, known: Collection[str]) -> Iterator[Problem]:
    for place, text in rich_texts(body) if media_in is not no_media else ():
        for each in media_in(text):
            if each.reference not in known:
                yield Problem(place, Wrong.SOUND_GONE if each.is_sound else Wrong.PICTURE_GONE)
            elif not each.words:
                yield Problem(place, Wrong.NOT_IN_WORDS if each.is_sound else Wrong.NO_ALT)
    if body.get("image") and body["image"] not in known:
        yield Problem(("image",), Wrong.PICTURE_GONE)
