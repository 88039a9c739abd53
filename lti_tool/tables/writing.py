"""A table of ours as CSV, for spreadsheets. No database, no web."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from lti_tool.tables.reading import FORMULA_SIGNS, cleaned


def written(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """The table in UTF-8, marked as such because Excel asks for it; text that looks like a formula is fenced off."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", "replace")


def neutral(cell: str) -> str:
    """The text as one line, with an apostrophe before what a spreadsheet would compute; `reading` takes it off."""
    text = cleaned(cell)
    begins = text.lstrip("'")[:1]
    return f"'{text}" if begins and begins in FORMULA_SIGNS else text
