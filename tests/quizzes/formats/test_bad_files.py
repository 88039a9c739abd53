"""Files as nobody should send them: each is told in a sentence with its line or question, the good ones are read."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from flask import Flask

from quizzes.bank.checking import Wrong as Incomplete
from quizzes.formats import registry, wording
from quizzes.formats.base import Reading
from quizzes.formats.model import Bank, Question
from quizzes.formats.packages import Wrong as OfPackages
from quizzes.formats.reports import Odd, Severity
from quizzes.formats.tables.columns import Wrong as OfTables
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from quizzes.rich import TextFormat

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


@cache
def _one(name: str) -> tuple[str, str]:
    """A file with one item that we write: its name, and what is in it."""
    rows = rows_of(["a", "b"])
    body = {"text": "<p>ASKED</p>", "options": rows, "right": [rows[0]["id"]]}
    said = {f"options/{rows[0]['id']}": "SAID"}
    told = Question(kind=Kind.SINGLE, body=body, text_format=TextFormat.HTML, feedback=said, identifier="called")
    with ZipFile(io.BytesIO(registry.write(Bank(questions=(told,)), name).content)) as package:
        found = {each: package.read(each).decode() for each in package.namelist()}
    return next((each, text) for each, text in found.items() if "ASKED" in text)


def _items(name: str, asked: Sequence[Asked]) -> bytes:
    """An item in a file of its own for each."""
    _name, text = _one(name)
    return zipped(
        {
            f"item{number}.xml": text.replace("called", f"called{number}").replace("ASKED", each).replace("SAID", said)
            for number, (each, said) in enumerate(asked)
        }
    )


def _older(asked: Sequence[Asked]) -> str:
    """All items in one file."""
    _name, text = _one("qti12")
    begin, end = text.index("<item "), text.index("</item>") + len("</item>")
    items = (
        text[begin:end]
        .replace("called", f"called{number}")
        .replace("ASKED", escape(each))
        .replace("SAID", escape(said) or "-")
        for number, (each, said) in enumerate(asked)
    )
    return text[:begin] + "\n".join(items) + text[end:]


CARTRIDGE = """<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><resources>
<resource identifier="r" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="quiz/assessment.xml"/></resource>
</resources></manifest>"""


def qti12(asked: Sequence[Asked]) -> bytes:
    return _older(asked).encode()


def cartridge(asked: Sequence[Asked]) -> bytes:
    return zipped({"imsmanifest.xml": CARTRIDGE, "quiz/assessment.xml": _older(asked)})


def qti21(asked: Sequence[Asked]) -> bytes:
    return _items("qti21", asked)


def qti30(asked: Sequence[Asked]) -> bytes:
    return _items("qti30", asked)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def within(name: str, content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The file with each of its parts changed, where it has parts."""
    if name not in PACKED:
        return change(content)
    with ZipFile(io.BytesIO(content)) as package:
        return zipped({each: change(package.read(each)) for each in package.namelist()})


FILES: Mapping[str, Callable[[Sequence[Asked]], bytes]] = {
    "gift": gift,
    "moodle": moodle,
    "aiken": aiken,
    "csv": comma_separated,
    "excel": excel,
    "qti12": qti12,
    "cartridge": cartridge,
    "qti21": qti21,
    "qti30": qti30,
}
PACKED = ("excel", "cartridge", "qti21", "qti30")
IN_LETTERS = [name for name in FILES if name != "excel"]
ONE_BY_ONE = ("qti21", "qti30")
"""Of which every item is a file of its own."""
LONG = " ".join(f"{n:x}" for n in range(700_000))
"""Four megabytes that no program packs small enough to look like a bomb."""


def read(name: str, *asked: Asked) -> Reading:
    return registry.read(FILES[name](asked), format=format_of(name))


def format_of(name: str) -> str:
    return "qti12" if name == "cartridge" else name


def texts(found: Reading) -> list[str]:
    return [re.sub("</?p>", "", str(each.body["text"])) for each in found.bank.questions]


def errors(found: Reading) -> list[tuple[str, object]]:
    listed = [each for each in found.report.findings if each.severity is Severity.ERROR]
    assert all(each.place.line or each.place.item for each in listed)
    return [(each.odd, each.about.get("wrong")) for each in listed]


@pytest.mark.parametrize("name", IN_LETTERS)
def test_a_text_of_four_megabytes_is_left_out(name: str):
    found = read(name, GOOD, (LONG, ""), ("Good again?", ""))

    told = {"csv": [(OfTables.ODD_ROW, None)]}.get(name, [(Odd.NOT_COMPLETE, Incomplete.TOO_LONG)])
    assert (texts(found), errors(found)) == (["Good?", "Good again?"], told)


def test_what_looks_like_a_formula_is_left_out_of_a_workbook():
    found = read("excel", GOOD, ("=1+1", ""), ("Good again?", ""))

    assert (texts(found), errors(found)) == (["Good?", "Good again?"], [(OfTables.FORMULA, None)])


@pytest.mark.parametrize("name", IN_LETTERS)
def test_a_byte_that_is_no_letter_costs_that_letter(name: str):
    file = FILES[name]([GOOD, (f"Gr{BARE}ße?", ""), ("Straße?", "")])
    file = within(name, file, lambda part: part.replace(BARE.encode(), b"\xc3"))

    found = registry.read(file, format=format_of(name))

    assert texts(found) == ["Good?", "Gr\ufffdße?", "Straße?"]
    assert [(each.odd, each.place.line > 0) for each in found.report.findings] == [(Odd.BAD_SIGNS, True)]


@pytest.mark.parametrize("name", FILES)
def test_ten_thousand_errors_are_counted_and_told_shortly(name: str):
    bad = {"gift": "A } brace", "csv": "=1+1", "excel": "=1+1", "qti21": "Bad &", "qti30": "Bad &"}.get(name, "Bad?")
    file = FILES[name]([GOOD, *[(bad, "")] * 10_000, ("Good again?", "")])
    if name == "aiken":
        file = file.replace(b"Bad?\nA. a\n", b"Bad?\n")
    if name == "moodle":
        file = re.sub(rb'type="multichoice"(?=[^\n]*Bad)', b'type="sum"', file)
    if name in ("qti12", "cartridge"):
        file = within(name, file, _without_kind)
    began = time.process_time()

    found = registry.read(file, format=format_of(name))

    assert time.process_time() - began < 30
    assert found.report.number(Severity.ERROR) == 10_000
    assert len(found.report.findings) < 300
    assert texts(found) == ["Good?", "Good again?"]


def _without_kind(part: bytes) -> bytes:
    """Items that should be reckoned and say nothing that could be, which are no questions here."""
    items = (
        each.replace(b"multiple_choice_question", b"calculated_question") if b"Bad?" in each else each
        for each in part.split(b"<item ")
    )
    return b"<item ".join(items)


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

    found = registry.read(whole[: len(whole) // 2], format=format_of(name))

    if name in PACKED:
        # The table of contents is at the end.
        assert [each.odd for each in found.report.findings] in ([OfTables.NO_WORKBOOK], [OfPackages.DAMAGED])
    elif name == "qti12":
        # One XML file, of which nothing is known before its end: where it breaks off is told.
        assert [(each.odd, each.place.line > 20) for each in found.report.findings] == [(Odd.BAD_XML, True)]
    else:
        assert texts(found)[:20] == [f"Question {number}?" for number in range(20)]
        assert len(found.bank.questions) <= 26
