"""What Moodle's elements say: texts with their formats and files, numbers, yes or no."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from quizzes.bank.numbers import kept_number
from quizzes.formats.pictures import Named, decoded
from quizzes.formats.texts import MOODLE, Written
from quizzes.marking import FINEST
from quizzes.rich import TextFormat

Element = Any
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


def by_tag(element: Element) -> dict[str, Element]:
    """The children of an element, the first of each tag: looking for them one by one takes most of the time."""
    found: dict[str, Element] = {}
    for child in element:
        found.setdefault(child.tag, child)
    return found


def text_of(element: Element | None, usual: str, pictures: Named) -> Written:
    """A text with its format, its pictures named by their keys."""
    if element is None:
        return usual, ""
    text = ""
    for child in element:
        if child.tag == "text":
            text = text or (child.text or "").strip()
        elif child.tag == "file":
            _add_file(child, pictures)
    how = FORMATS.get(element.get("format") or "", usual)
    return how, pictures.with_keys(text or (element.text or "").strip())


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


def is_yes(said: str, usual: bool) -> bool:
    return usual if not said else said.strip().lower() in ("1", "true", "yes")
