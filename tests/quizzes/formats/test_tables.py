"""Tables as CSV and Excel: as people make them, as we write them, and as nobody should send them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.model import Bank, Question
from quizzes.formats.reports import Odd, Part, Severity
from quizzes.formats.tables.columns import Wrong
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from quizzes.rich import TextFormat

SAMPLE = Path(__file__).parent / "samples" / "everything.csv"


def read(text: str) -> Reading:
    return registry.read(text.encode(), format="csv")


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def spoken(question: Question) -> tuple[Kind, list[str], list[str]]:
    options = {row["id"]: row["text"] for row in question.body.get("options", ())}
    return question.kind, list(options.values()), [options.get(each, each) for each in question.body.get("right", ())]


def test_a_table_is_read_as_people_make_it():
    found = registry.read(SAMPLE.read_bytes(), SAMPLE.name)

    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth = found.bank.questions
    assert found.format == "csv"
    assert spoken(first) == (Kind.SINGLE, ["Finish the mail", "Leave", "Take the lift"], ["Leave"])
    assert (first.maximum, first.category, first.tags) == (2.0, ("Safety", "Fire"), ("fire", "first day"))
    assert (first.difficulty, first.body["why"]) == (1, "Everything else can wait.")
    assert list(first.feedback.values()) == ["Yes."]
    assert spoken(second) == (Kind.MULTIPLE, ["A plant", "An exit sign", "A lamp"], ["An exit sign", "A lamp"])
    assert spoken(third) == (Kind.TRUE_FALSE, [], ["false"])
    assert (fourth.kind, fourth.body["answers"]) == (Kind.NUMERIC, [{"value": "3", "tolerance": "0.5"}])
    assert (fifth.kind, fifth.body["answers"]) == (Kind.SHORT_TEXT, [{"text": "fire alarm"}])
    assert sixth.kind is Kind.ESSAY
    assert spoken(seventh) == (Kind.SINGLE, ["-1", "=1", "2"], ["-1"])
    assert [row["text"] for row in eighth.body["items"]] == ["Hear", "Leave", "Be counted"]
    assert [row["text"] for row in ninth.body["rows"]] == ["Warden", "Brigade"]
    assert [row["text"] for row in ninth.body["choices"]] == ["counts people", "puts out the fire", "sleeps"]
    assert (tenth.kind, tenth.maximum) == (Kind.DESCRIPTION, 0.0)
    assert [(each.odd, each.place.line, each.about["what"]) for each in found.report.findings] == [
        (Wrong.COLUMN, 2, "Notes"),
        (Odd.BAD_VALUE, 8, "points"),
    ]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ('=HYPERLINK("http://elsewhere"),a,b,1', Wrong.FORMULA),
        (f"{'x' * 4_000_000},a,b,1", Wrong.ODD_ROW),
        (f"{'x' * 110_000},a,b,1", Wrong.LONG_CELL),
        ("Which?,a,b,3", Wrong.NO_SUCH_OPTION),
        ("Which?,,,", Wrong.NO_ANSWER),
    ],
    ids=["formula", "huge", "long", "no option", "no answer"],
)
def test_a_bad_row_is_told_and_the_next_one_is_read(row: str, wrong: Wrong):
    found = read(f"question,option 1,option 2,right\n{row}\nGood?,a,b,1\n")

    assert [each.body["text"] for each in found.bank.questions] == ["Good?"]
    assert [(each.severity, each.odd, each.place.line) for each in found.report.findings] == [
        (Severity.ERROR, wrong, 2)
    ]


def test_a_table_without_a_header_is_refused_in_one_sentence():
    found = read("What is this?,a,b,1\n")

    assert [each.odd for each in found.report.findings] == [Wrong.NO_HEADER]


def test_what_is_written_is_computed_by_no_spreadsheet():
    rows = rows_of(["=1+1", "+2", "-3", "@home", "\t=4", "'=5"])
    body = {"text": "=cmd|'/c calc'!A1", "options": rows, "right": [rows[0]["id"]]}
    bank = Bank(questions=(Question(kind=Kind.SINGLE, body=body),))

    as_csv = list(csv.reader(io.StringIO(registry.write(bank, "csv").content.decode("utf-8-sig"))))
    as_excel = CalamineWorkbook.from_filelike(io.BytesIO(registry.write(bank, "excel").content))

    wanted = ["single", "'=cmd|'/c calc'!A1", "plain", "1", "'=1+1", "'+2", "'-3", "'@home", "'\t=4", "''=5"]
    assert as_csv[1] == wanted
    assert as_excel.get_sheet_by_index(0).to_python()[1] == wanted


def test_cells_of_a_workbook_are_what_they_show():
    content = workbook(
        [
            ["Question", "Option 1", "Option 2", "Right"],
            ["What is 1 + 1?", 2, 3.5, 1],
            ["Two lines\nof text", "Yes", "No", "Yes"],
        ]
    )

    found = registry.read(content, "quiz.xlsx")

    assert found.format == "excel"
    assert [spoken(each) for each in found.bank.questions] == [
        (Kind.SINGLE, ["2", "3.5"], ["2"]),
        (Kind.SINGLE, ["Yes", "No"], ["Yes"]),
    ]
    assert found.bank.questions[1].body["text"] == "Two lines\nof text"


def test_scripts_in_cells_are_taken_out():
    found = read("question,format,right\n<b>Why</b><script>alert(1)</script>?,html,yes\n")

    assert found.bank.questions[0].text_format is TextFormat.HTML
    assert found.bank.questions[0].body["text"] == "<b>Why</b>?"
    assert [each.odd for each in found.report.findings] == [Odd.CLEANED]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_is_no_workbook_is_told(content: bytes):
    found = registry.read(content, format="excel")

    assert [each.odd for each in found.report.findings] == [Wrong.NO_WORKBOOK]


def test_what_a_row_cannot_hold_is_told():
    gap = {"id": "1", "kind": "short_text", "answers": [{"text": "yes"}]}
    cloze = Question(kind=Kind.CLOZE, body={"text": "Say [[1]].", "gaps": [gap]})
    long = Question(kind=Kind.ESSAY, body={"text": "x" * 40_000})

    written = registry.write(Bank(questions=(cloze, long)), "excel")

    assert [(each.odd, each.about.get("part")) for each in written.report.findings] == [
        (Odd.KIND_NOT_SAID, None),
        (Odd.NOT_SAID, Part.LENGTH),
    ]
