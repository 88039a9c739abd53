"""Whether a PDF can be read by those who do not see it: PDF/UA-1 (ISO 14289-1), as far as a program can tell.

Not verapdf, which is written in Java and which nobody here has: the rules that a report of ours could break, read off
the file by pikepdf. Numbers are chapters of ISO 14289-1.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pikepdf

PART = "{http://www.aiim.org/pdfua/ns/id/}part"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
LIST_PARTS = {"/LI", "/Caption", "/L"}
ITEM_PARTS = {"/Lbl", "/LBody"}
TABLE_PARTS = {"/THead", "/TBody", "/TFoot", "/TR", "/Caption"}
CELLS = {"/TH", "/TD"}
SHOWS = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "INLINE IMAGE"}
"""Operators of a page's content that paint something."""


@dataclass
class Tag:
    """One structure element; what stands in it, as tags and as numbers of marked content by page."""

    name: str
    attributes: Mapping[str, Any]
    alt: str
    key: str
    parent: Tag | None
    children: list[Tag] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator[Tag]:
        yield self
        for child in self.children:
            yield from child.walk()


def faults_of(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return list(_faults(document))


def tags_of(pdf: bytes) -> list[str]:
    """The names of all structure elements, in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [each.name for each in _tree(document).walk()]


def _faults(document: pikepdf.Pdf) -> Iterator[str]:
    yield from _of_document(document)
    if "/StructTreeRoot" not in document.Root:
        yield "7.1: there are no tags"
        return
    root = _tree(document)
    tags = list(root.walk())
    yield from _of_headings(tags)
    yield from _of_pictures(tags)
    yield from _of_tables(tags)
    yield from _of_lists(tags)
    yield from _of_content(document, tags)
    yield from _of_fonts(document)


def _of_document(document: pikepdf.Pdf) -> Iterator[str]:
    root: Any = document.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "6.2: it does not say that it is tagged"
    if not str(root.get("/Lang", "")):
        yield "7.2: it has no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "7.1: its title is not shown"
    with document.open_metadata() as said:
        if said.get(PART) != "1":
            yield "5: it does not say that it is PDF/UA-1"
        if not said.get(TITLE):
            yield "7.1: it has no title"


def _of_headings(tags: list[Tag]) -> Iterator[str]:
    levels = [int(tag.name[2]) for tag in tags if re.fullmatch(r"/H[1-6]", tag.name)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"7.4.2: its headings begin with other than one H1: {levels}"
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"7.4.2: an H{level} follows an H{before}"


def _of_pictures(tags: list[Tag]) -> Iterator[str]:
    for tag in tags:
        if tag.name == "/Figure" and not tag.alt:
            yield "7.3: a picture does not say what it shows"


def _of_tables(tags: list[Tag]) -> Iterator[str]:
    for table in (tag for tag in tags if tag.name == "/Table"):
        heads = [tag for tag in table.walk() if tag.name == "/TH"]
        keys = {head.key for head in heads}
        if not heads:
            yield "7.5: a table has no heads"
        if strays := {child.name for child in table.children} - TABLE_PARTS:
            yield f"7.2: in a table there are {strays}"
        for head in heads:
            if str(head.attributes.get("/Scope")) not in ("/Column", "/Row"):
                yield "7.5: the head of a table does not say whether it is that of a row"
        for row in (tag for tag in table.walk() if tag.name == "/TR"):
            if strays := {child.name for child in row.children} - CELLS:
                yield f"7.2: in a row there are {strays}"
        for cell in (tag for tag in table.walk() if tag.name == "/TD"):
            named = [str(each) for each in cell.attributes.get("/Headers", [])]
            if not named or not keys.issuperset(named):
                yield f"7.5: a cell belongs to no heads of its table: {named}"


def _of_lists(tags: list[Tag]) -> Iterator[str]:
    for tag in tags:
        names = {child.name for child in tag.children}
        if tag.name == "/L" and (not names or names - LIST_PARTS):
            yield f"7.2: in a list there are {names or 'no items'}"
        if tag.name == "/LI" and (not names or names - ITEM_PARTS):
            yield f"7.2: in an item of a list there are {names or 'no parts'}"
        if tag.name in ("/LI", "/LBody") and (tag.parent is None or tag.parent.name not in ("/L", "/LI")):
            yield f"7.2: {tag.name} stands outside of a list"


def _of_content(document: pikepdf.Pdf, tags: list[Tag]) -> Iterator[str]:
    """All that is painted is either in the tree, or said to be an artifact; and whoever is in it is painted."""
    wanted = {place for tag in tags for place in tag.marked}
    painted: set[tuple[int, int]] = set()
    for number, page in enumerate(document.pages):
        for place in _painted(page):
            if place is None:
                yield f"7.1: page {number + 1} shows something that has no tag"
            elif place >= 0:
                painted.add((number, place))
    if stray := painted - wanted:
        yield f"7.1: marked, and in no tag: {sorted(stray)[:5]}"


def _painted(page: pikepdf.Page) -> Iterator[int | None]:
    """By what is painted: the number it is marked with, -1 for an artifact, or None."""
    open_marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            open_marks.append(_mark(instruction.operands))
        elif operator == "EMC":
            open_marks.pop()
        elif operator in SHOWS:
            marks = [mark for mark in open_marks if mark is not None]
            yield marks[-1] if marks else None


def _mark(operands: Any) -> int | None:
    if str(operands[0]) == "/Artifact":
        return -1
    return int(operands[1]["/MCID"]) if len(operands) > 1 and "/MCID" in operands[1] else None


def _of_fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for font in document.objects:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
            continue
        if "/ToUnicode" not in font and "/DescendantFonts" in font:
            yield f"7.21.7: {font['/BaseFont']} does not say which signs it draws"
        if "/DescendantFonts" in font or font.get("/Subtype") == "/Type3":
            continue
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.get("/FontDescriptor", {})):
            yield f"7.21.4: {font.get('/BaseFont')} is not embedded"


def _tree(document: pikepdf.Pdf) -> Tag:
    pages = {page.objgen: number for number, page in enumerate(document.pages)}
    [top] = document.Root.StructTreeRoot.K
    return _tag(top, None, pages)


def _tag(element: Any, parent: Tag | None, pages: Mapping[Any, int]) -> Tag:
    attributes = element.get("/A", {})
    tag = Tag(
        str(element.S),
        dict(attributes.items()) if isinstance(attributes, pikepdf.Dictionary) else {},
        str(element.get("/Alt", "")),
        str(element.get("/ID", "")),
        parent,
    )
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            tag.marked.append((pages[element.Pg.objgen], kid))
        elif "/S" in kid:
            tag.children.append(_tag(kid, tag, pages))
    return tag
