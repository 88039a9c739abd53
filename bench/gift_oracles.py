"""What another reader of GIFT finds in a file, as JSON, beside what ours does: in words, where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from quizzes.bank.numbers import kept_number
from quizzes.formats.gift.blocks import path_of
from quizzes.formats.model import Question
from quizzes.kinds import Kind
from quizzes.kinds.gaps import GAP
from quizzes.rich import TextFormat, plain

Said = Mapping[str, Any]
KINDS: Mapping[str, tuple[Kind, ...]] = {
    "TF": (Kind.TRUE_FALSE,),
    "MC": (Kind.SINGLE, Kind.MULTIPLE, Kind.DROP_DOWN),
    "Short": (Kind.SHORT_TEXT, Kind.CLOZE),
    "Numerical": (Kind.NUMERIC, Kind.CLOZE),
    "Matching": (Kind.MATCHING,),
    "Essay": (Kind.ESSAY,),
    "Description": (Kind.DESCRIPTION,),
}


def differences(wanted: Sequence[Said] | Said, found: Sequence[Question]) -> Iterator[str]:
    """Each question is compared by its kind, title, words, marks, and the number, order and words of its answers."""
    listed = list(wanted) if isinstance(wanted, list) else [wanted]
    asked = [each for each in listed if isinstance(each, Mapping) and each["type"] != "Category"]
    if len(asked) != len(found):
        yield f"{len(asked)} questions there, {len(found)} here"
    for said, question in zip(asked, found, strict=False):
        for name, there, here in _beside(said, question):
            if there != here:
                yield f"{question.title or _words(question)[:30]}: {name}: {there!r} there, {here!r} here"
    categories = [path_of(each["title"]) for each in listed if isinstance(each, Mapping) and each["type"] == "Category"]
    if categories and asked and found and found[-1].category != categories[-1]:
        yield f"topic: {categories[-1]} there, {found[-1].category} here"


def _beside(said: Said, question: Question) -> Iterator[tuple[str, Any, Any]]:
    kind = said["type"]
    yield "kind", True, question.kind in KINDS.get(kind, ())
    yield "title", said.get("title") or "", question.title
    yield "text", _line(said["stem"]["text"], said["stem"].get("format")), _words(question)
    yield "identifier", said.get("id") or "", question.identifier
    yield "tags", tuple(said.get("tags") or ()), question.tags
    inner = question.body["gaps"][0] if question.body.get("gaps") else question.body
    if kind == "TF":
        yield "right", ["true" if said["isTrue"] else "false"], question.body.get("right")
    elif kind == "MC":
        yield "options", [_said_of(each) for each in said["choices"]], _lines(inner.get("options", ()), question)
        right = [place for place, each in enumerate(said["choices"]) if each["isCorrect"]]
        chosen = [place for place, row in enumerate(inner.get("options", ())) if row["id"] in inner["right"]]
        if right:
            yield "right", right, chosen
    elif kind == "Short":
        there = [_said_of(each) for each in said["choices"]]
        here = [_line(row["text"]) for row in inner.get("answers", ())]
        yield "answers", there[: len(here)] if there[-1:] == ["*"] else there, here
    elif kind == "Numerical":
        yield "numbers", *_numbers(said["choices"], inner.get("answers", ()))
    elif kind == "Matching":
        rows = [_said_of(each, "subquestion") for each in said["matchPairs"]]
        yield "rows", [row for row in rows if row], _lines(question.body.get("rows", ()), question)


def _numbers(there: Any, here: Sequence[Said]) -> tuple[list[Any], list[Any]]:
    listed = [each.get("text", each) for each in there] if isinstance(there, list) else [there]
    wanted = [found for each in listed if isinstance(each, Mapping) and (found := _interval(each))]
    numbers = [(kept_number(row["value"]), kept_number(row.get("tolerance", "0"))) for row in here]
    return wanted, [(value - near, value + near) for value, near in numbers if value is not None and near is not None]


def _interval(said: Said) -> tuple[Fraction, Fraction] | None:
    match said.get("type"):
        case "simple":
            number = Fraction(str(said["number"]))
            return number, number
        case "range":
            number, near = Fraction(str(said["number"])), Fraction(str(said["range"]))
            return number - near, number + near
        case "high-low":
            return Fraction(str(said["numberLow"])), Fraction(str(said["numberHigh"]))
    return None


def _said_of(said: Said, name: str = "text") -> str:
    text = said[name]
    return _line(text["text"], text.get("format")) if isinstance(text, Mapping) else _line(str(text))


def _lines(rows: Sequence[Said], question: Question) -> list[str]:
    return [line for row in rows if (line := _line(plain(str(row["text"]), question.text_format)))]


def _words(question: Question) -> str:
    return _line(GAP.sub(" _____ ", plain(str(question.body["text"]), question.text_format)))


def _line(text: str, how: str | None = "") -> str:
    """Words alone: marks, blanks and how a gap is drawn are not compared."""
    if how in ("html", "moodle") and "<" in text:
        text = plain(text, TextFormat.HTML)
    elif how == "markdown":
        text = plain(text, TextFormat.MARKDOWN)
    return " ".join(text.split())
