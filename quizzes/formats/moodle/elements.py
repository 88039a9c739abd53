"""What Moodle's elements say: texts with their formats and files, numbers, yes or no."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from quizzes.bank.numbers import kept_number
from quizzes.formats.pictures import Named, decoded
from quizzes.formats.texts import MOODLE, Written
from quizzes.marking import FINEST
from quizzes.rich import TextFormat

Element = Any
_WHOLE = re.compile(r"-?\d{1,6}")
FORMATS = {
    "html": TextFormat.HTML.value,
    "moodle_auto_format": MOODLE,
    "plain_text": TextFormat.PLAIN.value,
    "markdown": TextFormat.MARKDOWN.value,
}
WORDS = {TextFormat.HTML: "html", TextFormat.PLAIN: "plain_text", TextFormat.MARKDOWN: "markdown"}


def said(element: Element | None) -> str:
    """What an element says in words: in a `text` of its own or by itself."""
    if element is None:
        return ""
    for child in element:
        if child.tag == "text":
            return (child.text or "").strip()
    return (element.text or "").strip()


def by_tag(element: Element) -> dict[str, list[Element]]:
    """The children of an element by their tags: looking for them one by one takes most of the time."""
    found: dict[str, list[Element]] = {}
    for child in element:
        tag = child.tag
        if tag in found:
            found[tag].append(child)
        else:
            found[tag] = [child]
    return found


def child_of(element: Element, tag: str) -> Element | None:
    """The first one with this tag."""
    for child in element:
        if child.tag == tag:
            return child
    return None


def text_of(element: Element | None, usual: str, pictures: Named) -> Written:
    """A text with its format, its pictures named by their keys."""
    return (usual, "") if element is None else text_and(element, "", usual, pictures)[0]


def text_and(element: Element, other: str, usual: str, pictures: Named) -> tuple[Written, Element | None]:
    """The same, and the first child with this other tag."""
    text, beside = "", None
    for child in element:
        tag = child.tag
        if tag == "text":
            text = text or (child.text or "").strip()
        elif tag == "file":
            _add_file(child, pictures)
        elif tag == other and beside is None:
            beside = child
    how = FORMATS.get(element.get("format") or "", usual)
    return (how, pictures.with_keys(text or (element.text or "").strip())), beside


def _add_file(file: Element, pictures: Named) -> None:
    name = f"{file.get('path') or '/'}{file.get('name') or ''}"
    pictures.add(name, decoded(file.text or "") if file.get("encoding", "base64") == "base64" else None)


@lru_cache(maxsize=1024)
def number(said: str) -> Fraction | None:
    """A number as Moodle writes it, in which seven decimals may mean a fraction."""
    value = kept_number(said.strip())
    if value is None:
        return None
    near = value.limit_denominator(FINEST)
    return near if abs(near - value) <= Fraction(1, 10**6) and len(said.partition(".")[2]) > 4 else value


def whole_number(said: str) -> int:
    """0 for what is none."""
    return int(said) if _WHOLE.fullmatch(said) else 0


def is_yes(said: str, usual: bool) -> bool:
    return usual if not said else said.strip().lower() in ("1", "true", "yes")
