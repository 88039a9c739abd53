"""A question as an item, with names of QTI 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.losses import tell_marks, tell_unsaid
from quizzes.formats.model import Question
from quizzes.formats.numbers import approximately
from quizzes.formats.qti.names import OURS
from quizzes.formats.qti.reading import MADE_UP
from quizzes.formats.qti.writing import kinds, rules
from quizzes.formats.qti.writing.comments import FEEDBACK, are_all_told, comments_of, tells
from quizzes.formats.qti.writing.identifiers import RESPONSE, identifier_of, names_of
from quizzes.formats.qti.writing.markup import classes, filled, made
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import as_html
from quizzes.formats.weights import key_of
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.numbers import GEOMETRIC
from quizzes.rich import PICTURE, SOUND

SAID = frozenset(
    {
        *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.MAXIMUM, Part.DIFFICULTY, Part.WHY),
        *(Part.FEEDBACK, Part.MEDIA, Part.TEXT_FORMAT, Part.FIXED, Part.SCORING),
    }
)
Name = Callable[[str], str]


class ItemWriter:
    """Makes one item; `named` says what a picture's file is called, by its key."""

    def __init__(self, question: Question, number: int, title: str, named: Name, report: Reporter) -> None:
        self.question, self.format, self.report = question, title, report
        self.body: Body = question.body
        self.maximum = Fraction(str(question.maximum))
        self.number, self._named = number, named
        self.declared: list[Element] = []
        self.rules: list[Element] = []
        self.comments = comments_of(question)

    def item(self) -> Element | None:
        question = self.question
        write = kinds.WRITE.get(question.kind)
        if write is None:
            self.report.error(Odd.KIND_NOT_SAID, question.place, format=self.format, kind=question.kind)
            return None
        tell_unsaid(question, self.format, SAID, self.report)
        if not are_all_told(question):
            self.report.loss(Odd.NOT_SAID, question.place, format=self.format, part=Part.FEEDBACK)
        tell_marks(question, self.format, self.report)
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
        if self.comments:
            found.append(made("outcomeDeclaration", identifier=FEEDBACK, cardinality="multiple", baseType="identifier"))
        return found

    def _processing(self) -> Element | None:
        if not self.rules and not self.comments:
            return None
        return rules.processing(*self.rules, *(tells(identifier, self) for identifier in self.comments))

    def _feedback(self) -> list[Element]:
        found = []
        for identifier, said in self.comments.items():
            about = {"outcomeIdentifier": FEEDBACK, "identifier": identifier, "showHide": "show"}
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
