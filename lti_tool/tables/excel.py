"""A table of ours as an Excel workbook, row by row, in memory that does not grow with it. No database, no web."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any

from lti_tool.tables.writing import Cell, neutral

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000
"""On a sheet; Excel itself takes 1,048,576. What is more stands on further sheets."""
LONGEST_NAME, LONGEST_TEXT = 28, 32_767
"""Characters that Excel takes, with room for a number after a name."""
WIDTHS = 12, 60
"""Characters that a column has room for, at least and at most."""


def write(file: IO[bytes], name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A workbook with the table on a sheet of this name. Text stays text: none of it is computed or becomes a link."""
    import xlsxwriter  # not at every start: most processes never write one

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet: Any = None
    number = MOST_ROWS
    for row in rows:
        if number >= MOST_ROWS:
            sheet, number = _sheet(book, name, header, bold), 0
        number += 1
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, neutral(cell)[:LONGEST_TEXT])
            elif cell is not None:
                sheet.write_number(number, place, cell)
    if sheet is None:
        _sheet(book, name, header, bold)
    book.close()


def _sheet(book: Any, name: str, header: Sequence[str], bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(_called(name) if number == 1 else f"{_called(name)} {number}")
    for place, heading in enumerate(header):
        sheet.set_column(place, place, min(max(len(heading) + 2, WIDTHS[0]), WIDTHS[1]))
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate(header):
        sheet.write_string(0, place, neutral(heading), bold)
    return sheet


def _called(name: str) -> str:
    """Excel takes none of these signs in the name of a sheet."""
    return "".join(sign for sign in name if sign not in "[]:*?/\\'")[:LONGEST_NAME] or "Table"
