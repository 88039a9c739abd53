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
from quizzes.formats.moodle import cloze
from quizzes.formats.moodle.elements import WORDS
from quizzes.formats.numbers import approximately
from quizzes.formats.pictures import renamed
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.scorings import word_of
from quizzes.formats.texts import IN_THE_FILE
from quizzes.formats.turning import with_players
from quizzes.formats.weights import key_of, percent
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.gaps import GAP
from quizzes.kinds.numbers import GEOMETRIC, NOMINAL, NOT_ASKED, OPTIONAL, RELATIVE, interval
from quizzes.rich import TextFormat

TITLE = "Moodle XML"
SAID = frozenset(Part) - {Part.DIFFICULTY}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_GROUPS = 20
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
    return f'<question type="category">{_tag("category", _text(said_of(path)))}</question>'


def _escaped(text: str) -> str:
    return _NOT_IN_XML.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tag(name: str, inside: str, /, **attributes: str) -> str:
    said = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{inside}</{name}>"


def _text(text: str) -> str:
    return f"<text>{_escaped(text)}</text>"


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
            _tag("name", _text(self.question.title)),
            self._rich("questiontext", text, files=True),
            *([self._rich("generalfeedback", str(self.body["why"]))] if self.body.get("why") else []),
            _tag("defaultgrade", f"{self.question.maximum:g}"),
            *([_tag("penalty", self._penalty())] if self.question.penalty else []),
            _tag("hidden", "0"),
            *([_tag("idnumber", _escaped(self.question.identifier))] if self.question.identifier else []),
            *parts,
            *self._whole(),
            *(self._rich("hint", hint) for hint in self.question.hints),
        ]
        if self.question.tags:
            lines.append(_tag("tags", "".join(_tag("tag", _text(tag)) for tag in self.question.tags)))
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
        return _tag(name, _text(renamed(text, self.names)) + along, format=self.how)

    def _file(self, media: Media) -> str:
        content = base64.b64encode(media.content).decode()
        name = self.names[media.key].removeprefix(IN_THE_FILE)
        return _tag("file", content, name=name, path="/", encoding="base64")

    def _whole(self) -> Iterator[str]:
        for tag, name in (
            ("correctfeedback", RIGHT),
            ("partiallycorrectfeedback", PARTLY),
            ("incorrectfeedback", WRONG),
        ):
            if said := self.question.feedback.get(name):
                if self.question.kind not in _OF_OUR_OWN:
                    self._lose(Part.FEEDBACK)
                yield self._rich(tag, said)

    def _lose(self, part: Part) -> None:
        self.report.loss(Odd.NOT_SAID, self.question.place, format=TITLE, part=part)

    def _feedback(self, path: str) -> str:
        said = self.question.feedback.get(path, "")
        return self._rich("feedback", said) if said else ""

    def _asked(self) -> str:
        return str(self.body["text"])

    def _answer(self, text: str, weight: Fraction, path: str, more: str = "", *, is_plain: bool = False) -> str:
        inside = _text(text if is_plain else renamed(text, self.names)) + more + self._feedback(path)
        how = "plain_text" if is_plain else self.how
        return _tag("answer", inside, fraction=percent(weight), format=how)

    def choice(self) -> Found:
        body, kind = self.body, self.question.kind
        weights = key_of(kind, body)
        is_set = kind is Kind.MULTIPLE and body.get("scoring") == ALL_OR_NOTHING
        answers = [
            self._answer(str(row["text"]), weights[row["id"]], f"options/{row['id']}") for row in body["options"]
        ]
        settings = [
            _tag("single", "true" if kind is Kind.SINGLE else "false"),
            _tag("shuffleanswers", "false" if is_fixed(body) else "true"),
            _tag("answernumbering", "abc"),
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
            self._answer(str(row["text"]), _weight(row), f"answers/{place}", is_plain=True)
            for place, row in enumerate(self.body["answers"])
        ]
        if self.question.feedback.get(OTHER):
            answers.append(self._answer("*", Fraction(0), OTHER, is_plain=True))
        return "shortanswer", self._asked(), [_tag("usecase", "1" if self.body.get("case") else "0"), *answers]

    def numeric(self) -> Found:
        answers = []
        for place, row in enumerate(self.body["answers"]):
            value, tolerance = self._number(row)
            more = _tag("tolerance", tolerance)
            answers.append(self._answer(value, _weight(row), f"answers/{place}", more, is_plain=True))
        if self.question.feedback.get(OTHER):
            answers.append(self._answer("*", Fraction(0), OTHER, _tag("tolerance", "0"), is_plain=True))
        return "numerical", self._asked(), [*answers, *self._units()]

    def _number(self, row: Body) -> tuple[str, str]:
        """The value and how far from it; Moodle writes tolerances as numbers only."""
        kind = row.get("tolerance_kind", NOMINAL)
        value, tolerance = kept_number(row["value"]), kept_number(row.get("tolerance") or 0)
        # Bodies are checked before they get here.
        assert value is not None
        assert tolerance is not None
        if tolerance and kind != NOMINAL:
            self.report.note(Odd.SAID_AS, self.question.place, format=TITLE, part=Part.TOLERANCE)
        if tolerance and kind == GEOMETRIC:
            low, high = interval(row)
            return approximately((low + high) / 2), approximately((high - low) / 2)
        return approximately(value), approximately(abs(value) * tolerance if kind == RELATIVE else tolerance)

    def _units(self) -> list[str]:
        asked = self.body.get("unit", NOT_ASKED)
        if asked == NOT_ASKED:
            return []
        units = []
        for row in self.body["units"]:
            factor = kept_number(row["factor"]) or Fraction(1)
            named = _tag("multiplier", approximately(1 / factor)) + _tag("unit_name", _escaped(str(row["unit"])))
            units.append(_tag("unit", named))
        penalty = kept_number(self.body.get("unit_penalty", "1/10")) or Fraction(0)
        return [
            _tag("units", "".join(units)),
            _tag("unitgradingtype", "0" if asked == OPTIONAL else "2"),
            _tag("unitpenalty", approximately(penalty)),
            _tag("showunits", "0"),
        ]

    def matching(self) -> Found | None:
        rows = {row["id"]: str(row["text"]) for row in self.body["rows"]}
        choices = {row["id"]: str(row["text"]) for row in self.body["choices"]}
        right = self.body["right"]
        if set(right) != set(rows):
            return None
        if self.question.kind is Kind.CATEGORIZE:
            self.report.loss(Odd.SAID_AS, self.question.place, format=TITLE, part=Part.KIND)
        if self.body.get("scoring"):
            self._lose(Part.SCORING)
        pairs = [(text, choices[right[row]]) for row, text in rows.items()]
        pairs += [("", text) for choice, text in choices.items() if choice not in right.values()]
        parts = [
            self._rich("subquestion", row).replace("</subquestion>", _tag("answer", _text(choice)) + "</subquestion>")
            for row, choice in pairs
        ]
        return "matching", self._asked(), [_tag("shuffleanswers", "true"), *parts]

    def ordering(self) -> Found:
        answers = [
            self._answer(str(row["text"]), Fraction(place, 100), f"items/{row['id']}")
            for place, row in enumerate(self.body["items"], start=1)
        ]
        settings = [
            _tag("layouttype", "VERTICAL"),
            _tag("selecttype", "ALL"),
            _tag("selectcount", "0"),
            _tag("gradingtype", word_of(self.body.get("scoring", ""))),
        ]
        return "ordering", self._asked(), [*settings, *answers]

    def gaps(self) -> Found | None:
        if self.question.kind is Kind.DROP_DOWN and self._is_simple():
            return self._chosen_gaps()
        gaps = {str(gap["id"]): gap for gap in self.body["gaps"]}
        return "cloze", GAP.sub(lambda found: self._gap(gaps[found[1]]), self._asked()), []

    def _is_simple(self) -> bool:
        """Whether every gap has one right option, no weights and nothing said to answers: there each gap is alike."""
        gaps = self.body["gaps"]
        plain = all(len(gap["right"]) == 1 and not any("weight" in row for row in gap["options"]) for gap in gaps)
        equal = all(gap.get("weight", 1) == 1 for gap in gaps)
        alike = len({is_fixed(gap) for gap in gaps}) == 1
        return plain and equal and alike and len(gaps) <= _MOST_GROUPS and not any(self.question.feedback.values())

    def _chosen_gaps(self) -> Found:
        """The options of each gap are a group of their own; a gap names its right one by number."""
        options: list[str] = []
        numbers: dict[str, int] = {}
        for group, gap in enumerate(self.body["gaps"], start=1):
            for row in gap["options"]:
                text = str(row["text"])
                if self.question.text_format is TextFormat.HTML:
                    text = _escaped(text)
                options.append(_tag("selectoption", _text(text) + _tag("group", str(group))))
                if row["id"] in gap["right"]:
                    numbers[str(gap["id"])] = len(options)
        text = GAP.sub(lambda found: f"[[{numbers[found[1]]}]]", self._asked())
        shuffled = "0" if is_fixed(self.body["gaps"][0]) else "1"
        return "gapselect", text, [_tag("shuffleanswers", shuffled), *options]

    def _gap(self, gap: Body) -> str:
        kind, path = Kind(gap["kind"]), f"gaps/{gap['id']}"
        if kind is Kind.SINGLE:
            weights = key_of(kind, gap)
            rows = [(weights[row["id"]], str(row["text"]), f"{path}/options/{row['id']}") for row in gap["options"]]
            name = "MULTICHOICE" if is_fixed(gap) else "MULTICHOICE_S"
        else:
            answers = [(each, f"{path}/answers/{place}") for place, each in enumerate(gap["answers"])]
            numbers = kind is Kind.NUMERIC
            rows = [(_weight(row), self._typed(row, numbers), where) for row, where in answers]
            name = "NUMERICAL" if numbers else "SHORTANSWER_C" if gap.get("case") else "SHORTANSWER"
            if numbers and gap.get("unit", NOT_ASKED) != NOT_ASKED:
                self._lose(Part.UNITS)
            if self.question.feedback.get(f"{path}/{OTHER}"):
                rows.append((Fraction(0), "*", f"{path}/{OTHER}"))
        said = "~".join(self._alternative(weight, text, where) for weight, text, where in rows)
        return f"{{{gap.get('weight', 1)}:{name}:{said}}}"

    def _typed(self, row: Body, is_number: bool) -> str:
        return ":".join(self._number(row)) if is_number else str(row["text"])

    def _alternative(self, weight: Fraction, text: str, path: str) -> str:
        worth = "=" if weight == 1 else f"%{percent(weight)}%" if weight else ""
        if not worth and text.startswith(("=", "%")):
            worth = "%0%"
        comment = self.question.feedback.get(path, "")
        is_html = self.question.text_format is TextFormat.HTML
        return worth + cloze.told(text) + (f"#{cloze.told(comment, is_html=is_html)}" if comment else "")

    def essay(self) -> Found:
        if self.body.get("rubric"):
            self._lose(Part.RUBRIC)
        wanted = {
            "responsefieldlines": self.body.get("lines"),
            "minwordlimit": self.body.get("least_words"),
            "maxwordlimit": self.body.get("most_words"),
        }
        parts = [_tag("responseformat", "editor"), _tag("responserequired", "1")]
        return "essay", self._asked(), [*parts, *(_tag(name, str(each)) for name, each in wanted.items() if each)]

    def upload(self) -> Found:
        if self.body.get("rubric"):
            self._lose(Part.RUBRIC)
        parts = [
            _tag("responseformat", "noinline"),
            _tag("responserequired", "0"),
            _tag("attachments", str(self.body.get("most", 1))),
            _tag("attachmentsrequired", "1"),
            _tag("filetypeslist", ",".join(f".{each}" for each in self.body.get("types", ()))),
        ]
        return "essay", self._asked(), parts

    def description(self) -> Found:
        return "description", self._asked(), []


Found = tuple[str, str, list[str]]
"""The type, the question's text, and the elements that only this type has."""


def _names(media: tuple[Media, ...]) -> Iterator[tuple[str, str]]:
    """How texts name each file, by its key; two of one name are told apart."""
    taken: set[str] = set()
    for each in media:
        name = re.sub(r"[^\w.-]+", "_", each.name) or f"file.{each.ending}"
        name = name if name not in taken else f"{each.key}-{name}"
        taken.add(name)
        yield each.key, IN_THE_FILE + name


def is_fixed(body: Body) -> bool:
    """Whether all options keep their places; Moodle knows no others that do."""
    return bool(body.get("options")) and all(row.get("fixed") for row in body["options"])


def _weight(row: Body) -> Fraction:
    return kept_number(row.get("weight", 1)) or Fraction(0)


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
