"""Answers amid a text, as Moodle's cloze questions have them: `{2:MC:=right#Yes~%50%half~wrong}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape, unescape
from typing import Any

from quizzes.bank.numbers import as_kept, kept_number
from quizzes.formats.model import OTHER
from quizzes.formats.numbers import decimal_of
from quizzes.formats.texts import has_tags, rows_of
from quizzes.formats.weights import share, weighed
from quizzes.kinds import Kind
from quizzes.rich import TextFormat, plain

GAP = re.compile(r"\{(\d{0,4}):\s*([A-Z_]{2,20})\s*:((?:\\.|[^\\}])*)\}", re.DOTALL)
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), Kind.SHORT_TEXT),
    **dict.fromkeys(("NUMERICAL", "NM"), Kind.NUMERIC),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), Kind.SINGLE),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), Kind.SINGLE),
}
WITH_CASE = ("SHORTANSWER_C", "SAC", "MWC")
_STAYING = ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH")
_ALTERNATIVE = re.compile(r"(?:\\.|[^\\~])+", re.DOTALL)
_WORTH = re.compile(r"\s*(?:=|%(-?\d{1,3}(?:[.,]\d*)?)%)?")
_HASH = re.compile(r"(?<![\\&])#")
_ESCAPED = re.compile(r"\\([}~#/\"\\])")
_TO_ESCAPE = re.compile(r"[}~#]")


class NotAGap(Exception):
    """A gap that nobody can fill here: what it is called."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Read:
    """A gap, and what is said to its answers by their place."""

    body: dict[str, Any]
    feedback: dict[int, str]
    to_others: str = ""
    """What is said to an answer that is none of them."""


def gap_of(number: int, found: re.Match[str]) -> Read:
    """Raises NotAGap."""
    weight, name, inside = found[1], found[2], found[3]
    kind = KINDS.get(name)
    if kind is None:
        raise NotAGap(name)
    alternatives = list(_alternatives(inside))
    if not alternatives:
        raise NotAGap(found[0])
    body: dict[str, Any] = {"id": str(number), "kind": kind.value}
    if weight and int(weight) > 1:
        body["weight"] = int(weight)
    kept = [each for each in alternatives if not _is_for_others(kind, each[1])]
    if kind is Kind.SINGLE:
        rows = rows_of(text for _weight, text, _said in kept)
        rows = [{**row, "fixed": True} for row in rows] if name in _STAYING else rows
        body |= weighed(kind, rows, [worth for worth, _text, _said in kept])
    elif kind is Kind.NUMERIC:
        body["answers"] = [_number(worth, text) for worth, text, _said in kept]
    else:
        body["answers"] = [{"text": text, **_weight_of(worth)} for worth, text, _said in kept]
        body |= {"case": True} if name in WITH_CASE else {}
    others = next((said for _worth, text, said in alternatives if _is_for_others(kind, text)), "")
    return Read(body, {place: said for place, (_worth, _text, said) in enumerate(kept) if said}, others)


def comments(read: Read) -> Iterator[tuple[str, str]]:
    """What is said to answers, each by its path in the question's body."""
    path = f"gaps/{read.body['id']}"
    name = "options" if read.body["kind"] == Kind.SINGLE else "answers"
    for place, said in read.feedback.items():
        yield f"{path}/{name}/{read.body[name][place].get('id', place)}", said
    if read.to_others:
        yield f"{path}/{OTHER}", read.to_others


def _is_for_others(kind: Kind, text: str) -> bool:
    """Whether this is what is said to everything else: it earns nothing anyway."""
    return kind is not Kind.SINGLE and text == "*"


def _alternatives(inside: str) -> Iterator[tuple[Fraction, str, str]]:
    for said in _ALTERNATIVE.findall(inside):
        found = _WORTH.match(said)
        assert found is not None  # It may be empty.
        percent, rest = found[1], said[found.end() :]
        worth = (share(percent) or Fraction(0)) if percent else Fraction("=" in found[0])
        text, *comment = _HASH.split(rest, maxsplit=1)
        yield worth, _plain(_meant(text)), _meant(comment[0]).strip() if comment else ""


def _meant(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _plain(text: str) -> str:
    """What stands in a gap has no marks, whatever the format of the question."""
    return (plain(text, TextFormat.HTML) if has_tags(text) else unescape(text)).strip()


def _number(worth: Fraction, text: str) -> dict[str, Any]:
    value, *tolerance = text.split(":", 1)
    number = kept_number(as_kept(value))
    if number is None:
        raise NotAGap(text)
    near = kept_number(as_kept(tolerance[0])) if tolerance else Fraction(0)
    found = {"value": decimal_of(number), **_weight_of(worth)}
    return {**found, "tolerance": decimal_of(abs(near))} if near else found


def _weight_of(worth: Fraction) -> dict[str, str]:
    return {} if worth == 1 else {"weight": str(worth)}


def told(text: str, *, is_html: bool = False) -> str:
    """A text within a gap, kept from meaning anything there; HTML stays HTML."""
    said = (text if is_html else escape(text, quote=False)).replace("\\", "&#92;")
    return _TO_ESCAPE.sub(lambda found: found[0] if _is_of_entity(found) else "\\" + found[0], said)


def _is_of_entity(found: re.Match[str]) -> bool:
    return found[0] == "#" and found.string[found.start() - 1 : found.start()] == "&"
