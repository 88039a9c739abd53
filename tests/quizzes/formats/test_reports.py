"""A report of a bad file is counted whole and stays short; every finding has its sentence."""

from __future__ import annotations

from enum import StrEnum

import pytest

from quizzes.bank.checking import Wrong as Incomplete
from quizzes.formats import registry, wording
from quizzes.formats.model import Place
from quizzes.formats.reports import MOST_ALIKE, Finding, Odd, Part, Reporter, Severity
from quizzes.kinds import Kind

ABOUT = {
    "asked": 3,
    "left": 2,
    "most": 1,
    "format": "GIFT",
    "encoding": "utf-8",
    "number": 3,
    "tried": 8,
    "what": "this",
    "said": "that",
    "now": "HTML",
    "part": Part.TAGS,
    "kind": Kind.ESSAY,
    "wrong": Incomplete.NO_TEXT,
    "id": "a",
    "gap": "1",
    "line": 3,
}


def test_ten_thousand_findings_are_counted_and_the_first_ones_kept():
    report = Reporter()
    for line in range(10_000):
        report.error(Odd.NOT_READ, Place(line), what="x" * 5_000_000 if not line else "x")
    report.loss(Odd.NOT_SAID, part=Part.TAGS, format="GIFT")

    found = report.done()

    assert (found.total, found.untold) == (10_001, 10_000 - MOST_ALIKE)
    assert found.number(Severity.ERROR) == 10_000
    assert found.findings[-1].odd is Odd.NOT_SAID
    assert len(found.findings[0].about["what"]) < 200


def test_everything_odd_is_said_in_a_sentence(app):
    odds: set[StrEnum] = {*Odd, *wording.SENTENCES}
    with app.test_request_context():
        said = {odd: wording.sentence(Finding(Severity.LOSS, odd, about=ABOUT)) for odd in odds}

    assert {odd: each for odd, each in said.items() if not each.endswith((".", "?")) or "%" in each} == {}


def test_every_part_has_a_name():
    assert set(wording.PARTS) == set(Part)


def test_a_finding_says_where(app):
    with app.test_request_context():
        places = [Place(3, "Colors"), Place(3), Place(0, "item1.xml"), Place()]

        assert [wording.where(Finding(Severity.NOTE, Odd.CLEANED, place)) for place in places] == [
            "Line 3, Colors",
            "Line 3",
            "item1.xml",
            "",
        ]


@pytest.mark.parametrize(
    ("content", "odd"),
    [
        (b"", Odd.EMPTY),
        (b"\xef\xbb\xbf \n", Odd.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, Odd.NOT_KNOWN),
        (b"Only some words.\n", Odd.NOT_KNOWN),
        (b"A" * (registry.MOST_BYTES + 1), Odd.TOO_LARGE),
    ],
    ids=["nothing", "blank", "picture", "words", "large"],
)
def test_a_file_that_is_none_of_ours_is_refused_in_one_sentence(content: bytes, odd: Odd):
    found = registry.read(content)

    assert found.bank.questions == ()
    assert [each.odd for each in found.report.findings] == [odd]
