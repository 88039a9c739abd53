"""Things of an interaction as rows of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import is_true, number
from quizzes.formats.qti.slots import Put
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind

Rows = list[dict[str, Any]]
SAID = re.compile(r"\bkind-(\w+)\b")
"""The kind of ours that a file of ours says in the class of its body."""


def said_kind(item: Item) -> Kind | None:
    found = SAID.search("" if item.body is None else item.body.get("class", ""))
    return Kind(found[1]) if found and found[1] in list(Kind) else None


def rows_from(item: Item, elements: Sequence[Element], *, plainly: bool = False) -> tuple[Rows, dict[str, str]]:
    """Rows that say what the elements say, and what the file calls them."""
    rows = rows_of(_words(item, each) if plainly else item.content.html(each) for each in elements)
    for row, each in zip(rows, elements, strict=True):
        if is_true(each, "fixed"):
            row["fixed"] = True
    return rows, {str(row["id"]): each.get("identifier", "") for row, each in zip(rows, elements, strict=True)}


def _words(item: Item, element: Element) -> str:
    """What it says; where that is only a picture, what the file calls it."""
    found = item.content.words(element)
    if not found and len(element):
        item.report.loss(Odd.NOT_KEPT, item.line(element[0]), what=str(element[0].tag))
    return found or element.get("identifier", "")


def unless_shuffled(interaction: Element, rows: Rows) -> Rows:
    """What is not shuffled keeps its place."""
    return rows if is_true(interaction, "shuffle") else [{**row, "fixed": True} for row in rows]


def tell_limits(item: Item, interaction: Element, things: int, what: str = "Choices") -> None:
    """How many may and must be chosen is not kept; of so many things, some limits mean nothing."""
    if 1 < number(interaction, f"max{what}", 1) < things:
        item.report.note(Odd.NOT_KEPT, item.line(interaction), what=f"max{what}")
    if number(interaction, f"min{what}", 0) > 1:
        item.report.note(Odd.NOT_KEPT, item.line(interaction), what=f"min{what}")


def anything(_puts: Sequence[Put | None]) -> bool:
    return True


def turned(names: Mapping[str, str]) -> dict[str, str]:
    return {name: each for each, name in names.items()}


def bare(rows: Rows) -> Rows:
    return [{"id": row["id"], "text": row["text"]} for row in rows]
