"""What an operator is shown, on a terminal and in the log, of texts that others chose: an LMS, a page, an error."""

from __future__ import annotations

LONGEST_LINE = 160


def printable(text: str) -> str:
    """The text without signs that would steer the terminal, or pass for lines of our own."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def one_line(text: str) -> str:
    """The text on one line and within bounds, with everything that could forge a log line escaped."""
    if text.isprintable() and len(text) <= 80:
        return text
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text[:80])
    return shown[:LONGEST_LINE]
