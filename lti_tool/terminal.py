"""What an operator's terminal is shown of texts that others chose: an LMS, a course page, an error."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text without signs that would steer the terminal, or pass for lines of our own."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
