"""A file of Moodle XML, question by question, in memory that does not grow with it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from quizzes.formats.base import About
from quizzes.formats.encodings import decoded
from quizzes.formats.gift.blocks import path_of
from quizzes.formats.model import Path, Place, Question
from quizzes.formats.moodle.elements import Element, said
from quizzes.formats.moodle.questions import question_of
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import SAFE, parser

_QUESTION = re.compile(rb"<question\b.*?</question\s*>", re.DOTALL)
_BEGINS = re.compile(rb"<question\b")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_STEERING = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_BIT = 1 << 20
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")


def questions(content: bytes, report: Reporter, about: About) -> Iterator[Question]:
    content, about.encoding = _in_utf8(content, report)
    if b"<!ENTITY" in content:
        report.error(Odd.ENTITIES)
        return
    about.expected = content.count(b"<question ") - content.count(b'type="category"')
    reader = _Reader(report, about)
    read = 0
    try:
        elements = etree.iterparse(io.BytesIO(content), tag="question", **SAFE)
        for _event, element in elements:
            read += 1
            yield from reader.take(element, 0)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as refused:
        place = Place(refused.lineno or 0)
        if content.rstrip().endswith(b"</quiz>"):
            report.loss(Odd.BAD_XML, place, what=_in_short(refused))
        else:
            report.loss(Odd.BREAKS_OFF, place)
        yield from _apart(content, read, reader, report)


def _in_utf8(content: bytes, report: Reporter) -> tuple[bytes, str]:
    """The file as XML is read, and how it was written. What it says of itself is believed unless it cannot be."""
    declared = _DECLARED.match(content[:200])
    encoding = declared[1].decode().lower() if declared else "utf-8"
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnicodeError
        if encoding == "utf-8":
            _check(content)
            return content, encoding
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        text, encoding = decoded(content, report)
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).encode("utf-8", "replace"), encoding


def _check(content: bytes) -> None:
    """Raises UnicodeError for what is no UTF-8. Bit by bit: as text the whole would take two or four times the room."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for at in range(0, len(content), _BIT):
        decoder.decode(content[at : at + _BIT])
    decoder.decode(b"", final=True)


def _in_short(refused: etree.XMLSyntaxError) -> str:
    return str(refused.msg).partition(", ")[0]


def _apart(content: bytes, read: int, reader: _Reader, report: Reporter) -> Iterator[Question]:
    """The questions after the first `read`, each by itself, so that one that is broken spoils no other."""
    line, at, end = 1, 0, 0
    for number, found in enumerate(_QUESTION.finditer(content)):
        line += content.count(b"\n", at, found.start())
        at, end = found.start(), found.end()
        if number < read:
            continue
        try:
            element = etree.fromstring(_mended(found[0]), parser())
        except etree.XMLSyntaxError as refused:
            report.error(Odd.NOT_READ, Place(line + (refused.lineno or 1) - 1), what=_in_short(refused))
        else:
            yield from reader.take(element, line - 1)
    if rest := _BEGINS.search(content, end):
        report.error(Odd.NOT_READ, Place(content.count(b"\n", 0, rest.start()) + 1), what="<question>")


def _mended(chunk: bytes) -> bytes:
    """Without what XML does not know: entities of HTML become the letters they mean, steering signs go."""
    chunk = chunk.translate(None, _STEERING)
    return _ENTITY.sub(lambda found: found[0] if found[1] in _OF_XML else unescape(found[0].decode()).encode(), chunk)


class _Reader:
    """Knows the topic that questions stand in."""

    def __init__(self, report: Reporter, about: About) -> None:
        self.report, self.about = report, about
        self.category: Path = ()

    def take(self, element: Element, lines: int) -> Iterator[Question]:
        line = lines + (element.sourceline or 0)
        if element.get("type") == "category":
            self.category = path_of(said(element.find("category")))
            self.about.categories.append(self.category)
            for name in ("info", "idnumber"):
                if said(element.find(name)):
                    self.report.loss(Odd.NOT_KEPT, Place(line, "/".join(self.category)), what=f"<{name}>")
            return
        question = question_of(element, self.category, line, self.report)
        if question is not None:
            yield question
