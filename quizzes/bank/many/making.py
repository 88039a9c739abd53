"""What a typed question becomes: its kind, its body, and which line each part of it came from; no database, no web."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from quizzes.bank.checking import Place
from quizzes.bank.lines import next_id, parts_of
from quizzes.bank.many.reading import Entry, Words
from quizzes.bank.numbers import kept_number
from quizzes.kinds import Kind
from quizzes.kinds.numbers import NOMINAL, NOT_ASKED

TRUE_OR_FALSE = {"true": "true", "t": "true", "false": "false", "f": "false"}
_TOLERANCE = re.compile(r"\u00b1|\+-|\+/-")


def kind_of(entry: Entry) -> Kind:
    if entry.options:
        if {option.text.casefold() for option in entry.options} == {"true", "false"} and len(entry.right) == 1:
            return Kind.TRUE_FALSE
        return Kind.MULTIPLE if len(entry.right) > 1 else Kind.SINGLE
    typed = [answer.text for answer in entry.answers]
    if len(typed) == 1 and typed[0].casefold() in TRUE_OR_FALSE:
        return Kind.TRUE_FALSE
    if typed and all(map(_is_number, typed)):
        return Kind.NUMERIC
    return Kind.SHORT_TEXT if typed else Kind.SINGLE


def _is_number(typed: str) -> bool:
    """Whether it is one, or was meant to be: so that what is wrong with it can be said."""
    [answer] = parts_of(Kind.NUMERIC, typed, {})["answers"]
    return kept_number(answer["value"]) is not None or _TOLERANCE.search(typed) is not None


def body_of(entry: Entry, kind: Kind) -> dict[str, Any]:
    """The same as the editor's form makes of it."""
    why = entry.why.text if entry.why else ""
    return {"text": entry.words.text, "why": why.strip(), **_parts(entry, kind)}


def _parts(entry: Entry, kind: Kind) -> dict[str, Any]:
    if kind is Kind.TRUE_FALSE:
        said = [option.text for option in entry.right] or [answer.text for answer in entry.answers]
        return {"right": [TRUE_OR_FALSE[each.casefold()] for each in said]}
    if kind is Kind.NUMERIC:
        found = parts_of(kind, _lines(entry), {})["answers"]
        usual = {"tolerance": "0", "tolerance_kind": NOMINAL}
        return {"answers": [{**usual, **each} for each in found], "unit": NOT_ASKED, "units": []}
    if kind is Kind.SHORT_TEXT:
        return {**parts_of(kind, _lines(entry), {}), "case": False}
    return _options(entry) | ({"scoring": ""} if kind is Kind.MULTIPLE else {})


def _lines(entry: Entry) -> str:
    return "\n".join(" ".join(answer.text.split()) for answer in entry.answers)


def _options(entry: Entry) -> dict[str, Any]:
    options: list[dict[str, Any]] = []
    for typed in entry.options:
        name = next_id(typed.text, [each["id"] for each in options])
        options.append({"id": name, "text": typed.text, "fixed": False})
    right = [each["id"] for each, typed in zip(options, entry.options, strict=True) if typed.is_right]
    return {"options": options, "right": right}


def _rows_of(entry: Entry, name: str) -> Sequence[Words]:
    return entry.options if name == "options" else entry.answers if name == "answers" else ()


def line_of(entry: Entry, place: Place) -> int:
    """Where this part of the body was typed."""
    rows = _rows_of(entry, str(place[0])) if place else ()
    if len(place) > 1 and isinstance(place[1], int) and place[1] < len(rows):
        return rows[place[1]].line
    if place == ("why",) and entry.why is not None:
        return entry.why.line
    return entry.line
