"""A table as CSV, with commas, semicolons or tabs between its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from lti_tool.tables.reading import DELIMITERS, SEPARATOR_LINE
from quizzes.bank.checking import MOST_CHARACTERS
from quizzes.formats.base import About, Written
from quizzes.formats.encodings import decoded
from quizzes.formats.model import Bank, Place, Question
from quizzes.formats.reports import Reporter
from quizzes.formats.tables import reading, writing
from quizzes.formats.tables.columns import Wrong, column_of, rows

_SAMPLE = 10_000


class Csv:
    name = "csv"
    title = "CSV"
    ending = "csv"

    def recognize(self, content: bytes, filename: str) -> int:
        text, _encoding = decoded(content[:_SAMPLE], Reporter())
        _separator, header = _header(text)
        if "question" not in header:
            return 0
        return 30 + min(10 * len(header), 60)

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        text, about.encoding = decoded(content, report)
        about.expected = text.count("\n") - 1
        return reading.questions(rows(_records(text, report), report), report)

    def write(self, bank: Bank) -> Written:
        report = Reporter()
        header, lines = writing.table_of(bank, self.title, MOST_CHARACTERS, report)
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(lines)
        return Written(content=file.getvalue().encode("utf-8-sig", "replace"), report=report.done())


def _header(text: str) -> tuple[str, list[str]]:
    """The separator by which most of the first line is known, and what is known of it."""
    lines = text.lstrip("\n").split("\n", 2)
    if said := SEPARATOR_LINE.fullmatch(lines[0].strip()):
        return said[1], _known(lines[1] if len(lines) > 1 else "", said[1])
    known = {separator: _known(lines[0][:_SAMPLE], separator) for separator in DELIMITERS}
    best = max(known, key=lambda separator: len(known[separator]))
    return best, known[best]


def _known(line: str, separator: str) -> list[str]:
    columns = (column_of(heading.strip(' "\ufeff')) for heading in line.split(separator))
    return [column[0] for column in columns if column]


def _records(text: str, report: Reporter) -> Iterator[tuple[Place, Sequence[str]]]:
    separator, _known_columns = _header(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            # A cell of more than a hundred thousand signs, perhaps because a quotation mark is never closed.
            report.error(Wrong.ODD_ROW, Place(number))
            continue
        if number == 1 and len(cells) <= 2 and SEPARATOR_LINE.fullmatch(separator.join(cells)):
            continue
        yield Place(number), cells


CSV = Csv()
