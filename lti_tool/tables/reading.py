"""A table in CSV: bytes in, rows with their numbers and their problems out. No database, no web."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 500_000
MOST_ROWS = 5_000
LONGEST_CELL = 255
LONGEST_HEADER = 10_000
DELIMITERS = (",", ";", "\t")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FORMULA_SIGNS = "=+-@＝＋－＠"  # noqa: RUF001 -- A spreadsheet in a Chinese or Japanese locale takes the wide ones as well.
"""What makes a spreadsheet compute a cell instead of showing it (OWASP, CSV Injection)."""
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
FENCED = re.compile(rf"\A'(?='*[{re.escape(FORMULA_SIGNS)}])")
"""An apostrophe that makes text of what would be a formula."""
SEPARATOR_LINE = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
"""What Excel writes and reads in front of the header."""


class Problem(StrEnum):
    """What can be wrong with a table as a whole, or with one of its rows."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    ENCODING = "encoding"
    NULS = "nuls"
    NO_HEADER = "no_header"
    COLUMN_TWICE = "column_twice"
    NO_ROWS = "no_rows"
    OPEN_QUOTE = "open_quote"
    ODD_QUOTE = "odd_quote"

    FORMULA = "formula"
    TOO_MANY_CELLS = "too_many_cells"
    LONG_CELL = "long_cell"


@dataclass(frozen=True)
class Trouble:
    """A problem with the number of its row, as spreadsheets count, and what it is about, such as a column."""

    problem: Problem
    row: int = 0
    what: str = ""


class Unreadable(Exception):
    """Nothing of the table can be used."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"{trouble.problem} in row {trouble.row}")
        self.trouble = trouble


@dataclass(frozen=True)
class Column:
    """A column we know: our key for it, and what it may be called in the header; the first is what we call it."""

    key: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Row:
    """One row: its number, a cell for every column of ours, and what is wrong with it, if anything is."""

    number: int
    cells: Mapping[str, str]
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Table:
    rows: Sequence[Row]
    unknown: Sequence[str] = ()
    """Columns of the header that we do not know and have not read."""
    is_guessed: bool = False
    """Whether the text was taken for Windows-1252, since it is no UTF-8."""


def read(content: bytes, columns: Sequence[Column], *, wants: Sequence[Sequence[str]]) -> Table:
    """The rows of this table; raises `Unreadable` where nothing of it can be used.

    `wants` names, by their keys, columns of which the header must have at least one each. The delimiter is the one by
    which most of the header is known. Rows without any text are passed over and counted all the same.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Trouble(Problem.TOO_LARGE))
    text, is_guessed = _decoded(content)
    delimiter, text = _delimiter_of(text, columns)
    records = _records(text, delimiter)
    header, places, unknown = _header(records, columns, wants)
    rows = list(_rows(records, len(header), places, columns))
    if not rows:
        raise Unreadable(Trouble(Problem.NO_ROWS))
    return Table(rows, unknown, is_guessed)


def _decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed."""
    encoding = next((encoding for mark, encoding in MARKS if content.startswith(mark)), "")
    if not encoding and b"\x00" in content:
        raise Unreadable(Trouble(Problem.NULS))
    text, is_guessed = _in_one_of(content, (encoding,) if encoding else ("utf-8", "cp1252"))
    if "\x00" in text:
        raise Unreadable(Trouble(Problem.NULS))
    if not text.strip():
        raise Unreadable(Trouble(Problem.EMPTY))
    return text, is_guessed


def _in_one_of(content: bytes, encodings: Sequence[str]) -> tuple[str, bool]:
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding != encodings[0]
        except UnicodeDecodeError:
            continue
    raise Unreadable(Trouble(Problem.ENCODING))


def _delimiter_of(text: str, columns: Sequence[Column]) -> tuple[str, str]:
    """The delimiter, and the text from its header on."""
    lines = io.StringIO(text, newline="").readlines()
    if said := SEPARATOR_LINE.fullmatch(lines[0].strip("\r\n")):
        return said[1], "".join(lines[1:])
    header = next(line for line in lines if line.strip())[:LONGEST_HEADER]

    def known(delimiter: str) -> int:
        return sum(_column_of(each, columns) is not None for each in next(csv.reader([header], delimiter=delimiter)))

    # The first of those that do equally well, so a header of one column has commas.
    return max(DELIMITERS, key=known), text


def _column_of(heading: str, columns: Sequence[Column]) -> Column | None:
    said = cleaned(heading).casefold()
    return next((column for column in columns if said in column.names), None)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number, those without any text left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = [cleaned(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            # A quote that is opened in one row and closed in none takes in all there is, or more than a cell holds.
            is_open = "unexpected end" in str(error) or "field limit" in str(error)
            raise Unreadable(Trouble(Problem.OPEN_QUOTE if is_open else Problem.ODD_QUOTE, number)) from None
        if any(cells):
            yield number, cells


def cleaned(cell: str) -> str:
    """The cell as one line in composed letters, without control signs, and without spaces around it."""
    shown = "".join(sign for sign in cell if sign.isspace() or unicodedata.category(sign) != "Cc")
    return " ".join(unicodedata.normalize("NFC", shown).split()).strip("\ufeff\u200b ")


def _header(
    records: Iterator[tuple[int, list[str]]], columns: Sequence[Column], wants: Sequence[Sequence[str]]
) -> tuple[list[str], dict[str, int], list[str]]:
    """The headings, where each column of ours stands, and the headings we do not know."""
    number, headings = next(records, (1, []))
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(headings):
        column = _column_of(heading, columns)
        if column is None:
            unknown += [heading] if heading else []
        elif column.key in places:
            raise Unreadable(Trouble(Problem.COLUMN_TWICE, number, column.name))
        else:
            places[column.key] = place
    for group in wants:
        if not places.keys() & set(group):
            missing = [column.name for column in columns if column.key in group]
            raise Unreadable(Trouble(Problem.NO_HEADER, number, ", ".join(missing)))
    return headings, places, unknown


def _rows(
    records: Iterator[tuple[int, list[str]]], width: int, places: Mapping[str, int], columns: Sequence[Column]
) -> Iterator[Row]:
    for count, (number, cells) in enumerate(records, 1):
        if count > MOST_ROWS:
            raise Unreadable(Trouble(Problem.TOO_MANY_ROWS, number))
        yield _row(number, cells, width, places, columns)


def _row(number: int, cells: Sequence[str], width: int, places: Mapping[str, int], columns: Sequence[Column]) -> Row:
    said = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
    ours = {column.key: FENCED.sub("", said.get(column.key, ""), count=1) for column in columns}
    ours = {key: cell[:LONGEST_CELL] for key, cell in ours.items()}
    if any(cells[width:]):
        return Row(number, ours, Trouble(Problem.TOO_MANY_CELLS, number))
    for column in columns:
        cell = said.get(column.key, "")
        if len(cell) > LONGEST_CELL:
            return Row(number, ours, Trouble(Problem.LONG_CELL, number, column.name))
        if is_formula(cell):
            return Row(number, ours, Trouble(Problem.FORMULA, number, column.name))
    return Row(number, ours)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute this cell; a plain number with its sign is none."""
    return cell[:1] in FORMULA_SIGNS and bool(cell) and not NUMBER.fullmatch(cell)
