"""What each kind of question asks, and what an answer to it earns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.identifiers import RESPONSE, names_of
from quizzes.formats.qti.writing.markup import classes, made
from quizzes.formats.qti.writing.spots import hotspot
from quizzes.formats.reports import Odd, Part
from quizzes.formats.safe_xml import Element
from quizzes.formats.weights import key_of
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.ordering import Scoring

if TYPE_CHECKING:
    from quizzes.formats.qti.writing.items import ItemWriter

TEXTS_OF_TRUE_FALSE = ("True", "False")


def _single(writer: ItemWriter) -> Element:
    body, rows = writer.body, list(writer.body["options"])
    names = names_of(rows)
    right = [names[str(each)] for each in body["right"]]
    if any("weight" in row for row in rows):
        weights = key_of(Kind.SINGLE, body)
        best = max(weights, key=weights.__getitem__)
        entries = [(names[each], weight * writer.maximum) for each, weight in weights.items()]
        writer.declare("single", "identifier", [names[best]], rules.mapping(entries))
        writer.rules.append(rules.set_score(writer.map_response()))
    else:
        writer.declare("single", "identifier", right[:1])
        writer.all_or_nothing()
    return _choice(writer, rows, names, "1")


def _choice(writer: ItemWriter, rows: Sequence[Body], names: Mapping[str, str], most: str) -> Element:
    shuffle = str(not all(row.get("fixed") for row in rows)).lower()
    choices = writer.choices(rows, "simpleChoice", names)
    return made("choiceInteraction", *choices, responseIdentifier=RESPONSE, shuffle=shuffle, maxChoices=most)


def _multiple(writer: ItemWriter) -> Element:
    body, rows = writer.body, list(writer.body["options"])
    names = names_of(rows)
    right = [names[str(each)] for each in body["right"]]
    if body.get("scoring") == ALL_OR_NOTHING:
        writer.declare("multiple", "identifier", right)
        writer.all_or_nothing()
    else:
        entries = [(names[each], weight * writer.maximum) for each, weight in key_of(Kind.MULTIPLE, body).items()]
        writer.declare("multiple", "identifier", right, rules.mapping(entries, most=writer.maximum))
        writer.rules.append(rules.set_score(writer.map_response()))
    return _choice(writer, rows, names, "0")


def _true_false(writer: ItemWriter) -> Element:
    writer.declare("single", "identifier", list(writer.body["right"]))
    writer.all_or_nothing()
    choices = [made("simpleChoice", each, identifier=each.lower()) for each in TEXTS_OF_TRUE_FALSE]
    return made("choiceInteraction", *choices, responseIdentifier=RESPONSE, shuffle="false", maxChoices="1")


def _pairs(writer: ItemWriter) -> Element:
    body = writer.body
    rows, choices = names_of(body["rows"], "r"), names_of(body["choices"])
    right: Mapping[str, str] = body["right"]
    correct = [f"{rows[row]} {choices[put]}" for row, put in right.items()]
    if body.get("scoring") == ALL_OR_NOTHING:
        writer.declare("multiple", "directedPair", correct)
        writer.all_or_nothing()
    else:
        share = writer.maximum / len(right)
        entries = [(each, share) for each in correct]
        strays = [name for row, name in rows.items() if row not in right]
        entries += [(f"{name} {put}", -share) for name in strays for put in choices.values()]
        writer.declare("multiple", "directedPair", correct, rules.mapping(entries))
        writer.rules.append(rules.set_score(writer.map_response()))
    sets = []
    for name, names, most in (("rows", rows, "1"), ("choices", choices, "0")):
        found = [
            writer.filled(
                made("simpleAssociableChoice", identifier=names[str(row["id"])], matchMax=most), str(row["text"])
            )
            for row in body[name]
        ]
        sets.append(made("simpleMatchSet", *found))
    return made("matchInteraction", *sets, responseIdentifier=RESPONSE, shuffle="true", maxAssociations="0")


def _ordering(writer: ItemWriter) -> Element:
    rows = list(writer.body["items"])
    names = names_of(rows)
    scoring = Scoring(writer.body.get("scoring") or Scoring.PAIRS)
    writer.declare("ordered", "identifier", list(names.values()))
    said = rules.order_rules(RESPONSE, list(names.values()), scoring, writer.maximum)
    if said is None:
        writer.report.loss(Odd.NOT_SAID, writer.question.place, format=writer.format, part=Part.SCORING)
        writer.all_or_nothing()
    writer.rules += said or []
    # Whoever does not shuffle shall not show the right order.
    choices = writer.choices(rows, "simpleChoice", names)[::-1]
    return made("orderInteraction", *choices, responseIdentifier=RESPONSE, shuffle="true", class_=f"scoring-{scoring}")


def _numeric(writer: ItemWriter) -> Element:
    cases = writer.numbers(writer.body, writer.maximum)
    writer.rules.append(rules.condition([(holds, rules.set_score(rules.number(each))) for holds, each in cases]))
    return made("div", made("textEntryInteraction", responseIdentifier=RESPONSE))


def _short_text(writer: ItemWriter) -> Element:
    writer.texts(writer.body, writer.maximum)
    writer.rules.append(rules.set_score(writer.map_response()))
    return made("div", made("textEntryInteraction", responseIdentifier=RESPONSE))


def _gaps(writer: ItemWriter) -> Element | None:
    return None


def _essay(writer: ItemWriter) -> Element:
    body = writer.body
    _tell_rubric(writer)
    writer.declare("single", "string", [])
    words = [f"{name}-words-{body[f'{name}_words']}" for name in ("least", "most") if body.get(f"{name}_words")]
    lines = str(body["lines"]) if body.get("lines") else None
    return made("extendedTextInteraction", responseIdentifier=RESPONSE, expectedLines=lines, class_=classes(words))


def _upload(writer: ItemWriter) -> Element:
    _tell_rubric(writer)
    writer.declare("single", "file", [])
    most = int(writer.body.get("most") or 1)
    words = [*([f"files-{most}"] if most > 1 else []), *(f"ending-{each}" for each in writer.body.get("types", ()))]
    return made("uploadInteraction", responseIdentifier=RESPONSE, class_=classes(words))


def _tell_rubric(writer: ItemWriter) -> None:
    if writer.body.get("rubric"):
        writer.report.loss(Odd.NOT_SAID, writer.question.place, format=writer.format, part=Part.RUBRIC)


def _description(writer: ItemWriter) -> Element | None:
    return None


WRITE: Mapping[Kind, Callable[[ItemWriter], Element | None]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.MATCHING: _pairs,
    Kind.CATEGORIZE: _pairs,
    Kind.ORDERING: _ordering,
    Kind.NUMERIC: _numeric,
    Kind.SHORT_TEXT: _short_text,
    Kind.CLOZE: _gaps,
    Kind.DROP_DOWN: _gaps,
    Kind.ESSAY: _essay,
    Kind.UPLOAD: _upload,
    Kind.DESCRIPTION: _description,
    Kind.HOTSPOT: hotspot,
}
