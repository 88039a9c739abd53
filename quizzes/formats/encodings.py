"""Which letters the bytes of a file mean: what it says itself first, then UTF-8, then what Windows used to write."""

from __future__ import annotations

import codecs
import re

from quizzes.formats.model import Place
from quizzes.formats.reports import Odd, Reporter

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WINDOWS = "windows-1252"
_SAMPLE = 4_096
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Signs that no text needs, and that databases and XML refuse."""
_REPLACED = "\ufffd"


def decoded(content: bytes, report: Reporter) -> tuple[str, str]:
    """The text with its lines ended by line feeds, and the name of its encoding.

    It is reported where the encoding was guessed, and where bytes mean no letter: each of those becomes the sign for
    letters that are not known.
    """
    text, encoding = _decoded(content, report)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _STEERING.sub("", text), encoding


def _decoded(content: bytes, report: Reporter) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _replaced(content[len(mark) :], encoding, report), encoding
    if encoding := _wide(content[:_SAMPLE]):
        report.note(Odd.GUESSED, encoding=encoding)
        return _replaced(content, encoding, report), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8", "replace")
    bad = text.count(_REPLACED)
    if sum(map(content.count, _LEADS)) - bad > bad:
        # Most of it is UTF-8: it was damaged, not written otherwise.
        return _replaced(content, "utf-8", report), "utf-8"
    report.note(Odd.GUESSED, encoding=WINDOWS)
    return _replaced(content, "cp1252", report), WINDOWS


_LEADS = [bytes([each]) for each in range(0xC2, 0xF5)]
"""What letters of several bytes begin with in UTF-8."""


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin letters is nothing."""
    half = len(sample) // 2
    if half < 2:
        return ""
    if sample[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > half * 0.7 else ""


def _replaced(content: bytes, encoding: str, report: Reporter) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
    first = text.find(_REPLACED)
    report.loss(Odd.BAD_SIGNS, Place(text.count("\n", 0, first) + 1), number=text.count(_REPLACED))
    return text
