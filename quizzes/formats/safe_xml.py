"""XML of strangers: no entities of their own, no DTDs, no network, bounded depth. Every reader of XML parses here.

What is refused is told as an `Odd` with its line, ready for a `Reporter`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from quizzes.formats.model import Place
from quizzes.formats.reports import Odd, Reporter

SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How every reader of XML parses: a file brings no entities, fetches nothing, and is no deeper than anybody writes."""
Element = Any
"""An element of lxml, which brings no types."""


@dataclass
class NotRead(Exception):
    """The bytes are no XML that is read here."""

    odd: Odd
    line: int = 0
    what: str = ""

    def tell(self, report: Reporter, item: str = "") -> None:
        report.error(self.odd, Place(self.line, item), what=self.what)


def parsed(content: bytes) -> Element:
    """The outermost element, without comments and processing instructions.

    Raises NotRead. A DOCTYPE without entities is passed over: QTI 1.2 has one.
    """
    if defines_entities(content):
        raise NotRead(Odd.ENTITIES, content.count(b"\n", 0, content.find(b"<!ENTITY")) + 1)
    try:
        return etree.fromstring(content, parser())
    except etree.XMLSyntaxError as wrong:
        line, _column = wrong.position
        raise NotRead(Odd.BAD_XML, line or 0, str(wrong.msg or "").split(", line")[0]) from None
    except (ValueError, LookupError) as wrong:
        raise NotRead(Odd.BAD_XML, what=str(wrong)) from None


def parser() -> Any:
    return etree.XMLParser(**SAFE)


def defines_entities(content: bytes) -> bool:
    """Whatever its letters are: of UTF-16 every other byte is nothing."""
    plain = content.replace(b"\x00", b"") if b"\x00" in content[:200] else content
    return b"<!ENTITY" in plain and b"<!DOCTYPE" in plain


def name_of(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
