"""Texts of ours as XML, and XML that is made piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

from lxml import etree

from quizzes.formats.qti.content import VOID
from quizzes.formats.safe_xml import Element
from quizzes.kinds.gaps import GAP

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
InText = Callable[[str], Element]
"""What stands where a gap with this id is."""


def made(tag: str, *children: Element | str | None, **attributes: str | None) -> Element:
    """An element; attributes without a value are left out."""
    element = etree.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            element.set(name.rstrip("_"), xml_text(value))
    for child in children:
        if isinstance(child, str):
            add_text(element, child)
        elif child is not None:
            element.append(child)
    return element


def xml_text(text: str) -> str:
    return _NO_XML.sub("", text)


def add_text(element: Element, text: str) -> None:
    text = xml_text(text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def filled(element: Element, html: str, named: Callable[[str], str], gap: InText | None = None) -> Element:
    """The element with this HTML in it, its pictures called as `named` says."""
    _Filler(element, named, gap).fill(html)
    return element


class _Filler(HTMLParser):
    def __init__(self, element: Element, named: Callable[[str], str], gap: InText | None) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [element]
        self.named, self.gap = named, gap

    def fill(self, html: str) -> None:
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = etree.SubElement(self.open[-1], tag)
        for name, value in attrs:
            element.set(name, xml_text(self.named(value or "") if name == "src" else value or ""))
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.gap is None:
            add_text(self.open[-1], data)
            return
        for place, part in enumerate(GAP.split(data)):
            if place % 2:
                self.open[-1].append(self.gap(part))
            else:
                add_text(self.open[-1], part)


def classes(words: Iterable[str]) -> str | None:
    return " ".join(words) or None
