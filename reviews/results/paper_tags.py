"""What WeasyPrint leaves open in the tags of a PDF, put right before it is written (ISO 14289-1, ISO 32000-1).

Heads of tables do not say which way they speak, words that are set over a picture stand beside it, and what stands in
the margins of a page is marked as if it belonged to the text, and then does not stand in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Objects = Mapping[bytes, Any]
"""Of the PDF, by reference, as pydyf has them."""


def finish(_document: Any, pdf: Any) -> None:
    """Called by WeasyPrint once everything else is there."""
    objects: Objects = {each.reference: each for each in pdf.objects}
    root = objects[pdf.catalog["StructTreeRoot"]]
    [top] = root["K"]
    tags = list(_within(objects[top], objects))
    for tag in tags:
        if tag["S"] == "/TH":
            _say_scope(tag, objects)
        elif tag["S"] == "/Figure":
            _take_words(tag, objects)
    in_text = {tag.reference for tag in tags}
    for tag in objects.values():
        if _is_tag(tag) and tag.reference not in in_text:
            _set_aside(tag, objects)
            _disown(tag, objects[root["ParentTree"]]["Nums"])


def _within(tag: Any, objects: Objects) -> Iterator[Any]:
    yield tag
    for kid in tag["K"]:
        if _is_tag(found := objects.get(kid) if isinstance(kid, bytes) else None):
            yield from _within(found, objects)


def _is_tag(found: Any) -> bool:
    return isinstance(found, dict) and found.get("Type") == "/StructElem"


def _say_scope(head: Any, objects: Objects) -> None:
    """14.8.5.7 of ISO 32000-1: those of the table's head stand above columns, all others before rows."""
    above = objects[objects[head["P"]]["P"]]
    head["A"]["Scope"] = "/Column" if above["S"] == "/THead" else "/Row"


def _take_words(figure: Any, objects: Objects) -> None:
    """Words that stand over a picture belong to it: its description says them in their place."""
    around = objects[figure["P"]]
    for reference in [each for each in around["K"] if each != figure.reference]:
        around["K"].remove(reference)
        objects[reference]["P"] = figure.reference
        figure["K"].append(reference)


def _set_aside(tag: Any, objects: Objects) -> None:
    """14.8.2.2 of ISO 32000-1: titles and page numbers in the margins are artifacts."""
    numbers = {each for each in tag["K"] if isinstance(each, int)}
    content = objects[objects[tag["Pg"]]["Contents"]].stream
    for place, piece in enumerate(content):
        if isinstance(piece, dict) and piece.get("MCID") in numbers:
            content[place - 1 : place + 1] = ["/Artifact", type(piece)({"Type": "/Pagination"})]


def _disown(tag: Any, numbered: list[Any]) -> None:
    """It is nobody's, and is not written: pages and what is linked take turns with who owns what is marked there."""
    for owners in numbered[1::2]:
        if isinstance(owners, list):
            owners[:] = [b"null" if each == tag.reference else each for each in owners]
    tag.free = "f"
