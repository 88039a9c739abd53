"""A row of a table as a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from quizzes.bank.many.making import TRUE_OR_FALSE
from quizzes.bank.many.reading import DIFFICULTIES, MOST_POINTS
from quizzes.bank.numbers import as_kept, kept_number
from quizzes.bank.tags import words_in
from quizzes.formats.gift.blocks import path_of
from quizzes.formats.model import Question
from quizzes.formats.numbers import NotANumber, answer_of
from quizzes.formats.pairs import matched
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.tables.columns import Row, Wrong
from quizzes.formats.texts import clean, rows_of
from quizzes.formats.weights import share, weighed
from quizzes.kinds import Kind
from quizzes.rich import TextFormat

TYPES: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    **{kind.value.replace("_", " "): kind for kind in Kind},
    **dict.fromkeys(("multiple choice", "mc", "single choice", "one right answer"), Kind.SINGLE),
    **dict.fromkeys(("multiple response", "multiple answers", "mr", "several right answers"), Kind.MULTIPLE),
    **dict.fromkeys(("true/false", "true or false", "tf"), Kind.TRUE_FALSE),
    **dict.fromkeys(("short answer", "text", "fill in"), Kind.SHORT_TEXT),
    **dict.fromkeys(("number", "numerical"), Kind.NUMERIC),
    **dict.fromkeys(("match",), Kind.MATCHING),
    **dict.fromkeys(("order",), Kind.ORDERING),
    **dict.fromkeys(("open", "long answer"), Kind.ESSAY),
}
_SEPARATORS = re.compile(r"[,;\s]+")


class NotTaken(Exception):
    def __init__(self, wrong: Wrong, what: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.what = wrong, what


def questions(rows: Iterator[Row], report: Reporter) -> Iterator[Question]:
    for row in rows:
        try:
            yield _question(row, report)
        except NotTaken as refused:
            report.error(refused.wrong, row.place, what=refused.what)


def _question(row: Row, report: Reporter) -> Question:
    kind, text_format = _kind(row), _text_format(row, report)

    def text(said: str) -> str:
        return clean(said, text_format, row.place, report)

    make = _KINDS.get(kind)
    if make is None:
        raise NotTaken(Wrong.NO_TYPE, row["type"])
    body, paths = make(row, text)
    body = {"text": text(row["question"]), **body}
    if row["explanation"]:
        body["why"] = text(row["explanation"])
    said = row.numbered("feedback")
    return Question(
        kind=kind,
        text_format=text_format,
        body=body,
        title=row["title"],
        identifier=row["id"],
        category=path_of(row["topic"]),
        tags=tuple(words_in(row["tags"])),
        maximum=_points(row, kind, report),
        difficulty=_difficulty(row, report),
        feedback={paths[number]: text(each) for number, each in said.items() if number in paths},
        place=row.place,
    )


def _kind(row: Row) -> Kind:
    said = row["type"].lower()
    if said:
        if said not in TYPES:
            raise NotTaken(Wrong.NO_TYPE, row["type"])
        return TYPES[said]
    if row.numbered("match"):
        return Kind.MATCHING
    options, right = row.numbered("option"), row["right"]
    if options:
        return Kind.MULTIPLE if len(_chosen(row)) > 1 else Kind.SINGLE
    if right.lower() in TRUE_OR_FALSE:
        return Kind.TRUE_FALSE
    if not right:
        raise NotTaken(Wrong.NO_ANSWER)
    try:
        answer_of(right)
    except NotANumber:
        return Kind.SHORT_TEXT
    return Kind.NUMERIC


def _text_format(row: Row, report: Reporter) -> TextFormat:
    said = row["format"].lower()
    if said in list(TextFormat):
        return TextFormat(said)
    if said:
        report.loss(Odd.BAD_VALUE, row.place, what="format", said=row["format"])
    return TextFormat.PLAIN


def _points(row: Row, kind: Kind, report: Reporter) -> float:
    if kind is Kind.DESCRIPTION:
        return 0.0
    found = kept_number(as_kept(row["points"])) if row["points"] else Fraction(1)
    if found is None or not 0 <= found <= MOST_POINTS:
        report.loss(Odd.BAD_VALUE, row.place, what="points", said=row["points"])
        return 1.0
    return float(found)


def _difficulty(row: Row, report: Reporter) -> int:
    said = row["difficulty"].lower()
    if said and said not in DIFFICULTIES:
        report.loss(Odd.BAD_VALUE, row.place, what="difficulty", said=row["difficulty"])
    return DIFFICULTIES.get(said, 0)


Text = Callable[[str], str]
Made = tuple[dict[str, Any], Mapping[int, str]]
"""The body's parts, and the paths of answers by the number of their column."""


def _chosen(row: Row) -> list[int]:
    """The numbers of the right options, said as numbers, as letters or by their text. Raises NotTaken."""
    options, right = row.numbered("option"), row["right"]
    if not right:
        return []
    same = [number for number, text in options.items() if text.casefold() == right.casefold()]
    if same:
        return same[:1]
    found = []
    for word in _SEPARATORS.split(right.strip(" ,;")):
        number = int(word) if word.isdigit() and len(word) < 4 else _letter(word)
        if number not in options:
            raise NotTaken(Wrong.NO_SUCH_OPTION, word)
        found.append(number)
    return found


def _letter(word: str) -> int:
    word = word.strip(".)").lower()
    return ord(word) - ord("a") + 1 if len(word) == 1 and "a" <= word <= "z" else 0


def _weights(row: Row, numbers: Sequence[int], usual: Callable[[int], Fraction]) -> list[Fraction]:
    said, found = row.numbered("weight"), []
    for number in numbers:
        weight = share(said[number].removesuffix("%")) if number in said else usual(number)
        if weight is None:
            raise NotTaken(Wrong.NO_NUMBER, said[number])
        found.append(weight)
    return found


def _options(row: Row, text: Text, kind: Kind) -> Made:
    options, right = row.numbered("option"), _chosen(row)
    rows = rows_of(map(text, options.values()))
    paths = {number: f"options/{each['id']}" for number, each in zip(options, rows, strict=True)}
    if row.numbered("weight"):
        return weighed(kind, rows, _weights(row, list(options), lambda _number: Fraction(0))), paths
    ids = dict(zip(options, rows, strict=True))
    return {"options": rows, "right": [ids[number]["id"] for number in options if number in right]}, paths


def _single(row: Row, text: Text) -> Made:
    return _options(row, text, Kind.SINGLE)


def _multiple(row: Row, text: Text) -> Made:
    return _options(row, text, Kind.MULTIPLE)


def _true_false(row: Row, _text: Text) -> Made:
    right = TRUE_OR_FALSE.get(row["right"].lower())
    if right is None:
        raise NotTaken(Wrong.NO_ANSWER)
    return {"right": [right]}, {1: "options/true", 2: "options/false"}


def _answers(row: Row) -> Mapping[int, str]:
    found = row.numbered("option") or ({1: row["right"]} if row["right"] else {})
    if not found:
        raise NotTaken(Wrong.NO_ANSWER)
    return found


def _paths(answers: Mapping[int, str]) -> Mapping[int, str]:
    return {number: f"answers/{place}" for place, number in enumerate(answers)}


def _weight(worth: Fraction) -> dict[str, str]:
    return {} if worth == 1 else {"weight": str(worth)}


def _short_text(row: Row, _text: Text) -> Made:
    answers = _answers(row)
    weights = _weights(row, list(answers), lambda _number: Fraction(1))
    made = [{"text": said, **_weight(worth)} for said, worth in zip(answers.values(), weights, strict=True)]
    is_strict = row["case"].lower() in ("yes", "true", "1", "x")
    return {"answers": made, **({"case": True} if is_strict else {})}, _paths(answers)


def _numeric(row: Row, _text: Text) -> Made:
    answers = _answers(row)
    weights = _weights(row, list(answers), lambda _number: Fraction(1))
    made = []
    for said, worth in zip(answers.values(), weights, strict=True):
        try:
            made.append({**answer_of(said), **_weight(worth)})
        except NotANumber as refused:
            raise NotTaken(Wrong.NO_NUMBER, refused.said) from None
    return {"answers": made}, _paths(answers)


def _matching(row: Row, text: Text) -> Made:
    rows, choices = row.numbered("option"), row.numbered("match")
    numbers = sorted({*rows, *choices})
    return matched([text(rows.get(n, "")) for n in numbers], [text(choices.get(n, "")) for n in numbers]), {}


def _ordering(row: Row, text: Text) -> Made:
    items = row.numbered("option")
    rows = rows_of(text(items[number]) for number in sorted(items))
    return {"items": rows}, {}


def _nothing(_row: Row, _text: Text) -> Made:
    return {}, {}


_KINDS: Mapping[Kind, Callable[[Row, Text], Made]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.SHORT_TEXT: _short_text,
    Kind.NUMERIC: _numeric,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.ESSAY: _nothing,
    Kind.DESCRIPTION: _nothing,
}
