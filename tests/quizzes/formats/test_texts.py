"""Texts of files as pages may show them: a quick look leaves the same as the sanitizer does."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from quizzes import rich
from quizzes.formats.model import NOWHERE
from quizzes.formats.reports import Reporter
from quizzes.formats.texts import clean
from quizzes.rich import TextFormat

PIECES = [
    *("<p>", "</p>", "<b>", "</b>", "<em>", "</em>", "<sub>", "</sub>", "<br>", "<br/>", "<P>", "<p class='x'>", "<s>"),
    *("<script>", "</script>", "<li>", "<a href='https://a.example'>", "</a>", "<!-- x -->", "<p", "</"),
    *("&amp;", "&lt;", "&nbsp;", "&", "<", ">", '"', "'", "=", "\xa0", "\r", "\n", "\t", "\x0c", "\x00", "\ufeff"),
    *("word", " ", "é", "\U0001f600", "\ufffe", "1 < 2"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("<p>What is <b>this</b>?</p>")
@example("<p>One<br>two</p><p>three</p>")
@example("<b><p>inside</p></b>")
@example("<p><p>twice</p></p>")
@example("<p><b>open</p></b>")
def test_marked_up_texts_stay_as_the_sanitizer_leaves_them(text: str):
    found = clean(text, TextFormat.HTML, NOWHERE, Reporter())

    assert found == (rich.kept(text, TextFormat.HTML) if "<" in text or "&" in text else text)


def test_scripts_are_told_however_they_are_written():
    told = []
    for text in ('<p onclick="x()">a</p>', '<a href="JavaScript :x()">a</a>', "<P ONLOAD = x>", "<p>On time = now</p>"):
        report = Reporter()
        clean(text, TextFormat.HTML, NOWHERE, report)
        told.append([each.about["what"] for each in report.done().findings])

    assert told == [["onclick"], ["javascript"], ["onload"], []]
