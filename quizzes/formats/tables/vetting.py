"""Workbooks of strangers, looked through before the library that reads them sees them.

The library makes room for whatever a sheet says: for all cells between the first and the last, for as many texts as
are announced, and for a text as often as it is named. So each part that it will read is gone through here first, and
what is not as spreadsheets write it (ECMA-376, part 1, 18.2 to 18.4) is refused. What the library gets is a package of
ours with these parts and nothing else: it finds no other ones, and takes it for no other kind of workbook.
"""

from __future__ import annotations

import io
import posixpath
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZipFile

from lti_tool.files.packages import BROKEN, trouble_in
from lti_tool.files.troubles import Trouble
from quizzes.formats.model import Place
from quizzes.formats.reports import Reporter
from quizzes.formats.safe_xml import Element, NotRead, name_of, parsed
from quizzes.formats.tables.columns import Wrong

MOST_PARTS, MOST_SHEETS, MOST_INSIDE = 2_000, 200, 100_000_000
"""Parts of a workbook, sheets, and bytes of all parts once they are unpacked."""
MOST_CELLS, MOST_TEXTS, MOST_LETTERS = 2_000_000, 1_000_000, 50_000_000
"""Of all sheets together: cells, with those that are empty between others; texts that are shared; letters in cells."""
MOST_ABOUT = 10_000_000
"""Bytes of what says which sheets there are, and how numbers look."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LONGEST_TAG = 8_000_000
CHUNK = 1 << 20
BOOK, LINKS, TEXTS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"
LONGEST_NUMBER = 7
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_NUMBER = re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}")
_PLACES = frozenset({"c", "row", "sheetData"})
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass
class Refused(Exception):
    """A sheet is not read, or nothing of the workbook is."""

    wrong: Wrong
    row: int = 0
    about: Mapping[str, object] = field(default_factory=dict)

    def tell(self, report: Reporter, sheet: str = "") -> None:
        report.error(self.wrong, Place(self.row, sheet), **self.about)


@dataclass(frozen=True)
class Vetted:
    """A workbook that does no harm."""

    content: bytes
    sheets: Sequence[str]
    """What they are called, in their order."""


@dataclass
class _Room:
    """What is left of it for parts to come."""

    bytes: int = field(default_factory=lambda: MOST_INSIDE)
    cells: int = field(default_factory=lambda: MOST_CELLS)
    letters: int = field(default_factory=lambda: MOST_LETTERS)


def vetted(content: bytes, report: Reporter) -> Vetted:
    """The workbook without the sheets that are refused, which are told. Raises Refused where all of it is."""
    try:
        with ZipFile(io.BytesIO(content)) as package:
            _look_at_package(package, content)
            return _Vetting(package, report).vetted()
    except BROKEN:
        raise Refused(Wrong.NO_WORKBOOK) from None


def _look_at_package(package: ZipFile, content: bytes) -> None:
    trouble = trouble_in(io.BytesIO(content), len(content), most_members=MOST_PARTS)
    if trouble is Trouble.BOMB or sum(each.file_size for each in package.infolist()) > MOST_INSIDE:
        _too_much()
    if trouble:
        raise Refused(Wrong.NO_WORKBOOK)


def _too_much(row: int = 0) -> NoReturn:
    raise Refused(Wrong.TOO_MUCH, row, {"most": MOST_INSIDE // 1_000_000, "cells": MOST_CELLS})


class _Vetting:
    def __init__(self, package: ZipFile, report: Reporter) -> None:
        self._package, self._report = package, report
        self._known = {name.lower(): name for name in package.namelist()}
        self._room = _Room()
        self._file = io.BytesIO()
        self._made = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=1)

    def vetted(self) -> Vetted:
        book, links = self._about(BOOK), self._about(LINKS)
        texts = _Texts()
        for part, look in ((TEXTS, texts), (STYLES, _Look())):
            if part.lower() in self._known:
                self._copy(part, part, look)
        taken: dict[str, str] = {}
        for number, (title, part) in enumerate(self._sheets(book, links)):
            name = f"worksheets/{number}.xml"
            try:
                self._copy(part, f"xl/{name}", _Sheet(texts.lengths, self._room))
                taken[name] = title
            except Refused as refused:
                refused.tell(self._report, title)
        self._finish(list(taken), _is_1904(book))
        return Vetted(self._file.getvalue(), list(taken.values()))

    def _about(self, part: str) -> Element:
        with self._package.open(self._known[part.lower()]) as file:
            content = file.read(MOST_ABOUT + 1)
        if len(content) > MOST_ABOUT:
            _too_much()
        try:
            return parsed(content)
        except NotRead:
            raise Refused(Wrong.NO_WORKBOOK) from None

    def _sheets(self, book: Element, links: Element) -> Iterator[tuple[str, str]]:
        """What each is called and which part it is; sheets that are charts are none."""
        parts = {
            each.get("Id"): each.get("Target", "")
            for each in links
            if name_of(each) == "Relationship" and each.get("Type", "").endswith("/worksheet")
        }
        sheets = [each for each in book.iter() if name_of(each) == "sheet"]
        if len(sheets) > MOST_SHEETS:
            self._report.error(Wrong.MANY_SHEETS, most=MOST_SHEETS)
        for sheet in sheets[:MOST_SHEETS]:
            link = next((said for name, said in sheet.items() if name.rpartition("}")[2] == "id"), None)
            if link in parts:
                yield sheet.get("name", ""), posixpath.join("/xl", parts[link])[1:]

    def _copy(self, part: str, name: str, look: _Look) -> None:
        """The part as it is, once it is looked through to its end."""
        reader = _reader(look)
        fed = 0
        try:
            with self._package.open(self._known[part.lower()]) as source, self._made.open(name, "w") as target:
                while chunk := source.read(CHUNK):
                    if b"\x00" in chunk:
                        # UTF-16, in which the library would see other tags than are seen here.
                        raise Refused(Wrong.NO_WORKBOOK, look.row)
                    fed += len(chunk)
                    self._room.bytes -= len(chunk)
                    reader.Parse(chunk)
                    if self._room.bytes < 0 or fed - reader.CurrentByteIndex > LONGEST_TAG:
                        _too_much(look.row)
                    target.write(chunk)
                reader.Parse(b"", True)
        except (expat.ExpatError, *BROKEN):
            raise Refused(Wrong.NO_WORKBOOK, look.row) from None

    def _finish(self, names: Sequence[str], is_1904: bool) -> None:
        """What leads to the parts."""
        sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n, _name in enumerate(names, 1))
        days = '<workbookPr date1904="1"/>' if is_1904 else ""
        self._made.writestr(BOOK, f'<workbook xmlns:r="{_OFFICE}">{days}<sheets>{sheets}</sheets></workbook>')
        self._made.writestr("_rels/.rels", _links([("officeDocument", BOOK)]))
        self._made.writestr(LINKS, _links([("worksheet", name) for name in names]))
        self._made.close()


def _links(targets: Sequence[tuple[str, str]]) -> str:
    rows = (
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets, 1)
    )
    return f"<Relationships>{''.join(rows)}</Relationships>"


def _is_1904(book: Element) -> bool:
    """Whether days are counted from 1904 on, as on old Macs."""
    return any(name_of(each) == "workbookPr" and each.get("date1904") in ("1", "true") for each in book)


class _Look:
    """What is looked at of a part: this much of any."""

    row = 0

    def __init__(self) -> None:
        self._depth = 0

    def start(self, tag: str, said: Mapping[str, str]) -> None:
        self._depth += 1

    def end(self, tag: str) -> None:
        self._depth -= 1

    def text(self, said: str) -> None: ...


def _reader(look: _Look) -> expat.XMLParserType:
    """XML in UTF-8 and without a DTD: the library believes no other letters, whatever the part says of them."""

    def doctype(*_said: object) -> NoReturn:
        raise Refused(Wrong.NO_WORKBOOK)

    reader = expat.ParserCreate("UTF-8")
    reader.buffer_text = True
    reader.StartElementHandler, reader.EndElementHandler = look.start, look.end
    reader.CharacterDataHandler, reader.StartDoctypeDeclHandler = look.text, doctype
    return reader


def _local(tag: str) -> str:
    return tag.rpartition(":")[2] if ":" in tag else tag


class _Texts(_Look):
    """The texts that cells share: how long each is."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths = array("I")
        self._length = 0

    def start(self, tag: str, said: Mapping[str, str]) -> None:
        self._depth += 1
        name = _local(tag)
        if (name == "sst") != (self._depth == 1) or (name == "si" and self._depth != 2):
            raise Refused(Wrong.NO_WORKBOOK)
        if name == "sst":
            self._begin(said.get("uniqueCount", "0"))
        elif name == "si":
            self._length = 0
            if len(self.lengths) == MOST_TEXTS:
                _too_much()

    def _begin(self, count: str) -> None:
        if not _NUMBER.fullmatch(count):
            raise Refused(Wrong.NO_WORKBOOK)
        if int(count) > MOST_TEXTS:
            _too_much()

    def end(self, tag: str) -> None:
        self._depth -= 1
        if _local(tag) == "si":
            self.lengths.append(self._length)

    def text(self, said: str) -> None:
        self._length += len(said)


class _Sheet(_Look):
    """Where the cells of a sheet stand, and how much they say.

    Fifty thousand questions are three million tags and texts, so what comes most often is asked for first.
    """

    def __init__(self, lengths: Sequence[int], room: _Room) -> None:
        super().__init__()
        self._lengths, self._room = lengths, room
        self._begun = False
        self._column = self._widest = self._last = self._cells = self._letters = 0
        self._is_cell = self._is_shared = self._is_full = False
        self._said = ""

    def start(self, tag: str, said: Mapping[str, str]) -> None:
        self._depth += 1
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if self._is_cell:
            if name in _PLACES:
                self._odd(said.get("r", name))
            self._said = ""
            if not self._is_full:
                self._is_full = True
                self._fill()
        elif name == "c":
            self._cell(said)
        elif name == "row":
            self._next_row(said)
        elif name == "sheetData":
            if self._depth != 2 or self._begun:
                self._odd(name)
            self._begun = True
        elif name == "dimension":
            self._dimension(said.get("ref", ""))

    def _dimension(self, said: str) -> None:
        corners = [self._place(each) for each in said.split(":", 1)]
        if any(first > last for first, last in zip(corners[0], corners[-1], strict=True)):
            self._odd(said)

    def _place(self, said: str) -> tuple[int, int]:
        """The row and the column, both from 1."""
        found = _CELL.fullmatch(said)
        row, column = (int(found[2]), _column(found[1])) if found else (0, 0)
        if not found or row > MOST_ROWS or column > MOST_COLUMNS:
            self._odd(said)
        return row, column

    def _odd(self, said: str) -> NoReturn:
        raise Refused(Wrong.ODD_CELL, self.row, {"what": said})

    def _next_row(self, said: Mapping[str, str]) -> None:
        number = said.get("r", str(self.row + 1))
        if self._depth != 3 or not _ROW.fullmatch(number) or not self.row < int(number) <= MOST_ROWS:
            self._odd(number)
        self.row, self._column = int(number), 0

    def _cell(self, said: Mapping[str, str]) -> None:
        self._column += 1
        place = said.get("r")
        if place is not None:
            row, self._column = self._place(place)
            if row != self.row:
                self._odd(place)
        if self._depth != 4 or self._column > MOST_COLUMNS:
            self._odd(place or "")
        self._is_cell, self._is_full, self._is_shared = True, False, said.get("t") == "s"
        self._cells += 1
        if self._cells > self._room.cells:
            _too_much(self.row)

    def _fill(self) -> None:
        """The cell says something, so there are cells from the first one of all to it."""
        self._last = self.row
        if self._column > self._widest:
            self._widest = self._column
        if self._last * self._widest > self._room.cells:
            _too_much(self.row)

    def text(self, said: str) -> None:
        if not self._is_cell:
            return
        self._letters += len(said)
        if self._letters > self._room.letters:
            _too_much(self.row)
        if self._is_shared:
            self._said += said
            if len(self._said) > LONGEST_NUMBER:
                self._odd(self._said)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._is_cell and self._depth > 3:
            if self._said and _local(tag) == "v":
                self._shared()
        elif self._is_cell:
            self._is_cell = False
        elif self._depth == 1 and _local(tag) == "sheetData":
            self._room.cells -= max(self._cells, self._last * self._widest)
            self._room.letters -= self._letters

    def _shared(self) -> None:
        """A text is as long for each cell that names it."""
        if not _NUMBER.fullmatch(self._said) or int(self._said) >= len(self._lengths):
            self._odd(self._said)
        self._letters += self._lengths[int(self._said)]
        self._said = ""
        self.text("")


@cache
def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found
