"""A table as an Excel workbook. Nothing in it is computed: cells have the values they were saved with."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from lti_tool.tables.excel import LONGEST_TEXT
from quizzes.formats.base import About, Written
from quizzes.formats.model import Bank, Place, Question
from quizzes.formats.reports import Reporter
from quizzes.formats.tables import reading, writing
from quizzes.formats.tables.columns import Wrong, rows

MOST_INSIDE = 100_000_000
"""Bytes of what is packed in a workbook."""
MOST_PARTS, MOST_SHEETS = 2_000, 50
MOST_CELLS = 2_000_000
"""From the first one to the last: the reader makes room for those between them."""
CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,5})([0-9]{1,9})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,12})["']""")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)


class Excel:
    name = "excel"
    title = "Excel"
    ending = "xlsx"

    def recognize(self, content: bytes, filename: str) -> int:
        if not content.startswith(_ZIP):
            return 0
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return 95 if _WORKBOOK in packed.namelist() else 0
        except _BROKEN:
            return 40 if filename.lower().endswith(".xlsx") else 0

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        try:
            is_fair = _is_fair(content)
        except _BROKEN:
            report.error(Wrong.NO_WORKBOOK)
            return
        if not is_fair:
            report.error(Wrong.TOO_MUCH, most=MOST_INSIDE // 1_000_000, cells=MOST_CELLS)
            return
        book = _opened(content)
        if book is None:
            report.error(Wrong.NO_WORKBOOK)
            return
        for name in book.sheet_names[:MOST_SHEETS]:
            yield from reading.questions(rows(_records(book, name, report), report), report)

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


def _is_fair(content: bytes) -> bool:
    """Whether there is room for what is packed in it, and for the cells from its first to its last.

    Raises what `zipfile` does, also where a part is not as long as it says.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
            return False
        return all(_is_small(packed, part) for part in parts)


def _is_small(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    column = row = 1
    rest = b""
    with packed.open(part) as file:
        while chunk := file.read(CHUNK):
            text = rest + chunk
            for letters, number in _CELL.findall(text):
                column, row = max(column, _column(letters)), max(row, int(number))
            for number in _ROW.findall(text):
                row = max(row, int(number))
            rest = chunk[-200:]
    return column * row <= MOST_CELLS


def _column(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - ord("A") + 1
    return found


def _opened(content: bytes) -> CalamineWorkbook | None:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:
        # What goes wrong within the library, written in Rust, is no Exception.
        return None


def _records(book: CalamineWorkbook, name: str, report: Reporter) -> Iterator[tuple[Place, Sequence[str]]]:
    try:
        found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:
        report.error(Wrong.NO_WORKBOOK, Place(0, name))
        return
    for number, cells in enumerate(found, start=1):
        yield Place(number, name), [_said(cell) for cell in cells]


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
