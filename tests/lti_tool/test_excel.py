"""Workbooks: what was written is read back by another library, and nothing in them is computed."""

from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from lti_tool.tables import excel


def written(header, rows, name="Class") -> io.BytesIO:
    file = io.BytesIO()
    excel.write(file, name, header, rows)
    file.seek(0)
    return file


def test_what_was_written_is_read_back():
    book = CalamineWorkbook.from_filelike(written(["Name", "Percent"], [["Łukasz 木", 12.5], ["Zoë", None], ["", 3]]))

    assert book.sheet_names == ["Class"]
    assert book.get_sheet_by_index(0).to_python() == [["Name", "Percent"], ["Łukasz 木", 12.5], ["Zoë", ""], ["", 3.0]]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1", "'+49 30 1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("＝1", "'＝1"),
        ("https://example.org", "https://example.org"),
    ],
)
def test_text_that_looks_like_a_formula_is_fenced_off(cell, shown):
    file = written(["Name"], [[cell]])

    assert CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1] == [shown]
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_table_without_rows_has_its_header():
    assert CalamineWorkbook.from_filelike(written(["Name"], [])).get_sheet_by_index(0).to_python() == [["Name"]]


def test_what_is_too_much_for_a_sheet_stands_on_the_next(monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 2)

    book = CalamineWorkbook.from_filelike(written(["N"], [[number] for number in range(5)], name="All [of] it"))

    assert book.sheet_names == ["All of it", "All of it 2", "All of it 3"]
    assert [book.get_sheet_by_name(name).to_python() for name in book.sheet_names] == [
        [["N"], [0.0], [1.0]],
        [["N"], [2.0], [3.0]],
        [["N"], [4.0]],
    ]


def test_a_text_longer_than_excel_takes_is_cut():
    [_header, [cell]] = (
        CalamineWorkbook.from_filelike(written(["N"], [["x" * 40_000]])).get_sheet_by_index(0).to_python()
    )

    assert cell == "x" * excel.LONGEST_TEXT
