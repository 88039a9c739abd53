"""Questions as rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from quizzes.bank.numbers import kept_number
from quizzes.formats.gift.blocks import titles_of
from quizzes.formats.losses import tell_unsaid, tell_unsaid_of_bank
from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG, Bank, Question
from quizzes.formats.numbers import decimal_of, distance_of, is_distance
from quizzes.formats.pairs import beside
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.tables.columns import NAMES, Column, fenced
from quizzes.formats.weights import key_of, percent
from quizzes.kinds import Body, Kind
from quizzes.kinds.numbers import NOT_ASKED

SAID = frozenset(
    {
        *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.MAXIMUM, Part.DIFFICULTY, Part.WHY),
        *(Part.FEEDBACK, Part.TEXT_FORMAT, Part.WEIGHTS, Part.CASE),
    }
)
DIFFICULTIES = {1: "easy", 2: "medium", 3: "hard"}
OF_OPTIONS = ("option", "match", "weight", "feedback")
Cells = dict[Column, str]


def table_of(bank: Bank, format: str, longest: int, report: Reporter) -> tuple[list[str], list[list[str]]]:
    """The header and a row for each question; of a cell with more than `longest` signs the question is left out."""
    tell_unsaid_of_bank(bank, format, (), report)
    found = [cells for each in bank.questions if (cells := _cells(each, format, longest, report))]
    used = {column for cells in found for column in cells}
    most = max((number for _name, number in used), default=0)
    columns: list[Column] = [(name, 0) for name in NAMES if (name, 0) in used or name in ("type", "question", "right")]
    columns += [(name, n) for n in range(1, most + 1) for name in OF_OPTIONS if (name, n) in used]
    header = [f"{name} {number}" if number else name for name, number in columns]
    return header, [[fenced(cells.get(column, "")) for column in columns] for cells in found]


def _cells(question: Question, format: str, longest: int, report: Reporter) -> Cells | None:
    write = _KINDS.get(question.kind)
    if write is None:
        report.error(Odd.KIND_NOT_SAID, question.place, format=format, kind=question.kind)
        return None
    tell_unsaid(question, format, SAID, report)
    writer = _Writer(question, format, report)
    write(writer)
    cells = {column: said for column, said in {**writer.about(), **writer.cells}.items() if said}
    if any(len(said) >= longest for said in cells.values()):
        report.error(Odd.NOT_SAID, question.place, format=format, part=Part.LENGTH)
        return None
    return cells


class _Writer:
    def __init__(self, question: Question, format: str, report: Reporter) -> None:
        self.question, self.format, self.report, self.body = question, format, report, question.body
        self.cells: Cells = {}

    def about(self) -> Cells:
        question = self.question
        if any(question.feedback.get(name) for name in (RIGHT, PARTLY, WRONG, OTHER)):
            self._lose(Part.FEEDBACK)
        if any("," in tag for tag in question.tags):
            self._lose(Part.SIGNS)
        said = {
            "type": question.kind.value,
            "title": question.title,
            "question": str(self.body["text"]),
            "format": question.text_format.value,
            "id": question.identifier,
            "topic": titles_of(question.category),
            "tags": ", ".join(question.tags),
            "points": "" if question.maximum == 1 else f"{question.maximum:g}",
            "difficulty": DIFFICULTIES.get(question.difficulty, ""),
            "explanation": str(self.body.get("why", "")),
        }
        return {(name, 0): each for name, each in said.items()}

    def _lose(self, part: Part) -> None:
        self.report.loss(Odd.NOT_SAID, self.question.place, format=self.format, part=part)

    def _say(self, name: str, number: int, said: str) -> None:
        self.cells[name, number] = said

    def _feedback(self, number: int, path: str) -> None:
        self._say("feedback", number, self.question.feedback.get(path, ""))

    def options(self) -> None:
        rows, weights = self.body["options"], key_of(self.question.kind, self.body)
        is_weighed = any("weight" in row for row in rows)
        for number, row in enumerate(rows, start=1):
            self._say("option", number, str(row["text"]))
            self._feedback(number, f"options/{row['id']}")
            if is_weighed:
                self._say("weight", number, percent(weights[row["id"]]))
        right = [str(number) for number, row in enumerate(rows, start=1) if row["id"] in self.body["right"]]
        self._say("right", 0, ";".join(right))

    def true_false(self) -> None:
        self._say("right", 0, self.body["right"][0])
        self._feedback(1, "options/true")
        self._feedback(2, "options/false")

    def short_text(self) -> None:
        self._say("case", 0, "yes" if self.body.get("case") else "")
        for number, row in enumerate(self.body["answers"], start=1):
            self._answer(number, row, str(row["text"]))

    def numeric(self) -> None:
        if self.body.get("unit", NOT_ASKED) != NOT_ASKED:
            self._lose(Part.UNITS)
        for number, row in enumerate(self.body["answers"], start=1):
            self._answer(number, row, self._number(row))

    def _number(self, row: Body) -> str:
        if not is_distance(row):
            self.report.note(Odd.SAID_AS, self.question.place, format=self.format, part=Part.TOLERANCE)
        value, tolerance = distance_of(row)
        return f"{decimal_of(value)} \u00b1 {decimal_of(tolerance)}" if tolerance else decimal_of(value)

    def _answer(self, number: int, row: Body, said: str) -> None:
        weight = kept_number(row.get("weight", 1)) or Fraction(0)
        self._say("option", number, said)
        self._say("weight", number, "" if weight == 1 else percent(weight))
        self._feedback(number, f"answers/{number - 1}")

    def matching(self) -> None:
        for number, (row, choice) in enumerate(beside(self.body) or (), start=1):
            self._say("option", number, row)
            self._say("match", number, choice)

    def ordering(self) -> None:
        for number, row in enumerate(self.body["items"], start=1):
            self._say("option", number, str(row["text"]))

    def nothing(self) -> None:
        for part, names in _OF_ESSAYS.items():
            if any(self.body.get(name) for name in names):
                self._lose(part)


_OF_ESSAYS: Mapping[Part, tuple[str, ...]] = {
    Part.WORDS: ("least_words", "most_words"),
    Part.LINES: ("lines",),
    Part.RUBRIC: ("rubric",),
}
_KINDS: Mapping[Kind, Callable[[_Writer], None]] = {
    Kind.SINGLE: _Writer.options,
    Kind.MULTIPLE: _Writer.options,
    Kind.TRUE_FALSE: _Writer.true_false,
    Kind.SHORT_TEXT: _Writer.short_text,
    Kind.NUMERIC: _Writer.numeric,
    Kind.MATCHING: _Writer.matching,
    Kind.ORDERING: _Writer.ordering,
    Kind.ESSAY: _Writer.nothing,
    Kind.DESCRIPTION: _Writer.nothing,
}
