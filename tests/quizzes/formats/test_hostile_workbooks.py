"""Workbooks that are made to kill whoever opens them: each is told in a sentence, in a process that would die of it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from lti_tool.files.packages import END, LARGE_END
from quizzes.formats import registry
from quizzes.formats.packages import Wrong as OfPackages
from quizzes.formats.reports import Odd
from quizzes.formats.tables import vetting
from quizzes.formats.tables.columns import Wrong
from tests import files
from tests.quizzes.formats.bounded import Bounded

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'


def workbook() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for rows in ((("question", "right"), ("Bad?", "yes")), (("question", "right"), ("Good?", "yes"))):
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The workbook with these parts instead of its own, or beside them; without those that are none."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        whole = {name: old.read(name) for name in old.namelist()} | dict(parts)
        for name, part in whole.items():
            if part is not None:
                # What is packed far smaller than it is would be refused for that alone.
                new.writestr(name, part, zipfile.ZIP_STORED if len(part) < 20_000_000 else None)
    return file.getvalue()


def sheet(rows: str = ROWS, before: str = "", after: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def cell(place: str, more: str = "", inside: str = "<v>1</v>") -> str:
    return f'<c r="{place}"{more}>{inside}</c>'


def row(number: object, cells: str = "") -> str:
    return f'<row r="{number}">{cells}</row>'


def texts(*said: str, more: str = "") -> bytes:
    return f'<sst xmlns="{MAIN}" {more}>{"".join(f"<si><t>{each}</t></si>" for each in said)}</sst>'.encode()


ACROSS = "x" * (vetting.CHUNK - 300)
FIRST = row(1, cell("A1"))
SHARED = '<c t="s"><v>0</v></c>'
NESTED = '<c><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></c>'
SHEETS: Mapping[str, tuple[bytes, Wrong]] = {
    "a row beyond all": (sheet(FIRST + row(19999999999, cell("B19999999999"))), Wrong.ODD_CELL),
    "a cell beyond all": (sheet(row(1, cell("A1") + cell("B19999999999"))), Wrong.ODD_CELL),
    "a cell of another row": (sheet(row(1, cell("A1") + cell("A1048576"))), Wrong.ODD_CELL),
    "small letters": (sheet(FIRST + row(1048576, cell("xfd1048576"))), Wrong.ODD_CELL),
    "eight letters": (sheet(row(1, cell("A1")) + row(2, cell("AAAAAAAA2"))), Wrong.ODD_CELL),
    "a column after the last": (sheet(row(1, cell("XFE1"))), Wrong.ODD_CELL),
    "a row after the last": (sheet(FIRST + row(1048577, cell("A1048577"))), Wrong.ODD_CELL),
    "a row of fourteen digits": (sheet(FIRST + row(99999999999999, "<c><v>1</v></c>")), Wrong.ODD_CELL),
    "a row of nought": (sheet(row(0, cell("A0"))), Wrong.ODD_CELL),
    "a row with a sign": (sheet(row("-1", cell("A1"))), Wrong.ODD_CELL),
    "a row in other digits": (sheet(row("١", "<c><v>1</v></c>")), Wrong.ODD_CELL),
    "a row out of its turn": (sheet(row(1048576, cell("A1048576")) + row(1, cell("A1"))), Wrong.ODD_CELL),
    "an absolute place": (sheet(row(1, cell("$A$1"))), Wrong.ODD_CELL),
    "a place in signs": (sheet(row(1, cell("A&#49;048576"))), Wrong.ODD_CELL),
    "the last place": (sheet(FIRST + row(1048576, cell("XFD1048576"))), Wrong.TOO_MUCH),
    "blanks before the place": (
        sheet(FIRST + f"<!--{ACROSS}--><row\n{' ' * 500}r {' ' * 500}=\n'1048576'>{cell('XFD1048576')}</row>"),
        Wrong.TOO_MUCH,
    ),
    "another prefix": (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        f"</x:sheetData></x:worksheet>".encode(),
        Wrong.TOO_MUCH,
    ),
    "a lying dimension": (sheet(before='<dimension ref="A1:B99999999999"/>'), Wrong.ODD_CELL),
    "a dimension backwards": (sheet(before='<dimension ref="B2:A1"/>'), Wrong.ODD_CELL),
    "a dimension of three": (sheet(before='<dimension ref="A1:B2:C3"/>'), Wrong.ODD_CELL),
    "rows in cells": (sheet(row(1, NESTED)), Wrong.ODD_CELL),
    "cells in cells": (sheet(row(1, cell("A1", inside=cell("XFD1")))), Wrong.ODD_CELL),
    "a sheet in a row": (sheet(row(1, f"<sheetData>{ROWS}</sheetData>")), Wrong.ODD_CELL),
    "two sheets in one": (sheet(after=f"<sheetData>{ROWS}</sheetData>"), Wrong.ODD_CELL),
    "cells without places": (sheet(row(1, "<c><v>1</v></c>" * 16_385)), Wrong.ODD_CELL),
    "two million cells": (sheet(f"<row>{'<c/>' * 16_000}</row>" * 130), Wrong.TOO_MUCH),
    "a text that there is not": (sheet(row(1, cell("A1", ' t="s"', "<v>77</v>"))), Wrong.ODD_CELL),
    "a text without number": (sheet(row(1, cell("A1", ' t="s"', "<v>-1</v>"))), Wrong.ODD_CELL),
    "a text of many digits": (sheet(row(1, cell("A1", ' t="s"', f"<v>{'0' * 100_000}</v>"))), Wrong.ODD_CELL),
    "a tag without end": (
        sheet(f'<row spans="{"x" * 10_000_000}" r="1"></row>'),
        Wrong.TOO_MUCH,
    ),
    "entities": (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + sheet(row(1, cell("A1"))),
        Wrong.NO_WORKBOOK,
    ),
    "UTF-16": (sheet().decode().encode("utf-16"), Wrong.NO_WORKBOOK),
    "half a sheet": (sheet()[:-40], Wrong.NO_WORKBOOK),
    "no sheet": (b"MZ\x90\x00" * 100, Wrong.NO_WORKBOOK),
    "nothing": (b"", Wrong.NO_WORKBOOK),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_that_is_made_to_fill_memory_is_told_and_the_next_one_read(name: str, tmp_path: Path, bounded: Bounded):
    part, wrong = SHEETS[name]
    file = tmp_path / "quiz.xlsx"
    file.write_bytes(with_parts(workbook(), {SHEET: part}))

    told = bounded.read(file)

    assert (told.questions, told.errors) == (["Good?"], [wrong])
    assert (told.seconds < 15, told.megabytes < 200) == (True, True), told


MANY = sheet("".join(f"<row>{SHARED * 100}</row>" for _n in range(1000)))
PARTS: Mapping[str, tuple[Mapping[str, bytes | None], str]] = {
    "a text named a hundred thousand times": ({TEXTS: texts("x" * 30_000), SHEET: MANY}, Wrong.TOO_MUCH),
    "a count of texts beyond all": ({TEXTS: texts("question", more='uniqueCount="99999999999999"')}, Wrong.NO_WORKBOOK),
    "a count of texts of gigabytes": ({TEXTS: texts("question", more='uniqueCount="9999999"')}, Wrong.TOO_MUCH),
    "two million texts": ({TEXTS: f"<sst>{'<si/>' * 2_000_000}</sst>".encode()}, Wrong.TOO_MUCH),
    "texts within texts": ({TEXTS: f"<sst>{'<si>' * 50}{'</si>' * 50}</sst>".encode()}, Wrong.NO_WORKBOOK),
    "texts elsewhere": ({TEXTS: b"<sst><x><si><t>a</t></si></x></sst>"}, Wrong.NO_WORKBOOK),
    "styles with entities": ({"xl/styles.xml": b'<!DOCTYPE x [<!ENTITY a "a">]><styleSheet/>'}, Wrong.NO_WORKBOOK),
    "no links": ({"xl/_rels/workbook.xml.rels": None}, Wrong.NO_WORKBOOK),
    "links with entities": (
        {"xl/_rels/workbook.xml.rels": b'<!DOCTYPE x [<!ENTITY a "a">]><Relationships/>'},
        Wrong.NO_WORKBOOK,
    ),
    "a book deeper than the sea": ({"xl/workbook.xml": b"<a>" * 100_000}, Wrong.NO_WORKBOOK),
    "sixty megabytes of blanks": ({SHEET: b" " * 60_000_000}, Wrong.TOO_MUCH),
    "too many parts": ({f"xl/{n}.xml": b"<a/>" for n in range(2_100)}, Wrong.TOO_MUCH),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_that_are_made_to_fill_memory_are_told(name: str, tmp_path: Path, bounded: Bounded):
    parts, wrong = PARTS[name]
    file = tmp_path / "quiz.xlsx"
    file.write_bytes(with_parts(workbook(), parts))

    told = bounded.read(file)

    assert wrong in told.errors
    assert (told.seconds < 15, told.megabytes < 250) == (True, True), told


ODS = (
    b'<office:document-content xmlns:office="o" xmlns:table="t"><office:body><office:spreadsheet>'
    b'<table:table table:name="x"><table:table-row table:number-rows-repeated="1048576">'
    b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    b"</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
BINARY = struct.pack("<BBII", 0x94, 1, 8, 0) + b"\xff" * 64


@pytest.mark.parametrize(
    "parts",
    [
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODS},
        {"xl/workbook.bin": BINARY, "xl/_rels/workbook.bin.rels": b"<Relationships/>", "xl/sharedStrings.bin": BINARY},
    ],
    ids=["OpenDocument", "binary"],
)
def test_a_workbook_of_another_kind_inside_is_not_looked_for(
    parts: Mapping[str, bytes], tmp_path: Path, bounded: Bounded
):
    """The library would go on to it once the workbook is none."""
    broken = {**parts, "xl/worksheets/sheet1.xml": b"", "xl/worksheets/sheet2.xml": b"", "_rels/.rels": b""}
    file = tmp_path / "quiz.xlsx"
    file.write_bytes(with_parts(workbook(), broken))

    told = bounded.read(file)

    assert (told.questions, told.errors) == ([], [Wrong.NO_WORKBOOK] * 2)


def test_a_sheet_is_looked_through_whatever_its_part_is_called(tmp_path: Path, bounded: Bounded):
    far = sheet(FIRST + row(1048576, cell("XFD1048576")))
    links = (
        f'<Relationships><Relationship Id="rId1" Type="{vetting._OFFICE}/worksheet" Target="media/image1.png"/>'
        f'<Relationship Id="rId2" Type="{vetting._OFFICE}/worksheet" Target="/xl/media/IMAGE1.png"/></Relationships>'
    )
    file = tmp_path / "quiz.xlsx"
    parts = {"xl/media/image1.png": far, "xl/_rels/workbook.xml.rels": links.encode()}
    file.write_bytes(with_parts(workbook(), parts))

    assert bounded.read(file).errors == [Wrong.TOO_MUCH] * 2


def test_one_sheet_named_two_hundred_times_has_room_once(tmp_path: Path, bounded: Bounded):
    wide = sheet(FIRST + row(900_000, cell("A900000")))
    names = range(1, vetting.MOST_SHEETS + 1)
    book = f'<workbook xmlns:r="{vetting._OFFICE}"><sheets>' + "".join(
        f'<sheet name="s{n}" r:id="rId1"/>' for n in names
    )
    file = tmp_path / "quiz.xlsx"
    file.write_bytes(with_parts(workbook(), {SHEET: wide, "xl/workbook.xml": f"{book}</sheets></workbook>".encode()}))

    told = bounded.read(file)

    assert set(told.errors) == {Wrong.NO_HEADER, Wrong.TOO_MUCH}
    assert told.seconds < 15


@pytest.mark.parametrize("kind", ["quiz.xlsx", "quiz.zip", "quiz.gift"])
def test_a_table_of_contents_that_fills_memory_is_not_read(kind: str, tmp_path: Path, bounded: Bounded):
    """A million entries of nothing; whatever it is called, each format looks into it to tell whether it is one."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    many = 1_000_000
    local = b"PK\x03\x04" + bytes(26)
    end = LARGE_END.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, many, many, many * len(entry), len(local))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(local) + many * len(entry), 1)
    last = END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0)
    file = tmp_path / kind
    file.write_bytes(local + entry * many + end + locator + last)

    told = bounded.read(file)

    assert told.errors == [OfPackages.BOMB]
    assert told.megabytes < 100


def test_a_part_that_is_longer_than_it_says_is_refused():
    content = with_parts(workbook(), {SHEET: b" " * 100_000})

    found = registry.read(files.changed_directory(content, SHEET, unpacked=10), format="excel")

    assert [each.odd for each in found.report.findings] == [Wrong.TOO_MUCH]


def test_programs_that_write_row_by_row_are_read():
    """They say in the larger records of ZIP64 what would have fitted into the small ones."""
    whole = workbook()
    at = len(whole) - END.size
    *_rest, members, directory, offset, _comment = END.unpack_from(whole, at)
    end = LARGE_END.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, members, members, directory, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    last = END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0)

    found = registry.read(whole[:at] + end + locator + last, "quiz.xlsx")

    assert ([each.body["text"] for each in found.bank.questions], found.report.is_clean) == (["Bad?", "Good?"], True)


def test_days_counted_from_1904_stay_the_days_that_they_are():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"date_1904": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ("question", "right"))
    page.write_row(1, 0, ("When?",))
    page.write_number(1, 1, 40_000, book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()

    found = registry.read(file.getvalue(), "quiz.xlsx")

    told = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    assert str(told[1][1]) == "2013-07-07"
    assert [each["text"] for each in found.bank.questions[0].body["answers"]] == ["2013-07-07"]


def test_more_sheets_than_are_read_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vetting, "MOST_SHEETS", 1)

    found = registry.read(workbook(), "quiz.xlsx")

    assert [each.body["text"] for each in found.bank.questions] == ["Bad?"]
    assert [each.odd for each in found.report.findings] == [Wrong.MANY_SHEETS]


def test_a_cell_of_four_megabytes_costs_its_row():
    def said(text: str) -> str:
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    rows = [("question", "right"), ("x" * 4_000_000, "yes"), ("Good again?", "yes")]
    said_rows = "".join(row(number, "".join(map(said, cells))) for number, cells in enumerate(rows, 1))

    found = registry.read(with_parts(workbook(), {SHEET: sheet(said_rows)}), "quiz.xlsx")

    assert [each.body["text"] for each in found.bank.questions] == ["Good again?", "Good?"]
    assert [(each.odd, each.place.line) for each in found.report.findings] == [(Wrong.LONG_CELL, 2)]


def test_no_questions_are_told_of_a_workbook_without_sheets():
    book = f'<workbook xmlns="{MAIN}"><sheets/></workbook>'.encode()

    found = registry.read(with_parts(workbook(), {"xl/workbook.xml": book}), "quiz.xlsx")

    assert [each.odd for each in found.report.findings] == [Odd.NO_QUESTIONS]
