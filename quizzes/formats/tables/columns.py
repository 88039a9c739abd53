"""The columns of a table of questions, and what its cells say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lti_tool.tables.reading import FENCED, FORMULA_SIGNS
from quizzes.bank.checking import MOST_CHARACTERS, MOST_PARTS
from quizzes.formats.model import Place
from quizzes.formats.reports import Reporter

NAMES: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "kind", "question type"),
    "title": ("title", "name", "question title"),
    "question": ("question", "question text", "text", "stem"),
    "format": ("format", "text format"),
    "id": ("id", "identifier", "idnumber"),
    "topic": ("topic", "category"),
    "tags": ("tags", "tag", "keywords"),
    "points": ("points", "mark", "marks", "score"),
    "difficulty": ("difficulty", "level"),
    "explanation": ("explanation", "why", "general feedback"),
    "case": ("case", "case sensitive"),
    "right": ("right", "correct", "right answer", "correct answer", "correct answers", "answer", "answers", "key"),
}
NUMBERED: Mapping[str, str] = {
    **dict.fromkeys(("option", "answer", "choice"), "option"),
    **{name: name for name in ("match", "weight", "feedback")},
}
"""Of columns that come once for each option."""
_BY_NAME = {name: key for key, names in NAMES.items() for name in names}
_NUMBERED = re.compile(r"([a-z]+)[ _-]*(\d{1,3}|[a-z])")
_FORMULA = re.compile(r"[=\uff1d]")
_FENCE = re.compile(rf"'*[{re.escape(FORMULA_SIGNS)}\t\r]")
LONGEST_HEADING = 60


class Wrong(StrEnum):
    """What can be wrong in a table."""

    NO_HEADER = "table_no_header"
    FORMULA = "table_formula"
    LONG_CELL = "table_long_cell"
    ODD_ROW = "table_odd_row"
    NO_ANSWER = "table_no_answer"
    NO_SUCH_OPTION = "table_no_such_option"
    NO_NUMBER = "table_no_number"
    NO_TYPE = "table_no_type"
    NO_WORKBOOK = "table_no_workbook"
    TOO_MUCH = "table_too_much"
    ODD_CELL = "table_odd_cell"
    MANY_SHEETS = "table_many_sheets"
    COLUMN = "table_column"


Column = tuple[str, int]
"""What a column is, and of which option from 1; 0 for those that come once."""


@dataclass(frozen=True)
class Row:
    """What the cells of a question say."""

    place: Place
    cells: Mapping[Column, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get((name, 0), "")

    def numbered(self, name: str) -> Mapping[int, str]:
        return {number: said for (column, number), said in self.cells.items() if column == name and number and said}


@dataclass
class Header:
    columns: dict[int, Column] = field(default_factory=dict)
    """By place from 0."""

    @property
    def is_one(self) -> bool:
        return ("question", 0) in self.columns.values()


def column_of(heading: str) -> Column | None:
    said = " ".join(heading.split()).lower()[:LONGEST_HEADING].strip(" :*")
    if said in _BY_NAME:
        return _BY_NAME[said], 0
    found = _NUMBERED.fullmatch(said if len(said) > 1 else f"option {said}")
    if found is None or found[1] not in NUMBERED:
        return None
    number = int(found[2]) if found[2].isdigit() else ord(found[2]) - ord("a") + 1
    return (NUMBERED[found[1]], number) if 1 <= number <= MOST_PARTS else None


def header_of(cells: Sequence[str], place: Place, report: Reporter) -> Header:
    """What is no column of ours is told; of two with one name the first counts."""
    header = Header()
    for number, heading in enumerate(cells):
        column = column_of(heading)
        if column is not None and column not in header.columns.values():
            header.columns[number] = column
        elif heading:
            report.loss(Wrong.COLUMN, place, what=heading)
    return header


def rows(records: Iterator[tuple[Place, Sequence[str]]], report: Reporter) -> Iterator[Row]:
    """The rows beneath the header. Empty ones are passed over; those that cannot be taken are told."""
    header: Header | None = None
    for place, cells in records:
        if not any(cells):
            continue
        if header is None:
            header = header_of(cells, place, Reporter())
            if not header.is_one:
                report.error(Wrong.NO_HEADER, place)
                return
            header = header_of(cells, place, report)
            continue
        row = _row(header, place, cells, report)
        if row is not None:
            yield row


def _row(header: Header, place: Place, cells: Sequence[str], report: Reporter) -> Row | None:
    said: dict[Column, str] = {}
    for number, cell in enumerate(cells):
        if len(cell) > MOST_CHARACTERS:
            report.error(Wrong.LONG_CELL, place, number=len(cell), most=MOST_CHARACTERS)
            return None
        column = header.columns.get(number)
        if column is None or not cell:
            continue
        if _FORMULA.match(cell):
            report.error(Wrong.FORMULA, place, what=cell)
            return None
        said[column] = unfenced(cell)
    return Row(Place(place.line, " ".join(said.get(("question", 0), "").split())[:60] or place.item), said)


def fenced(text: str) -> str:
    """With an apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if _FENCE.match(text) else text


def unfenced(cell: str) -> str:
    return FENCED.sub("", cell, count=1)
