"""What docs/question-files.md says of formats is what is tried: its tables and the repertoires name the same kinds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from quizzes.formats.reports import Part
from quizzes.kinds import Kind
from tests.quizzes.formats.repertoire import REPERTOIRES

Said = TypeVar("Said", Kind, Part)
PAGE = Path(__file__).parents[3] / "docs" / "question-files.md"
COLUMNS = {
    "Moodle XML": ["moodle"],
    "GIFT": ["gift"],
    "Aiken": ["aiken"],
    "CSV, Excel": ["csv", "excel"],
    "QTI 1.2": ["qti12"],
    "QTI 2.1, 3.0": ["qti21", "qti30"],
}
ROWS = {
    "one right answer": Kind.SINGLE,
    "several right answers": Kind.MULTIPLE,
    "true or false": Kind.TRUE_FALSE,
    "matching": Kind.MATCHING,
    "categories": Kind.CATEGORIZE,
    "order": Kind.ORDERING,
    "number": Kind.NUMERIC,
    "short text": Kind.SHORT_TEXT,
    "text with gaps": Kind.CLOZE,
    "drop-down gaps": Kind.DROP_DOWN,
    "place in a picture": Kind.HOTSPOT,
    "essay": Kind.ESSAY,
    "files": Kind.UPLOAD,
    "text only": Kind.DESCRIPTION,
}
PARTS = {
    "title, name": Part.IDENTIFIER,
    "topic, tags": Part.CATEGORY,
    "what it is worth": Part.MAXIMUM,
    "difficulty": Part.DIFFICULTY,
    "explanation, feedback": Part.WHY,
    "shares of a mark": Part.WEIGHTS,
    "pictures, recordings": Part.MEDIA,
    "options that keep their place": Part.FIXED,
    "rubric": Part.RUBRIC,
    "hints, what a further try costs": Part.HINTS,
    "units": Part.UNITS,
}


def table(first: str, rows: Mapping[str, Said]) -> dict[str, set[Said]]:
    """By the names of columns, the rows that have something there."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} | Moodle XML |"))
    header = cells(lines[begin])[1:]
    said: dict[str, set[Said]] = {name: set() for name in header}
    for line in lines[begin + 2 : begin + 2 + len(rows)]:
        name, *found = cells(line)
        for column, cell in zip(header, found, strict=True):
            said[column] |= {rows[name]} if cell else set()
    return said


def cells(line: str) -> list[str]:
    return [each.strip() for each in line.strip("|").split("|")]


def test_every_kind_stands_in_the_table():
    assert set(ROWS.values()) == set(Kind)
    assert set(table("kind", ROWS)) == set(table("part", PARTS)) == set(COLUMNS)


@pytest.mark.parametrize(("column", "formats"), COLUMNS.items())
def test_a_format_says_the_kinds_that_the_table_says(column: str, formats: list[str]):
    said = table("kind", ROWS)[column]

    assert [said] * len(formats) == [set(REPERTOIRES[each].kinds) for each in formats]


@pytest.mark.parametrize(("column", "formats"), COLUMNS.items())
def test_a_format_says_the_parts_that_the_table_says(column: str, formats: list[str]):
    said = table("part", PARTS)[column]

    assert [said] * len(formats) == [set(PARTS.values()) & REPERTOIRES[each].parts for each in formats]
