"""Aiken: a question, its options, and which of them is right."""

from __future__ import annotations

from pathlib import Path

from quizzes.formats import registry
from quizzes.formats.aiken import Wrong
from quizzes.formats.model import Bank, Place, Question
from quizzes.formats.reports import Finding, Odd, Part, Severity
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind

SAMPLE = Path(__file__).parent / "samples" / "everything.txt"


def test_a_file_is_read():
    found = registry.read(SAMPLE.read_bytes(), SAMPLE.name)

    single, true_false, multiple = found.bank.questions
    assert (found.format, found.encoding, found.report.findings) == ("aiken", "utf-8", ())
    assert (single.kind, single.place.line) == (Kind.SINGLE, 1)
    assert [row["text"] for row in single.body["options"]] == ["Finish the mail", "Leave the building", "Take the lift"]
    assert single.body["right"] == [single.body["options"][1]["id"]]
    assert true_false.kind is Kind.TRUE_FALSE
    assert true_false.body == {"text": "The lift may be used\nduring an alarm.", "right": ["false"]}
    assert (multiple.kind, len(multiple.body["right"])) == (Kind.MULTIPLE, 2)


def test_a_space_after_the_bracket_may_be_missing():
    found = registry.read(b"In which year?\nA.D. is meant.\nA)1066\nB)1492\nC) never\nANSWER: B\n", format="aiken")

    [question] = found.bank.questions
    assert question.body["text"] == "In which year?\nA.D. is meant."
    assert [row["text"] for row in question.body["options"]] == ["1066", "1492", "never"]


def test_what_is_wrong_is_told_by_its_line_and_the_rest_is_read():
    spoiled = "No options?\nANSWER: A\n\nNo answer?\nA. One\nB. Two\n\nWhich letter?\nA. One\nB. Two\nANSWER: E\n\n"

    found = registry.read(spoiled.encode() + SAMPLE.read_bytes(), format="aiken")

    assert len(found.bank.questions) == 3
    assert [(each.severity, each.odd, each.place) for each in found.report.findings] == [
        (Severity.ERROR, Wrong.NO_OPTIONS, Place(1, "No options?")),
        (Severity.ERROR, Wrong.NO_ANSWER, Place(4, "No answer?")),
        (Severity.ERROR, Wrong.NO_SUCH_LETTER, Place(11, "Which letter?")),
    ]


def test_what_aiken_cannot_say_is_told():
    rows = rows_of(["Red", "Blue"])
    body = {"text": "Which color?", "options": rows, "right": [rows[0]["id"]], "why": "It is the nicest."}
    asked = Question(kind=Kind.SINGLE, body=body, tags=("color",), title="Color")
    essay = Question(kind=Kind.ESSAY, body={"text": "Why?"}, title="Why")

    written = registry.write(Bank(questions=(asked, essay)), "aiken")

    assert written.content.decode() == "Which color?\nA. Red\nB. Blue\nANSWER: A\n"
    assert [(each.odd, each.about.get("part"), each.about.get("kind")) for each in written.report.findings] == [
        (Odd.NOT_SAID, Part.TITLE, None),
        (Odd.NOT_SAID, Part.TAGS, None),
        (Odd.NOT_SAID, Part.WHY, None),
        (Odd.KIND_NOT_SAID, None, Kind.ESSAY),
    ]


def test_letters_of_windows_are_taken_for_what_they_are_and_told():
    found = registry.read("Où êtes-vous ?\nA. Là\nB. Ici\nANSWER: A\n".encode("cp1252"))

    assert found.encoding == "windows-1252"
    assert found.bank.questions[0].body["text"] == "Où êtes-vous ?"
    assert found.report.findings == (Finding(Severity.NOTE, Odd.GUESSED, about={"encoding": "windows-1252"}),)
