"""A table of ours as CSV, for spreadsheets. No database, no web."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import IO

from lti_tool.tables.reading import FORMULA_SIGNS, cleaned

Cell = str | int | float | None


def written(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table in UTF-8, marked as such because Excel asks for it; text that looks like a formula is fenced off."""
    file = io.BytesIO()
    write(file, header, rows)
    return file.getvalue()


def write(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """The same into a file, row by row; the file stays open."""
    text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    text.detach()


@lru_cache(maxsize=4096)
def neutral(cell: str) -> str:
    """The text as one line, with an apostrophe before what a spreadsheet would compute; `reading` takes it off."""
    text = cleaned(cell)
    begins = text.lstrip("'")[:1]
    return f"'{text}" if begins and begins in FORMULA_SIGNS else text
