"""Questions as Moodle XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from quizzes.bank.numbers import kept_number
from quizzes.formats.gift.blocks import said_of
from quizzes.formats.losses import tell_unsaid, tell_unsaid_of_bank
from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG, Bank, Media, Path, Question
from quizzes.formats.moodle import written_gaps
from quizzes.formats.moodle.elements import WORDS
from quizzes.formats.moodle.markup import escaped, tagged, text_element
from quizzes.formats.moodle.written_gaps import Found, is_fixed, weight_of
from quizzes.formats.numbers import approximately, distance_of, is_distance
from quizzes.formats.pairs import beside
from quizzes.formats.pictures import renamed
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.scorings import word_of
from quizzes.formats.texts import IN_THE_FILE
from quizzes.formats.turning import with_players
from quizzes.formats.weights import key_of, percent
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.numbers import NOT_ASKED, OPTIONAL

TITLE = "Moodle XML"
SAID = frozenset(Part) - {Part.DIFFICULTY}
_OF_OUR_OWN = (Kind.SINGLE, Kind.MULTIPLE, Kind.MATCHING, Kind.ORDERING)
"""Kinds to which something is said as a whole."""


def text_of(bank: Bank, report: Reporter) -> str:
    tell_unsaid_of_bank(bank, TITLE, (), report)
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *_elements(bank, report), "</quiz>", ""])


def _elements(bank: Bank, report: Reporter) -> Iterator[str]:
    category: Path = ()
    named = {each.category for each in bank.questions}
    for each in bank.categories:
        if each not in named:
            yield _category(each)
            category = each
    for question in bank.questions:
        if question.category != category:
            category = question.category
            yield _category(category)
        if element := _Writer(question, report).element():
            yield element


def _category(path: Path) -> str:
    return f'<question type="category">{tagged("category", text_element(said_of(path)))}</question>'


class _Writer:
    """One question."""

    def __init__(self, question: Question, report: Reporter) -> None:
        question = with_players(question)
        self.question, self.report, self.body = question, report, question.body
        self.how = WORDS[question.text_format]
        self.names = dict(_names(question.media))

    def element(self) -> str:
        write = _KINDS.get(self.question.kind)
        found = write(self) if write else None
        if found is None:
            self.report.error(Odd.KIND_NOT_SAID, self.question.place, format=TITLE, kind=self.question.kind)
            return ""
        tell_unsaid(self.question, TITLE, SAID - self._unsaid(), self.report)
        kind, text, parts = found
        lines = [
            tagged("name", text_element(self.question.title)),
            self._rich("questiontext", text, files=True),
            *([self._rich("generalfeedback", str(self.body["why"]))] if self.body.get("why") else []),
            tagged("defaultgrade", f"{self.question.maximum:g}"),
            *([tagged("penalty", self._penalty())] if self.question.penalty else []),
            tagged("hidden", "0"),
            *([tagged("idnumber", escaped(self.question.identifier))] if self.question.identifier else []),
            *parts,
            *self._whole(),
            *(self._rich("hint", hint) for hint in self.question.hints),
        ]
        if self.question.tags:
            lines.append(tagged("tags", "".join(tagged("tag", text_element(tag)) for tag in self.question.tags)))
        inside = "\n  ".join(line for line in lines if line)
        return f'<question type="{kind}">\n  {inside}\n</question>'

    def _unsaid(self) -> set[Part]:
        """What Moodle has no place for in questions of this kind."""
        kind = self.question.kind
        scored = kind is Kind.ORDERING or (kind is Kind.MULTIPLE and self.body.get("scoring") == ALL_OR_NOTHING)
        return {
            *(() if scored else (Part.SCORING,)),
            *(() if is_fixed(self.body) else (Part.FIXED,)),
        }

    def _penalty(self) -> str:
        return f"{float(Fraction(self.question.penalty)):.7f}"

    def _rich(self, name: str, text: str, *, files: bool = False) -> str:
        """A text in the question's format; with it come the files that it and the others name."""
        along = "".join(map(self._file, self.question.media)) if files else ""
        return tagged(name, text_element(renamed(text, self.names)) + along, format=self.how)

    def _file(self, media: Media) -> str:
        content = base64.b64encode(media.content).decode()
        name = self.names[media.key].removeprefix(IN_THE_FILE)
        return tagged("file", content, name=name, path="/", encoding="base64")

    def _whole(self) -> Iterator[str]:
        for tag, name in (
            ("correctfeedback", RIGHT),
            ("partiallycorrectfeedback", PARTLY),
            ("incorrectfeedback", WRONG),
        ):
            if said := self.question.feedback.get(name):
                if self.question.kind not in _OF_OUR_OWN:
                    self.lose(Part.FEEDBACK)
                yield self._rich(tag, said)

    def lose(self, part: Part) -> None:
        self.report.loss(Odd.NOT_SAID, self.question.place, format=TITLE, part=part)

    def _feedback(self, path: str) -> str:
        said = self.question.feedback.get(path, "")
        return self._rich("feedback", said) if said else ""

    def _asked(self) -> str:
        return str(self.body["text"])

    def _answer(self, text: str, weight: Fraction, path: str, more: str = "", *, is_plain: bool = False) -> str:
        inside = text_element(text if is_plain else renamed(text, self.names)) + more + self._feedback(path)
        how = "plain_text" if is_plain else self.how
        return tagged("answer", inside, fraction=percent(weight), format=how)

    def choice(self) -> Found:
        body, kind = self.body, self.question.kind
        weights = key_of(kind, body)
        is_set = kind is Kind.MULTIPLE and body.get("scoring") == ALL_OR_NOTHING
        answers = [
            self._answer(str(row["text"]), weights[row["id"]], f"options/{row['id']}") for row in body["options"]
        ]
        settings = [
            tagged("single", "true" if kind is Kind.SINGLE else "false"),
            tagged("shuffleanswers", "false" if is_fixed(body) else "true"),
            tagged("answernumbering", "abc"),
        ]
        return ("multichoiceset" if is_set else "multichoice"), self._asked(), [*settings, *answers]

    def true_false(self) -> Found:
        answers = [
            self._answer(name, Fraction(name in self.body["right"]), f"options/{name}", is_plain=True)
            for name in ("true", "false")
        ]
        return "truefalse", self._asked(), answers

    def short_text(self) -> Found:
        answers = [
            self._answer(str(row["text"]), weight_of(row), f"answers/{place}", is_plain=True)
            for place, row in enumerate(self.body["answers"])
        ]
        if self.question.feedback.get(OTHER):
            answers.append(self._answer("*", Fraction(0), OTHER, is_plain=True))
        return "shortanswer", self._asked(), [tagged("usecase", "1" if self.body.get("case") else "0"), *answers]

    def numeric(self) -> Found:
        answers = []
        for place, row in enumerate(self.body["answers"]):
            value, tolerance = self.number(row)
            more = tagged("tolerance", tolerance)
            answers.append(self._answer(value, weight_of(row), f"answers/{place}", more, is_plain=True))
        if self.question.feedback.get(OTHER):
            answers.append(self._answer("*", Fraction(0), OTHER, tagged("tolerance", "0"), is_plain=True))
        return "numerical", self._asked(), [*answers, *self._units()]

    def number(self, row: Body) -> tuple[str, str]:
        """The value and how far from it; Moodle writes tolerances as numbers only."""
        if not is_distance(row):
            self.report.note(Odd.SAID_AS, self.question.place, format=TITLE, part=Part.TOLERANCE)
        value, reach = distance_of(row)
        return approximately(value), approximately(reach)

    def _units(self) -> list[str]:
        asked = self.body.get("unit", NOT_ASKED)
        if asked == NOT_ASKED:
            return []
        units = []
        for row in self.body["units"]:
            factor = kept_number(row["factor"]) or Fraction(1)
            named = tagged("multiplier", approximately(1 / factor)) + tagged("unit_name", escaped(str(row["unit"])))
            units.append(tagged("unit", named))
        penalty = kept_number(self.body.get("unit_penalty", "1/10")) or Fraction(0)
        return [
            tagged("units", "".join(units)),
            tagged("unitgradingtype", "0" if asked == OPTIONAL else "2"),
            tagged("unitpenalty", approximately(penalty)),
            tagged("showunits", "0"),
        ]

    def matching(self) -> Found | None:
        pairs = beside(self.body)
        if pairs is None:
            return None
        if self.question.kind is Kind.CATEGORIZE:
            self.report.loss(Odd.SAID_AS, self.question.place, format=TITLE, part=Part.KIND)
        if self.body.get("scoring"):
            self.lose(Part.SCORING)
        parts = [
            self._rich("subquestion", row).replace(
                "</subquestion>", tagged("answer", text_element(choice)) + "</subquestion>"
            )
            for row, choice in pairs
        ]
        return "matching", self._asked(), [tagged("shuffleanswers", "true"), *parts]

    def ordering(self) -> Found:
        answers = [
            self._answer(str(row["text"]), Fraction(place, 100), f"items/{row['id']}")
            for place, row in enumerate(self.body["items"], start=1)
        ]
        settings = [
            tagged("layouttype", "VERTICAL"),
            tagged("selecttype", "ALL"),
            tagged("selectcount", "0"),
            tagged("gradingtype", word_of(self.body.get("scoring", ""))),
        ]
        return "ordering", self._asked(), [*settings, *answers]

    def gaps(self) -> Found | None:
        return written_gaps.found(self.question, self.number, self.lose)

    def essay(self) -> Found:
        if self.body.get("rubric"):
            self.lose(Part.RUBRIC)
        wanted = {
            "responsefieldlines": self.body.get("lines"),
            "minwordlimit": self.body.get("least_words"),
            "maxwordlimit": self.body.get("most_words"),
        }
        parts = [tagged("responseformat", "editor"), tagged("responserequired", "1")]
        return "essay", self._asked(), [*parts, *(tagged(name, str(each)) for name, each in wanted.items() if each)]

    def upload(self) -> Found:
        if self.body.get("rubric"):
            self.lose(Part.RUBRIC)
        parts = [
            tagged("responseformat", "noinline"),
            tagged("responserequired", "0"),
            tagged("attachments", str(self.body.get("most", 1))),
            tagged("attachmentsrequired", "1"),
            tagged("filetypeslist", ",".join(f".{each}" for each in self.body.get("types", ()))),
        ]
        return "essay", self._asked(), parts

    def description(self) -> Found:
        return "description", self._asked(), []


def _names(media: tuple[Media, ...]) -> Iterator[tuple[str, str]]:
    """How texts name each file, by its key; two of one name are told apart."""
    taken: set[str] = set()
    for each in media:
        name = re.sub(r"[^\w.-]+", "_", each.name) or f"file.{each.ending}"
        name = name if name not in taken else f"{each.key}-{name}"
        taken.add(name)
        yield each.key, IN_THE_FILE + name


_KINDS: Mapping[Kind, Callable[[_Writer], Found | None]] = {
    Kind.SINGLE: _Writer.choice,
    Kind.MULTIPLE: _Writer.choice,
    Kind.TRUE_FALSE: _Writer.true_false,
    Kind.SHORT_TEXT: _Writer.short_text,
    Kind.NUMERIC: _Writer.numeric,
    Kind.MATCHING: _Writer.matching,
    Kind.CATEGORIZE: _Writer.matching,
    Kind.ORDERING: _Writer.ordering,
    Kind.CLOZE: _Writer.gaps,
    Kind.DROP_DOWN: _Writer.gaps,
    Kind.ESSAY: _Writer.essay,
    Kind.UPLOAD: _Writer.upload,
    Kind.DESCRIPTION: _Writer.description,
}
