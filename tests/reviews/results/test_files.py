"""A result to take along: tagged PDF and Excel, with the same figures as the page, and nothing fetched for it."""

from __future__ import annotations

import io
import os
import re
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from reviews.results import paper
from reviews.results.models import Access, ResultAccess
from tests.reviews.results.conftest import Results
from tests.reviews.results.test_looks import whole

needs_pango = pytest.mark.skipif(not paper.is_installed(), reason=f"Pango is not installed (on Debian: {paper.HOW})")


def opened(pdf: bytes) -> bytes:
    """With what is compressed in it laid open."""
    assert pdf.startswith(b"%PDF-")
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        with suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"\n".join(found)


@needs_pango
def test_the_pdf_is_tagged_and_says_its_language_and_title(results: Results, visit):
    snapshot = whole(results.reviews)

    answer = visit(results.reviews.school.ines).get(results.address(snapshot, "/result.pdf"))

    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    if folder := os.environ.get("SHOTS"):
        (Path(folder) / "result.pdf").write_bytes(answer.data)
    pdf = opened(answer.data)
    assert b"/Lang (en)" in pdf
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert re.search(rb"/Alt ?[(<]", pdf), "the radar says what it shows"
    looked = results.reviews.session.scalars(select(ResultAccess)).all()
    assert [each.action for each in looked] == [Access.PDF]


@needs_pango
def test_nothing_is_fetched_for_a_pdf(app, results: Results):
    with app.test_request_context():
        fetcher = paper._fetcher(__import__("weasyprint"))

        for address in ("http://localhost/", "https://example.org/a.png", "file:///etc/passwd", "ftp://localhost/"):
            with pytest.raises(ValueError, match="disallowed protocol"):
                fetcher.fetch(address)


def test_without_pango_the_page_says_so_and_there_is_no_pdf(results: Results, visit, monkeypatch):
    monkeypatch.setattr(paper, "is_installed", lambda: False)
    _campaign, target = results.round_of()
    snapshot, school = results.released(target), results.reviews.school
    leo, ines = visit(school.leo), visit(school.ines)

    page = leo.get(results.address(snapshot))

    assert page.status_code == 200
    assert "PDFs cannot be made here." in page.text
    assert "apt-get" not in page.text
    assert "apt-get install libpango-1.0-0" in ines.get(results.address(snapshot)).text
    assert leo.get(results.address(snapshot, "/result.pdf")).status_code == 404


def test_the_workbook_has_the_same_figures_and_computes_nothing(results: Results, visit):
    _campaign, target = results.round_of((2, 2, 3, 2, 2))
    snapshot = results.frozen(target)
    snapshot.published = {
        **snapshot.published,
        "words": [{"question": "keep", "text": "=1+1", "group": None}],
    }
    results.reviews.session.commit()

    answer = visit(results.reviews.school.ines).get(results.address(snapshot, "/result.xlsx"))

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:5] == ["Part", "Competency", "What", "Who", "Mean"]
    assert ["Competency", "Trust", "", "Peers", 2.2] in [row[:5] for row in rows]
    assert ["Statement", "Listening", "Asks first.", "Self", 5.0] in [row[:5] for row in rows]
    assert [row[7] for row in rows if row[0] == "Comment"] == ["'=1+1"]
    looked = results.reviews.session.scalars(select(ResultAccess)).all()
    assert [each.action for each in looked] == [Access.EXCEL]


def test_files_are_for_those_who_read_the_page(results: Results, visit):
    _campaign, target = results.round_of()
    snapshot, school = results.frozen(target), results.reviews.school

    for person in (school.leo, school.zoe, results.reviews.peers[0]):
        for name in ("/result.pdf", "/result.xlsx"):
            assert visit(person).get(results.address(snapshot, name)).status_code == 404
