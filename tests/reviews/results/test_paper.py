"""The PDF of a crowded report, looked at page by page, and read as those do who cannot see it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from reviews.radar import INKS
from reviews.results import paper, paper_radar
from tests import looking_at_pdf, pdf_ua
from tests.looking_at_pdf import Margins, pages_of, without_spaces
from tests.reviews.radars import drawn
from tests.reviews.results.conftest import Results
from tests.reviews.results.crowded import CONTENT, NAMES, SUBJECT, WORDED, WORDS, crowded

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(not paper.is_installed(), reason=f"Pango is not installed (on Debian: {paper.HOW})"),
]
EMPTY = Margins(left=15.4, right=15.4, top=15.4, bottom=6)
"""Of a page, but for what a J reaches out; the footer stands in the last two centimetres of it."""
ARABIC = 5
TARGET = "#b0b3b6"
"""The line of what is asked for, where it crosses nothing."""
Spoil = Callable[[pikepdf.Pdf], None]


@pytest.fixture
def pdf(results: Results, visit) -> bytes:
    snapshot = crowded(results.reviews)
    found: bytes = visit(results.reviews.school.ines).get(results.address(snapshot, "/result.pdf")).data
    return found


def test_a_crowded_report_is_good_paper(pdf: bytes):
    pages = pages_of(pdf)

    assert looking_at_pdf.faults_of(pages, EMPTY) == []
    assert 5 < len(pages) < 15
    assert pdf_ua.faults_of(pdf) == []
    _nothing_is_cut("".join(page.text for page in pages))
    # The radar: a line of each of the five groups, and the target behind them.
    assert all(pages[0].has_color(ink) > 100 for ink in INKS[:5])
    assert pages[0].has_color(TARGET) > 1000
    assert "Target:" in pages[0].text


def _nothing_is_cut(text: str) -> None:
    """Whatever somebody wrote is there to its last letter; lines may be broken anywhere."""
    read = without_spaces(text)
    right_to_left = {NAMES[ARABIC], WORDS[4]}
    wanted = [SUBJECT, *NAMES, *WORDS, *(each.text for each in CONTENT.statements.values())]

    assert [each for each in wanted if each not in right_to_left and without_spaces(each) not in read] == []
    assert all(each in read for each in ("Importance", "Askedfor", "Howmanychosewhat", "Allothers"))


SAYS = (
    "19 of 19 people answered: Self 1 of 1, Mentors 1 of 1, Peers 9 of 9, Direct reports 4 of 4,",
    "For development: it is for learning, and decides nothing.",
    "It is talked over with the mentor, and with nobody else.",
    "Own view: 4.0, clearly more than the others with 3.1 (2.6 to 3.7).",
    "Own view: 2.3, clearly less than the others with 4.0 (3.4 to 4.5).",
    "The others say 3.2 (2.6 to 3.7), clearly less than 4.5. Raters agree strongly.",
    "Raters agree very strongly.",
    "clearly higher, by 3 statements that both rounds have",
    "no clear change, by 3 statements that both rounds have",
    "Asked for is 4.5; the others say 3.2.",
    "Peers: Hardly ever: 0, Seldom: 1, Sometimes: 6, Often: 2, Nearly always: 0",
)
"""In all of them: who answered, what for, gaps and how sure they are, agreement, trends, shortfalls, spreads."""
ON_BOTH = (
    "Fit with Abteilungsleiterin Qualitätssicherungsmanagement",
    "65 of 100.",
    "Means of Listening to others by statement and rater group",
    "in nine of ten cases",
    "Importance",
    "Asked for",
)


def test_page_pdf_and_excel_say_the_same(results: Results, visit):
    snapshot, ines = crowded(results.reviews), visit(results.reviews.school.ines)
    page = ines.get(results.address(snapshot)).text
    pdf = ines.get(results.address(snapshot, "/result.pdf")).data
    workbook = ines.get(results.address(snapshot, "/result.xlsx")).data

    shown = without_spaces(unescape(re.sub("<[^>]*>", "", page)))
    read = without_spaces("".join(each.text for each in pages_of(pdf)))
    [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name(sheet).to_python()
    told = without_spaces(" ".join(str(cell) for row in rows for cell in row))

    assert [each for each in (*SAYS, *ON_BOTH) if without_spaces(each) not in shown] == []
    assert [each for each in (*SAYS, *ON_BOTH) if without_spaces(each) not in read] == []
    assert [each for each in SAYS if without_spaces(each.removeprefix("Peers: ")) not in told] == []
    assert {row[0] for row in rows[1:]} >= {"Competency", "Statement", "Importance", "Shortfall", "Comment"}
    # The radar with what is asked for: five groups, and the target behind them.
    assert (page.count('class="radar-line-'), page.count('<path class="radar-target"')) == (5, 2)
    assert "Target: Abteilungsleiterin Qualitätssicherungsmanagement 3.5" in page


def test_its_tags_are_those_of_a_report(pdf: bytes):
    tags = pdf_ua.tags_of(pdf)

    assert (tags.count("/H1"), tags.count("/H2"), tags.count("/Figure")) == (1, 6, 1)
    assert tags.count("/Table") >= 1 + len(NAMES)
    assert tags.count("/LI") >= WORDED
    with pikepdf.open(io.BytesIO(pdf)) as document:
        [figure] = _objects(document, "/Figure")
        assert f"{NAMES[0]}: Self 4.0" in str(figure.Alt)
        assert "Target: " in str(figure.Alt)


# That the judges find what is wrong

BAD = {
    "<p style='white-space: nowrap'>" + "Too wide. " * 30 + "</p>": "ink in the right margin",
    "<p style='margin-left: -9mm'>Too far left.</p>": "ink in the left margin",
    "<p>One line.</p><p style='margin-top: -6mm'>And one upon it.</p>": "'",
}


@pytest.mark.parametrize(("html", "said"), BAD.items(), ids=["wide", "left", "upon"])
def test_what_is_not_good_paper_is_seen(html: str, said: str):
    import weasyprint

    page = f"<style>@page {{margin: 16mm}} p {{margin: 0}}</style><body>{html}"
    found = looking_at_pdf.faults_of(pages_of(weasyprint.HTML(string=page).write_pdf()), EMPTY)

    assert any(said in fault for fault in found)


def _drop(*keys: str, of: str = "", within: str = "") -> Spoil:
    """Leaves keys out of all tags of this name, or of all objects that have them."""

    def spoil(document: pikepdf.Pdf) -> None:
        for each in _objects(document, of):
            inner: Any = each.get(within) or {} if within else each
            for key in set(keys) & set(inner.keys()):
                del inner[key]

    return spoil


def _call(name: str, other: str) -> Spoil:
    def spoil(document: pikepdf.Pdf) -> None:
        for each in _objects(document, name):
            each["/S"] = pikepdf.Name(other)

    return spoil


def _empty(document: pikepdf.Pdf) -> None:
    for each in _objects(document, "/H1"):
        each["/K"] = pikepdf.Array([])


def _paint(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"0 0 9 9 re f")


def _objects(document: pikepdf.Pdf, name: str) -> list[Any]:
    found: list[Any] = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
    return [each for each in found if not name or each.get("/S") == name]


SPOILED: dict[str, Spoil] = {
    "it has no language": _drop("/Lang"),
    "its title is not shown": _drop("/ViewerPreferences"),
    "does not say that it is tagged": _drop("/MarkInfo"),
    "there are no tags": _drop("/StructTreeRoot"),
    "does not say that it is PDF/UA-1": _drop("/Metadata"),
    "a picture does not say what it shows": _drop("/Alt", of="/Figure"),
    "the head of a table does not say": _drop("/Scope", of="/TH", within="/A"),
    "a cell belongs to no heads": _drop("/Headers", of="/TD", within="/A"),
    "a table has no heads": _call("/TH", "/TD"),
    "an H3 follows an H1": _call("/H2", "/P"),
    "begin with other than one H1": _call("/H1", "/P"),
    "in a list there are": _call("/LI", "/Div"),
    "stands outside of a list": _call("/L", "/Div"),
    "in a row there are": _call("/TD", "/P"),
    "is not embedded": _drop("/FontFile", "/FontFile2", "/FontFile3"),
    "does not say which signs it draws": _drop("/ToUnicode"),
    "marked, and in no tag": _empty,
    "shows something that has no tag": _paint,
}


def test_what_cannot_be_read_without_seeing_is_found(pdf: bytes):
    """All spoiled one after the other, each of them is seen."""
    assert {said for said, spoil in SPOILED.items() if _is_seen(said, spoil, pdf)} == set(SPOILED)


def _is_seen(said: str, spoil: Spoil, pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        spoil(document)
        file = io.BytesIO()
        document.save(file)
    return any(said in fault for fault in pdf_ua.faults_of(file.getvalue()))


# The radar on paper


def test_words_stand_over_the_picture_and_run_as_they_are_written():
    figure = paper_radar.figure(drawn(5, 2, names=("Listening", NAMES[ARABIC], NAMES[4], NAMES[8], "Learning")))

    assert '<p class="radar-word" dir="rtl"' in figure
    assert figure.count('dir="rtl"') == 3, "one name in three lines"
    assert "&lt;b&gt;" in figure
    assert "<b>" not in figure


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Hello", "ltr"),
        ("", "ltr"),
        ("12, שלום", "rtl"),
        ("الاستماع is Arabic", "rtl"),
        ("我认为", "ltr"),
        ("🎉 ok", "ltr"),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text: str, direction: str):
    assert paper_radar.direction_of(text) == direction
