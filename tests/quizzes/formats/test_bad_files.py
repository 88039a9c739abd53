"""Files as nobody should send them: each is told in a sentence with its line or question, the good ones are read."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Mapping, Sequence

import pytest
import xlsxwriter
from flask import Flask

from quizzes.bank.checking import Wrong as Incomplete
from quizzes.formats import registry, wording
from quizzes.formats.base import Reading
from quizzes.formats.model import Question
from quizzes.formats.reports import Odd, Severity
from quizzes.formats.tables.columns import Wrong as OfTables

Asked = tuple[str, str]
"""What a question asks, and what is said to its first answer."""
GOOD: Asked = ("Good?", "Well done.")
HEADER = ("question", "option 1", "option 2", "right", "format", "feedback 1")
SCRIPT = "<b>No.</b><script>alert(1)</script>"
BARE = "\x1a"
"""Stands for a byte that is no UTF-8 by itself, and no letter of Windows either."""


def gift(asked: Sequence[Asked]) -> bytes:
    return "".join(f"[html]{text}{{=a#{said}\n~b}}\n\n" for text, said in asked).encode()


def moodle(asked: Sequence[Asked]) -> bytes:
    return (
        "<quiz>\n"
        + "".join(
            f'<question type="multichoice"><questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
            f'<answer fraction="100"><text>a</text><feedback><text><![CDATA[{said}]]></text></feedback></answer>'
            '<answer fraction="0"><text>b</text></answer></question>\n'
            for text, said in asked
        )
        + "</quiz>\n"
    ).encode()


def aiken(asked: Sequence[Asked]) -> bytes:
    return "".join(f"{text}\nA. a\nB. b\nANSWER: A\n\n" for text, _said in asked).encode()


def comma_separated(asked: Sequence[Asked]) -> bytes:
    return "".join([",".join(HEADER) + "\n", *(f"{text},a,b,1,html,{said}\n" for text, said in asked)]).encode()


def excel(asked: Sequence[Asked]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for number, (text, said) in enumerate(asked, start=1):
        sheet.write_row(number, 0, (text, "a", "b", 1, "html", said))
    book.close()
    return file.getvalue()


FILES: Mapping[str, Callable[[Sequence[Asked]], bytes]] = {
    "gift": gift,
    "moodle": moodle,
    "aiken": aiken,
    "csv": comma_separated,
    "excel": excel,
}
IN_LETTERS = [name for name in FILES if name != "excel"]


def read(name: str, *asked: Asked) -> Reading:
    return registry.read(FILES[name](asked), format=name)


def texts(found: Reading) -> list[str]:
    return [str(each.body["text"]) for each in found.bank.questions]


def errors(found: Reading) -> list[tuple[str, object]]:
    listed = [each for each in found.report.findings if each.severity is Severity.ERROR]
    assert all(each.place.line or each.place.item for each in listed)
    return [(each.odd, each.about.get("wrong")) for each in listed]


@pytest.mark.parametrize("name", IN_LETTERS)
def test_a_text_of_four_megabytes_is_left_out(name: str):
    found = read(name, GOOD, ("x" * 4_000_000, ""), ("Good again?", ""))

    told = {"csv": [(OfTables.ODD_ROW, None)]}.get(name, [(Odd.NOT_COMPLETE, Incomplete.TOO_LONG)])
    assert (texts(found), errors(found)) == (["Good?", "Good again?"], told)


def test_what_looks_like_a_formula_is_left_out_of_a_workbook():
    found = read("excel", GOOD, ("=1+1", ""), ("Good again?", ""))

    assert (texts(found), errors(found)) == (["Good?", "Good again?"], [(OfTables.FORMULA, None)])


@pytest.mark.parametrize("name", IN_LETTERS)
def test_a_byte_that_is_no_letter_costs_that_letter(name: str):
    file = FILES[name]([GOOD, (f"Gr{BARE}ße?", ""), ("Straße?", "")]).replace(BARE.encode(), b"\xc3")

    found = registry.read(file, format=name)

    assert texts(found) == ["Good?", "Gr\ufffdße?", "Straße?"]
    assert [(each.odd, each.place.line > 0) for each in found.report.findings] == [(Odd.BAD_SIGNS, True)]


@pytest.mark.parametrize("name", FILES)
def test_ten_thousand_errors_are_counted_and_told_shortly(name: str):
    bad = {"gift": "A } brace", "csv": "=1+1", "excel": "=1+1"}.get(name, "Bad?")
    file = FILES[name]([GOOD, *[(bad, "")] * 10_000, ("Good again?", "")])
    if name == "aiken":
        file = file.replace(b"Bad?\nA. a\n", b"Bad?\n")
    if name == "moodle":
        file = re.sub(rb'type="multichoice"(?=[^\n]*Bad)', b'type="sum"', file)
    began = time.perf_counter()

    found = registry.read(file, format=name)

    assert time.perf_counter() - began < 30
    assert found.report.number(Severity.ERROR) == 10_000
    assert len(found.report.findings) < 300
    assert texts(found) == ["Good?", "Good again?"]


@pytest.mark.parametrize("name", [name for name in FILES if name != "aiken"])
def test_scripts_in_feedback_are_taken_out_and_told(name: str, app: Flask):
    found = read(name, ("Which?", SCRIPT))

    [question] = found.bank.questions
    assert _feedback(question) == ["<b>No.</b>"]
    [finding] = found.report.findings
    with app.test_request_context():
        assert (finding.odd, wording.sentence(finding)) == (
            Odd.CLEANED,
            "Pages here do not show this, so it was taken out: script.",
        )
        assert wording.where(finding) != ""


def _feedback(question: Question) -> list[str]:
    return list(question.feedback.values())


@pytest.mark.parametrize("name", FILES)
def test_half_a_file_gives_what_is_whole_of_it(name: str):
    whole = FILES[name]([(f"Question {number}?", "") for number in range(50)])

    found = registry.read(whole[: len(whole) // 2], format=name)

    if name == "excel":
        assert [each.odd for each in found.report.findings] == [OfTables.NO_WORKBOOK]
    else:
        assert texts(found)[:20] == [f"Question {number}?" for number in range(20)]
        assert len(found.bank.questions) <= 26
