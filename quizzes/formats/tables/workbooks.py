"""A table as an Excel workbook. Nothing in it is computed: cells have the values they were saved with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from lti_tool.files.packages import BROKEN
from lti_tool.tables.excel import LONGEST_TEXT
from quizzes.formats.base import About, Written
from quizzes.formats.model import Bank, Place, Question
from quizzes.formats.reports import Reporter
from quizzes.formats.tables import reading, writing
from quizzes.formats.tables.columns import Wrong, rows
from quizzes.formats.tables.vetting import BOOK, Refused, vetted

_ZIP = b"PK\x03\x04"


class Excel:
    name = "excel"
    title = "Excel"
    ending = "xlsx"

    def recognize(self, content: bytes, filename: str) -> int:
        if not content.startswith(_ZIP):
            return 0
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return 95 if BOOK in packed.namelist() else 0
        except BROKEN:
            return 40 if filename.lower().endswith(".xlsx") else 0

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        try:
            workbook = vetted(content, report)
        except Refused as refused:
            refused.tell(report)
            return
        book = _opened(workbook.content)
        if book is None:
            report.error(Wrong.NO_WORKBOOK)
            return
        for number, title in enumerate(workbook.sheets):
            yield from reading.questions(rows(_records(book, number, title, report), report), report)

    def write(self, bank: Bank) -> Written:
        report = Reporter()
        header, lines = writing.table_of(bank, self.title, LONGEST_TEXT, report)
        file = io.BytesIO()
        settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, settings)
        sheet = book.add_worksheet("Questions")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(header):
            sheet.write_string(0, place, heading, bold)
        for number, cells in enumerate(lines, start=1):
            for place, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, place, cell)
        book.close()
        return Written(content=file.getvalue(), report=report.done())


def _opened(content: bytes) -> CalamineWorkbook | None:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:
        # What goes wrong within the library, written in Rust, is no Exception.
        return None


def _records(
    book: CalamineWorkbook, number: int, title: str, report: Reporter
) -> Iterator[tuple[Place, Sequence[str]]]:
    try:
        found = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:
        report.error(Wrong.NO_WORKBOOK, Place(0, title))
        return
    for row, cells in enumerate(found, start=1):
        yield Place(row, title), [_said(cell) for cell in cells]


def _said(cell: Any) -> str:
    """What a cell shows, more or less: a whole number without a point, a day as 2026-03-01."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


EXCEL = Excel()
