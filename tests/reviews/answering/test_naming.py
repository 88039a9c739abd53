"""What in a comment its writer is warned of."""

from __future__ import annotations

import pytest

from reviews.answering.naming import Found, FoundKind, Names, found_in

NAMES = Names(["Maya Okafor", "Will Hope", "José García", "Anna-Lena von der Heide", "李明", "Leo Baum"], "Leo Baum")


def named(text: str) -> list[str]:
    return [found.words for found in found_in(text, NAMES) if found.kind is FoundKind.NAME]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Works well with Maya.", ["Maya"]),
        ("maya said so, and so did OKAFOR", ["maya", "OKAFOR"]),
        ("It was Maya's idea.", ["Maya's"]),
        ("Ask Jose Garcia.", ["Jose", "Garcia"]),
        ("Anna or Lena from the heath", ["Anna", "Lena"]),
        ("和李明一起工作", ["李明"]),
        ("Leo should go on.", []),
        ("I hope that will do.", []),
        ("Will this do? Hope so.", []),
        ("He asked Will about it.", ["Will"]),
        ("Mayan art, and the key is under der Matte.", []),
        ("", []),
    ],
)
def test_names_of_the_course_are_found(text: str, expected: list[str]):
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to a.b@example.org.", [Found(FoundKind.MAIL, "a.b@example.org")]),
        ("Call +49 30 1234567 or (030) 123-4567.", ["+49 30 1234567", "(030) 123-4567"]),
        ("Between 2019 - 2024, on 12.11.2025 and 2025-11-12, twice in 3 months.", []),
        ("It cost 1,250,000 in all.", []),
        ("What an Idiot.", [Found(FoundKind.INSULT, "Idiot")]),
        ("A classic assessment.", []),
    ],
)
def test_mail_phone_numbers_and_insults_are_found(text: str, expected: list[object]):
    found = found_in(text, NAMES)

    assert [each if isinstance(want, Found) else each.words for each, want in zip(found, expected, strict=True)] == (
        expected
    )


def test_what_stands_there_twice_is_told_once():
    assert found_in("Maya, Maya and Maya.", NAMES) == [Found(FoundKind.NAME, "Maya")]
