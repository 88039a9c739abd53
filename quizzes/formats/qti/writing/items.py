"""A question as an item, with names of QTI 2."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.losses import tell_unsaid
from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG, Question
from quizzes.formats.numbers import approximately
from quizzes.formats.qti.names import OURS
from quizzes.formats.qti.reading import MADE_UP
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.markup import classes, filled, made
from quizzes.formats.qti.writing.spots import hotspot
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import as_html
from quizzes.formats.weights import key_of
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.numbers import GEOMETRIC
from quizzes.kinds.ordering import Scoring
from quizzes.rich import PICTURE, SOUND, TextFormat

SAID = frozenset(
    {
        *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.MAXIMUM, Part.DIFFICULTY, Part.WHY),
        *(Part.FEEDBACK, Part.MEDIA, Part.TEXT_FORMAT, Part.FIXED, Part.SCORING),
    }
)
RESPONSE, FEEDBACK = "RESPONSE", "FEEDBACK"
_SAID_TO = re.compile(r"(?:gaps_\d+_)?(?:options|answers)_\d+")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]{0,200}", re.ASCII)
TEXTS_OF_TRUE_FALSE = ("True", "False")
Name = Callable[[str], str]


def identifier_of(said: str) -> str:
    """What an item is called of a question that is called so: itself, where XML can say it."""
    if _IDENTIFIER.fullmatch(said) and not said.startswith(MADE_UP):
        return said
    return "i-" + re.sub(r"[^\w.-]", "-", said, flags=re.ASCII)[:200]


class ItemWriter:
    """Makes one item; `named` says what a picture's file is called, by its key."""

    def __init__(self, question: Question, number: int, title: str, named: Name, report: Reporter) -> None:
        self.question, self.format, self.report = question, title, report
        self.body: Body = question.body
        self.maximum = Fraction(str(question.maximum))
        self.number, self._named = number, named
        self.declared: list[Element] = []
        self.rules: list[Element] = []
        self.template = ""

    def item(self) -> Element | None:
        question = self.question
        write = _KINDS.get(question.kind)
        if write is None:
            self.report.error(Odd.KIND_NOT_SAID, question.place, format=self.format, kind=question.kind)
            return None
        tell_unsaid(question, self.format, SAID, self.report)
        self._tell_unsaid_comments()
        if question.text_format is not TextFormat.HTML:
            self.report.note(Odd.SAID_AS, question.place, format=self.format, part=Part.TEXT_FORMAT)
        interaction = write(self)
        if interaction is None and question.kind is Kind.HOTSPOT:
            return None
        text = self.filled(made("div"), str(self.body["text"]), self.gap if "gaps" in self.body else None)
        body = made("itemBody", text, interaction, class_=f"kind-{question.kind.value}")
        return made(
            "assessmentItem",
            *self.declared,
            *self._outcomes(),
            body,
            self._processing(),
            *self._feedback(),
            identifier=self._identifier(),
            title=question.title,
            adaptive="false",
            timeDependent="false",
            toolName=OURS,
            toolVersion="1",
        )

    def _identifier(self) -> str:
        said = self.question.identifier
        if not said:
            return f"{MADE_UP}{self.number}"
        if identifier_of(said) != said:
            self.report.note(Odd.SAID_AS, self.question.place, format=self.format, part=Part.IDENTIFIER)
        return identifier_of(said)

    def _outcomes(self) -> list[Element]:
        maximum = approximately(self.maximum)
        start = made("defaultValue", made("value", "0"))
        about = {"cardinality": "single", "baseType": "float"}
        found = [made("outcomeDeclaration", start, identifier="SCORE", normalMaximum=maximum, **about)]
        worth = made("defaultValue", made("value", maximum))
        found.append(made("outcomeDeclaration", worth, identifier="MAXSCORE", **about))
        if self._comments():
            found.append(made("outcomeDeclaration", identifier=FEEDBACK, cardinality="multiple", baseType="identifier"))
        return found

    def _processing(self) -> Element | None:
        comments = self._comments()
        if not self.rules and not comments:
            return made("responseProcessing", template=self.template) if self.template else None
        if self.template and not self.rules:
            self.rules.append(
                rules.condition([(rules.is_correct(RESPONSE), rules.set_score(rules.number(self.maximum)))])
            )
        return rules.processing(*self.rules, *(_tells(path, self) for path in comments))

    def _comments(self) -> dict[str, str]:
        """What is said, by the identifier of its feedback."""
        found = {self._path(path): said for path, said in self.question.feedback.items() if said}
        found.pop("", None)
        return {**found, "why": str(self.body["why"])} if self.body.get("why") else found

    def _tell_unsaid_comments(self) -> None:
        if any(said and not self._path(path) for path, said in self.question.feedback.items()):
            self.report.loss(Odd.NOT_SAID, self.question.place, format=self.format, part=Part.FEEDBACK)

    def _path(self, path: str) -> str:
        """By places: `gaps/color/options/a` is `gaps_0_options_0`; empty for what rules cannot be made of."""
        if path in (RIGHT, PARTLY, WRONG, OTHER):
            return path
        if self.question.kind is Kind.TRUE_FALSE:
            return {"options/true": "options_0", "options/false": "options_1"}.get(path, "")
        parts, here, told = path.split("/"), self.body, list[str]()
        for name, row in zip(parts[::2], parts[1::2], strict=False):
            rows = here.get(name, ())
            names = [str(each.get("id", place)) for place, each in enumerate(rows)]
            if row not in names:
                return ""
            told += [name, str(names.index(row))]
            here = rows[names.index(row)]
        said = "_".join(told)
        return said if len(parts) % 2 == 0 and _SAID_TO.fullmatch(said) else ""

    def _feedback(self) -> list[Element]:
        found = []
        for path, said in self._comments().items():
            about = {"outcomeIdentifier": FEEDBACK, "identifier": path, "showHide": "show"}
            found.append(self.filled(made("modalFeedback", **about), said))
        return found

    def filled(self, element: Element, text: str, gap: Callable[[str], Element] | None = None) -> Element:
        html = as_html(text, self.question.text_format)
        return filled(element, html, lambda source: self._named(source.removeprefix(PICTURE).removeprefix(SOUND)), gap)

    def called(self, key: str) -> str:
        """The file of a picture or recording, as items name it."""
        return self._named(key)

    def declare(
        self, cardinality: str, base: str, correct: Sequence[str], mapping: Element | None = None, name: str = RESPONSE
    ) -> None:
        said = made("correctResponse", *(made("value", each) for each in correct)) if correct else None
        about = {"identifier": name, "cardinality": cardinality, "baseType": base}
        self.declared.append(made("responseDeclaration", said, mapping, **about))

    def map_response(self, name: str = RESPONSE) -> Element:
        return made("mapResponse", identifier=name)

    def all_or_nothing(self) -> None:
        self.rules.append(rules.condition([(rules.is_correct(RESPONSE), rules.set_score(rules.number(self.maximum)))]))

    def choices(
        self, rows: Sequence[Body], tag: str, names: Mapping[str, str], *, plainly: bool = False
    ) -> list[Element]:
        fixed = all(row.get("fixed") for row in rows)
        made_of = []
        for row in rows:
            said = "true" if row.get("fixed") and not fixed else None
            element = made(tag, identifier=names[str(row["id"])], fixed=said)
            made_of.append(made_plain(element, str(row["text"])) if plainly else self.filled(element, str(row["text"])))
        return made_of

    # Gaps.

    def gap(self, name: str) -> Element:
        """The interaction of the gap with this id."""
        gaps = list(self.body["gaps"])
        place = next(n for n, each in enumerate(gaps) if str(each["id"]) == name)
        gap, response = gaps[place], f"{RESPONSE}{place + 1}"
        whole = sum(int(each.get("weight", 1)) for each in gaps)
        worth = Fraction(int(gap.get("weight", 1)), whole) * self.maximum
        about = {"responseIdentifier": response}
        said = classes([f"weight-{gap['weight']}"] if int(gap.get("weight", 1)) != 1 else [])
        is_whole = self.body.get("scoring") == ALL_OR_NOTHING
        if gap["kind"] == Kind.SINGLE:
            names = names_of(gap["options"])
            weights = key_of(Kind.SINGLE, gap)
            entries = [(names[each], share * worth) for each, share in weights.items()]
            self.declare(
                "single", "identifier", [names[each] for each in gap["right"][:1]], rules.mapping(entries), response
            )
            rows = self.choices(gap["options"], "inlineChoice", names, plainly=True)
            shuffle = str(not all(row.get("fixed") for row in gap["options"])).lower()
            self._earn(rules.add_score(self.map_response(response)), is_whole)
            return made("inlineChoiceInteraction", *rows, shuffle=shuffle, class_=said, **about)
        if gap["kind"] == Kind.SHORT_TEXT:
            self.texts(gap, worth, response)
            self._earn(rules.add_score(self.map_response(response)), is_whole)
        else:
            cases = self.numbers(gap, worth, response)
            self._earn(
                rules.condition([(holds, rules.add_score(rules.number(each))) for holds, each in cases]), is_whole
            )
        return made("textEntryInteraction", class_=said, **about)

    def _earn(self, rule: Element, is_whole: bool) -> None:
        self.rules.append(rule)
        if is_whole and len(self.declared) == len(self.body["gaps"]):
            # Anything less than all of it is nothing.
            less = made("lt", rules.variable("SCORE"), rules.number(self.maximum * Fraction(999_999, 1_000_000)))
            self.rules.append(rules.condition([(less, rules.set_score(rules.number(Fraction(0))))]))

    def texts(self, body: Body, worth: Fraction, name: str = RESPONSE) -> None:
        texts = [str(each["text"]) for each in body["answers"]]
        if any("*" in text.replace("\\*", "") for text in texts):
            self.report.loss(Odd.NOT_SAID, self.question.place, format=self.format, part=Part.SIGNS)
        texts = [text.replace("\\*", "*") for text in texts]
        weights = [Fraction(each.get("weight", 1)) for each in body["answers"]]
        entries = [(text, weight * worth) for text, weight in zip(texts, weights, strict=True)]
        best = texts[weights.index(max(weights))]
        self.declare("single", "string", [best], rules.mapping(entries, case=bool(body.get("case"))), name)

    def numbers(self, body: Body, worth: Fraction, name: str = RESPONSE) -> list[tuple[Element, Fraction]]:
        answers = list(body["answers"])
        if body.get("unit", "none") != "none":
            self.report.loss(Odd.NOT_SAID, self.question.place, format=self.format, part=Part.UNITS)
        if any(each.get("tolerance_kind") == GEOMETRIC for each in answers):
            self.report.note(Odd.SAID_AS, self.question.place, format=self.format, part=Part.TOLERANCE)
        weights = [Fraction(each.get("weight", 1)) for each in answers]
        entries = [
            (approximately(Fraction(each["value"])), weight * worth)
            for each, weight in zip(answers, weights, strict=True)
        ]
        best = entries[weights.index(max(weights))][0]
        self.declare("single", "float", [best], rules.mapping(entries), name)
        return rules.number_cases(name, answers, worth)


def made_plain(element: Element, text: str) -> Element:
    return made(element.tag, text, **dict(element.attrib))


def names_of(rows: Sequence[Body], letter: str = "c") -> dict[str, str]:
    return {str(row["id"]): f"{letter}{place}" for place, row in enumerate(rows, start=1)}


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
    weights = key_of(Kind.MULTIPLE, body)
    right = [names[str(each)] for each in body["right"]]
    if body.get("scoring") == ALL_OR_NOTHING:
        writer.declare("multiple", "identifier", right)
        writer.all_or_nothing()
    else:
        entries = [(names[each], weight * writer.maximum) for each, weight in weights.items()]
        writer.declare("multiple", "identifier", right, _held(rules.mapping(entries), writer.maximum))
        writer.rules.append(rules.set_score(writer.map_response()))
    return _choice(writer, rows, names, "0")


def _held(mapping: Element, maximum: Fraction) -> Element:
    mapping.set("upperBound", approximately(maximum))
    return mapping


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


_KINDS: Mapping[Kind, Callable[[ItemWriter], Element | None]] = {
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


def _tells(path: str, writer: ItemWriter) -> Element:
    """When feedback is given, as far as rules say it."""
    holds = _when(path, writer)
    value = made("multiple", rules.variable(FEEDBACK), rules.identifier(path))
    sets = made("setOutcomeValue", value, identifier=FEEDBACK)
    return sets if holds is None else rules.condition([(holds, sets)])


def _when(path: str, writer: ItemWriter) -> Element | None:
    name, _dash, place = path.partition("_")
    full, score = rules.number(writer.maximum), rules.variable("SCORE")
    if name == "right":
        return made("gte", score, full)
    if name == "partly":
        return made("and", made("gt", score, rules.number(Fraction(0))), made("lt", rules.variable("SCORE"), full))
    if name in ("wrong", "other"):
        return made("lte", score, rules.number(Fraction(0)))
    if name == "options":
        kind = writer.question.kind
        said = ("true", "false")[int(place)] if kind is Kind.TRUE_FALSE else f"c{int(place) + 1}"
        return made("member", rules.identifier(said), made("multiple", rules.variable(RESPONSE)))
    if name == "answers":
        answer = writer.body["answers"][int(place)]
        if writer.question.kind is Kind.NUMERIC:
            return rules.number_cases(RESPONSE, [answer], Fraction(1))[0][0]
        case = str(bool(writer.body.get("case"))).lower()
        text = made("baseValue", str(answer["text"]).replace("\\*", "*"), baseType="string")
        return made("stringMatch", rules.variable(RESPONSE), text, caseSensitive=case, substring="false")
    if name == "gaps":
        gap, what, row = place.split("_")
        response, found = f"{RESPONSE}{int(gap) + 1}", writer.body["gaps"][int(gap)]
        if what == "options":
            return made("match", rules.variable(response), rules.identifier(f"c{int(row) + 1}"))
        answer = found["answers"][int(row)]
        if found["kind"] == Kind.NUMERIC:
            return rules.number_cases(response, [answer], Fraction(1))[0][0]
        text = made("baseValue", str(answer["text"]).replace("\\*", "*"), baseType="string")
        case = str(bool(found.get("case"))).lower()
        return made("stringMatch", rules.variable(response), text, caseSensitive=case, substring="false")
    return None
