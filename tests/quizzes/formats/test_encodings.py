"""Bytes become letters, and it is told where that was a guess."""

from __future__ import annotations

import pytest

from quizzes.formats.encodings import decoded
from quizzes.formats.model import Place
from quizzes.formats.reports import Finding, Odd, Reporter, Severity

WORDS = "Größe, naïve, – 12 €"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (WORDS.encode("utf-8-sig"), "utf-8"),
        (WORDS.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("utf-32"), "utf-32-le"),
    ],
)
def test_what_a_file_says_of_its_letters_is_believed(content: bytes, encoding: str):
    report = Reporter()

    assert decoded(content, report) == (WORDS, encoding)
    assert report.done().findings == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "windows-1252"])
def test_what_is_guessed_is_told(encoding: str):
    report = Reporter()

    assert decoded(WORDS.encode(encoding), report) == (WORDS, encoding)
    assert report.done().findings == (Finding(Severity.NOTE, Odd.GUESSED, about={"encoding": encoding}),)


def test_a_damaged_text_stays_what_it_is_but_for_the_damage():
    report = Reporter()

    text, encoding = decoded(f"{WORDS}\n{WORDS}".encode()[:-1] + b"\xff\xe2", report)

    assert (text, encoding) == (f"{WORDS}\n{WORDS[:-1]}���", "utf-8")
    assert report.done().findings == (Finding(Severity.LOSS, Odd.BAD_SIGNS, Place(2), {"number": 3}),)


def test_line_ends_are_one_and_steering_signs_go():
    assert decoded(b"a\r\nb\rc\x00\x07\td", Reporter()) == ("a\nb\nc\td", "utf-8")
